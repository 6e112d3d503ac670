"""Backtests of boards: what they say, that they are computed once, and elsewhere."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.answers.backtest import Backtest
from bot.backtest import backtest, rates, whole_backtest
from bot.errors import BacktestFailed, UnknownName
from bot.model import BOARD_MODELS, Day
from bot.openness import Registry
from bot.packaged import read_boards
from bot.proof import plain_windows
from bot.queries import backtests
from bot.queries.backtests import Backtests
from bot.queries.reference import Reference
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import entry
from tests.made import START, day, days, open_closed
from tests.naive import eventful
from tests.waiting import until

RULES = rules.discover()
WEEKLY = "category-legal"
QUIET, LOUD = {"a/one": 9, "b/two": 5}, {"a/one": 9, "b/two": 99}
TURNS = days([QUIET] * 9 + [LOUD] * 9)
_COMPUTED = 60.0


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    """Return a store in which the second model takes the lead."""
    opened = TinyDBStore(tmp_path, writable=True)
    await opened.put_days(BOARD_MODELS, tuple(TURNS.values()))
    yield opened
    await opened.close()


@pytest.fixture
async def made(store: TinyDBStore) -> AsyncIterator[Backtests]:
    """Return the backtests of the store's boards, closed at the end."""
    found = Backtests(store, Reference(store, Registry("test", {}, {}, {}), read_boards()))
    yield found
    found.close()


async def _of(store: TinyDBStore, held: dict[date, Day], board: str = BOARD_MODELS) -> Backtest:
    """Return the backtest of other days than the store's."""
    await store.put_days(board, tuple(held.values()))
    registry = Registry("test", {}, {}, {})
    found = Backtests(store, Reference(store, registry, read_boards()))
    try:
        return await found.of(board)
    finally:
        found.close()


def _leads(found: Backtest) -> list[tuple[str, date]]:
    return [(one.subject, one.date) for one in found.milestones if one.rule == "leader"]


async def test_a_backtest_is_what_the_rules_find_in_all_stored_days(
    store: TinyDBStore, made: Backtests
) -> None:
    found, known = await made.of(BOARD_MODELS), (await made._reference.directory())
    assert found.milestones == backtest(BOARD_MODELS, TURNS, known, RULES)
    assert _leads(found)
    assert found.ends == tuple(START + timedelta(n) for n in range(6, 18))
    assert found.windows_a_week == 7


async def test_every_rule_is_counted_as_the_terminal_counts_it(tmp_path: Path) -> None:
    world = eventful()
    store = TinyDBStore(tmp_path, writable=True)
    await store.put_days(BOARD_MODELS, tuple(world.days.values()))
    await store.put_catalogue(tuple(world.directory.catalogue.values()))
    made = Backtests(store, Reference(store, world.directory.registry, read_boards()))
    found = await made.of(BOARD_MODELS)
    made.close()
    await store.close()
    windows = plain_windows(BOARD_MODELS, world.days, world.directory)
    counted = rates(found.milestones, RULES, windows, len(found.ends), found.ends[-1])
    assert {one.rule for one in found.milestones} == set(RULES)
    assert 0 < counted.reversed < counted.lasting
    assert (len(found.reversed), sum(found.reversed.values())) == (
        counted.lasting,
        counted.reversed,
    )


async def test_what_is_untrue_within_a_week_is_reversed_and_the_newest_is_not_known_yet(
    tmp_path: Path,
) -> None:
    # The first takes the lead again on the 4th day after, and keeps it; then the days end.
    back = {"a/one": 10**6, "b/two": 99}
    turns = days([QUIET] * 9 + [LOUD] * 5 + [back] * 2)
    store = TinyDBStore(tmp_path, writable=True)
    found = await _of(store, turns)
    await store.close()
    (first, began), (second, last) = _leads(found)
    assert (first, second, last) == ("b/two", "a/one", max(turns))
    assert {one: said for one, said in found.reversed.items() if ".leader." in one} == {
        f"models.leader.b/two.{began}": True
    }


@pytest.mark.parametrize(("after", "said"), [(6, None), (7, False)])
def test_what_is_still_true_is_not_judged_before_its_week_is_over(
    after: int, said: bool | None
) -> None:
    models, known = read_boards()[BOARD_MODELS], days([QUIET] * 9 + [LOUD] * 20)
    ((model, when),) = _leads(whole_backtest(models, known, open_closed()))
    shorter = {day: one for day, one in known.items() if day <= when + timedelta(after)}
    early = whole_backtest(models, shorter, open_closed())
    assert early.reversed.get(f"models.leader.{model}.{when}") is said


async def test_what_stays_true_is_not_reversed(made: Backtests) -> None:
    found = await made.of(BOARD_MODELS)
    ((model, when),) = _leads(found)
    assert found.reversed[f"models.leader.{model}.{when}"] is False


async def test_a_board_of_weeks_has_one_window_a_week_and_its_own_rules(
    tmp_path: Path,
) -> None:
    sunday = date(2026, 6, 7)
    told = [QUIET] * 2 + [LOUD] * 3
    weeks = [day(sunday + timedelta(7 * n), each) for n, each in enumerate(told)]
    store = TinyDBStore(tmp_path, writable=True)
    found = await _of(store, {each.date: each for each in weeks}, WEEKLY)
    await store.close()
    assert found.windows_a_week == 1
    assert found.ends == tuple(sunday + timedelta(7 * n) for n in range(5))
    assert _leads(found) == [("b/two", sunday + timedelta(21))]
    assert {one.rule for one in found.milestones} <= (read_boards()[WEEKLY].rules or set())


async def test_it_is_the_same_until_days_or_catalogue_change(
    store: TinyDBStore, made: Backtests
) -> None:
    first = await made.of(BOARD_MODELS)
    assert await made.of(BOARD_MODELS) is first
    await store.put_days(BOARD_MODELS, [day(18, LOUD)])
    second = await made.of(BOARD_MODELS)
    assert second.ends == (*first.ends, START + timedelta(18))
    await store.put_catalogue([entry("c/three")])
    third = await made.of(BOARD_MODELS)
    assert third is not second
    assert await made.of(BOARD_MODELS) is third


async def test_all_who_ask_at_once_share_one_computation(made: Backtests) -> None:
    first, *others = await asyncio.gather(*(made.of(BOARD_MODELS) for _ in range(5)))
    assert all(each is first for each in others)


async def test_who_gives_up_waiting_takes_nothing_from_the_others(made: Backtests) -> None:
    impatient = asyncio.create_task(made.of(BOARD_MODELS))
    patient = asyncio.create_task(made.of(BOARD_MODELS))
    await until(lambda: made._made)
    impatient.cancel()
    assert (await patient).ends


async def test_only_some_backtests_are_kept(
    made: Backtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtests, "KEPT", 1)
    first = await made.of(BOARD_MODELS)
    assert (await made.of(WEEKLY)).ends == ()
    assert len(made._made) == 1
    assert await made.of(BOARD_MODELS) is not first


@pytest.mark.parametrize("board", ["nonsense", "apps"])
async def test_a_board_whose_days_are_not_kept_is_unknown(made: Backtests, board: str) -> None:
    with pytest.raises(UnknownName):
        await made.of(board)


async def test_it_is_computed_in_another_process_that_ends_when_it_is_not_needed(
    store: TinyDBStore, made: Backtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert multiprocessing.active_children() == []
    await made.of(BOARD_MODELS)
    (worker,) = multiprocessing.active_children()
    monkeypatch.setattr(backtests, "IDLE", 0.0)
    await store.put_days(BOARD_MODELS, [day(18, LOUD)])
    await made.of(BOARD_MODELS)
    await until(lambda: not worker.is_alive())
    await store.put_days(BOARD_MODELS, [day(19, LOUD)])
    assert START + timedelta(19) in (await made.of(BOARD_MODELS)).ends


async def test_it_is_computed_by_another_worker_where_the_first_is_killed(
    store: TinyDBStore, made: Backtests
) -> None:
    await made.of(BOARD_MODELS)
    (worker,) = multiprocessing.active_children()
    await store.put_days(BOARD_MODELS, [day(18, LOUD)])
    asked = asyncio.create_task(made.of(BOARD_MODELS))
    await asyncio.sleep(0)
    worker.kill()
    assert START + timedelta(18) in (await asked).ends


async def test_what_takes_too_long_fails_and_the_next_who_asks_finds_a_fresh_worker(
    store: TinyDBStore, made: Backtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.put_days(BOARD_MODELS, tuple(eventful().days.values()))
    monkeypatch.setattr(backtests, "TIME_LIMIT", 0.01)
    with pytest.raises(BacktestFailed, match=r"models: not done in 0.01 s"):
        await made.of(BOARD_MODELS)
    monkeypatch.undo()
    assert (await made.of(BOARD_MODELS)).ends


async def test_a_worker_that_takes_no_work_any_more_is_given_up(
    store: TinyDBStore, made: Backtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made.of(BOARD_MODELS)
    (worker,) = multiprocessing.active_children()
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGSTOP)
    monkeypatch.setattr(backtests, "TIME_LIMIT", 1.0)
    monkeypatch.setattr(backtests, "GRACE", 0.0)
    await store.put_days(BOARD_MODELS, [day(18, LOUD)])
    with pytest.raises(BacktestFailed):
        await made.of(BOARD_MODELS)
    monkeypatch.undo()
    assert START + timedelta(18) in (await made.of(BOARD_MODELS)).ends


async def test_closed_backtests_say_that_they_failed(made: Backtests) -> None:
    made.close()
    with pytest.raises(BacktestFailed):
        await made.of(BOARD_MODELS)


def test_the_worker_imports_neither_discord_nor_matplotlib() -> None:
    code = (
        "import sys, bot.__main__, bot.worker; from bot.backtest import whole_backtest;"
        "assert not {'discord', 'matplotlib', 'aiohttp', 'tinydb'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=_COMPUTED)
