"""Data folders of every released version, and of each older format, open here and go on."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import rules
from bot.boards import MODELS
from bot.delivery import Kind
from bot.model import Milestone
from bot.pipeline import poll
from storage.backup import restore
from storage.tinydb_store import TinyDBStore
from tests.storage.making_released import (
    Growing,
    Taking,
    _over,
    figures,
    known,
    opened,
    sending,
)
from tests.storage.released import FOLDER, described, names

MOST_KB = 150
SAME = timedelta(days=3)


def told(name: str) -> dict[str, Any]:
    """Return what a folder must say."""
    said: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return said


@pytest.fixture(params=names())
def name(request: pytest.FixtureRequest) -> str:
    """Return each folder's name."""
    return str(request.param)


@pytest.fixture
def folder(name: str, tmp_path: Path) -> Path:
    """Return a released folder as its owner has it."""
    restore(FOLDER / f"{name}.zip", tmp_path / "data")
    return tmp_path / "data"


def files(folder: Path) -> dict[Path, bytes]:
    """Return the content of every file."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_there_is_a_folder_of_the_first_version_and_one_of_the_older_format() -> None:
    assert {"0.1.0", "format-2"} <= set(names())
    for each in names():
        assert (FOLDER / f"{each}.zip").stat().st_size < MOST_KB * 1024


async def test_a_reader_reads_what_it_said_and_leaves_it(name: str, folder: Path) -> None:
    before = files(folder)
    assert await described(TinyDBStore(folder, writable=False)) == told(name)
    assert files(folder) == before


async def test_a_bot_reads_what_it_said_and_so_does_the_next(name: str, folder: Path) -> None:
    for _ in range(2):
        async with opened(folder) as store:
            assert await described(store) == told(name)


async def test_a_write_changes_nothing_else(name: str, folder: Path) -> None:
    async with opened(folder) as store:
        await store.put_synced_commands("of another day")
        (first, *_) = await store.subscriptions()
        assert await store.amend(first)
    said = told(name)
    said["besides"]["commands"] = "of another day"
    for writable in (False, True):
        store = TinyDBStore(folder, writable=writable)
        assert await described(store) == said
        await store.close()


async def test_it_goes_on_where_it_was_and_tells_nothing_twice(name: str, folder: Path) -> None:
    days, discord = figures(), Taking()
    source, directory = Growing(days), known(days)
    async with opened(folder) as store:
        before = await store.milestones(MODELS.name)
        owed = {row.key for row in await store.open_deliveries()}
        assert owed
        last = max(await store.days(MODELS.name))
        for number in range(_number(days[0].date, last), len(days)):
            source.through, now = number, _over(days[number].date, 5)
            for again in (False, True):
                done = await poll(MODELS, source, store, directory, rules.discover(), now)
                assert not again or (done.milestones, done.deliveries) == ((), ())
            await _all_sent(store, discord, now)
        after = await store.milestones(MODELS.name)
    assert len(after) > len(before)
    _assert_nothing_twice(before, after)
    sent = [row.key for row in discord.taken]
    assert len(set(sent)) == len(sent)
    assert {key for key in owed if not key.startswith("4:")} <= set(sent)
    _assert_each_told_once(discord)
    store = TinyDBStore(folder, writable=False)
    assert await store.milestones(MODELS.name) == after
    assert len(await store.days(MODELS.name)) == len(days)


def _number(first: date, day: date) -> int:
    return (day - first).days


async def _all_sent(store: TinyDBStore, discord: Taking, now: datetime) -> None:
    await sending(store, discord, lambda: now).drain()
    assert await store.open_deliveries() == ()


def _assert_nothing_twice(before: tuple[Milestone, ...], after: tuple[Milestone, ...]) -> None:
    """Assert that what was found later is none of what was known, be it dated days apart."""
    fresh = [one for one in after if one.key not in {each.key for each in before}]
    for one in fresh:
        alike = [
            e for e in before if (e.rule, e.subject, e.withdrawn) == (one.rule, one.subject, None)
        ]
        assert all(abs(one.date - each.date) > SAME for each in alike), one.key


def _assert_each_told_once(discord: Taking) -> None:
    alerts = [row for row in discord.taken if row.kind is Kind.ALERT]
    told = [(row.channel_id, row.language, key) for row in alerts for key in row.milestones]
    assert len(set(told)) == len(told)
