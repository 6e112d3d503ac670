"""/export, typed in a loopback Discord: files of both kinds, odd days, hostile input."""

import csv
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import BOARD_MODELS, Openness
from tests.made import START, at, days, directory, verdict
from tests.wire.discord_mentions import walk
from tests.wire.discord_people import Command, Reply, Typing
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import texts

MEMBER = Actor(permissions=EVERYDAY)
TURK = replace(MEMBER, locale="tr")
KNOWN = directory(
    {"a/open": verdict(Openness.OPEN)},
    names={"a/open": "Open One", "b/evil": "=cmd|' /C calc'!A0", "c/never": "Never Ranked"},
)
STORED = tuple(days([{"a/open": 100, "a/open:free": 20, "b/evil": 200}] * 14).values())


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot with two weeks of days, all of which may be judged."""
    async with connected(tmp_path, KNOWN, at(START + timedelta(14)), monkeypatch) as found:
        await found.store.put_days(BOARD_MODELS, STORED)
        yield found


def file_of(reply: Reply) -> tuple[str, str]:
    """Return the name and the text of the one file, which the card shows."""
    ((name, content),) = reply.files.items()
    shown = [one["file"] for one in walk(reply.components) if "file" in one]
    assert len(shown) == 1
    return name, content.decode()


def said(reply: Reply) -> str:
    """Return all that the card says."""
    return "\n".join(texts(reply.components))


async def test_export_hands_out_the_rows_of_the_rankings_as_csv(bot: Connected) -> None:
    reply = await typed(bot, "export", MEMBER)
    name, text = file_of(reply)
    assert name == "rankshift-models-2026-06-07-2026-06-14.csv"
    rows = [line for line in text.splitlines() if not line.startswith("# ")]
    found = list(csv.DictReader(rows))
    assert len(found) == 16
    assert found[0]["name"] == "'=cmd|' /C calc'!A0"
    assert found[1]["openness"] == "open"
    assert found[1]["share_percent"] == "28.57"
    assert "16 rows · 8 windows of seven days" in said(reply)
    assert said(reply).endswith("as of 2026-06-20. Licensed under CC BY 4.0.")
    assert not reply.ephemeral


async def test_export_hands_out_published_rows_as_json_in_turkish_privately(
    bot: Connected,
) -> None:
    options = {"chart": "days", "format": "json", "model": "open one", "private": True}
    reply = await typed(bot, "export", TURK, **options)
    name, text = file_of(reply)
    assert name == "rankshift-models-2026-06-01-2026-06-14.json"
    told = json.loads(text)
    assert len(told["rows"]) == 28
    assert {row["model_permaslug"] for row in told["rows"]} == {"a/open", "a/open:free"}
    assert told["note"].startswith("Her sağlayıcı")
    assert "28 satır · 14 gün · 1 Haziran 2026 – 14 Haziran 2026" in said(reply)
    assert reply.ephemeral


async def test_export_keeps_to_the_days_that_were_asked_for(bot: Connected) -> None:
    asked = {"chart": "days", "since": "2026-06-03", "until": "2026-06-04"}
    name, text = file_of(await typed(bot, "export", MEMBER, **asked))
    assert name == "rankshift-models-2026-06-03-2026-06-04.csv"
    dates = [line[:10] for line in text.splitlines() if line.startswith("2026-")]
    assert dates == ["2026-06-03"] * 4 + ["2026-06-04"] * 4


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("2026-06-05", "2026-06-01"), "The last day, 1 June 2026, is before the first one"),
        (("2025-01-01", "2026-06-01"), "are more than 366 days"),
    ],
)
async def test_days_that_make_no_file_are_refused_to_the_person_alone(
    bot: Connected, asked: tuple[str, str], why: str
) -> None:
    reply = await typed(bot, "export", MEMBER, since=asked[0], until=asked[1])
    assert reply.ephemeral
    assert why in reply.content
    assert reply.files == {}


@pytest.mark.parametrize(
    "day", ["yesterday", "2026-02-30", "@everyone **x** \u202e", "9" * 6000, ""]
)
async def test_what_is_no_day_is_refused_to_the_person_alone(bot: Connected, day: str) -> None:
    for option in ("since", "until"):
        reply = await typed(bot, "export", MEMBER, **{option: day})
        assert reply.ephemeral
        assert "is not a date. Please write it as 2026-06-07." in reply.content
        assert "@everyone" not in reply.content


@pytest.mark.parametrize("option", ["model", "board"])
async def test_names_that_are_unknown_are_refused_to_the_person_alone(
    bot: Connected, option: str
) -> None:
    for name in ("@everyone **x** 🦀", "x" * 6000):
        reply = await typed(bot, "export", MEMBER, **{option: name})
        assert reply.ephemeral
        assert "called “" in reply.content
        assert "@everyone" not in reply.content


async def test_a_model_that_was_never_ranked_is_said_to_be_unknown(bot: Connected) -> None:
    reply = await typed(bot, "export", MEMBER, model="never ranked")
    assert "This model is not in the published ranks of 7 June 2026 to 14 June 2026" in said(reply)
    assert reply.files == {}


async def test_stored_days_on_which_no_week_ends_are_told_from_days_without_figures(
    bot: Connected,
) -> None:
    reply = await typed(bot, "export", MEMBER, since="2026-06-02", until="2026-06-03")
    assert (
        "No complete week ends on these days. The first and the last one end on 7 June 2026 and"
        " 14 June 2026."
    ) in said(reply)
    assert reply.files == {}


async def test_days_without_figures_say_which_there_are(bot: Connected) -> None:
    for asked in ({"until": "0001-01-01"}, {"since": "9999-12-31"}):
        reply = await typed(bot, "export", MEMBER, chart="days", **asked)
        assert "There are figures of 1 June 2026 to 14 June 2026." in said(reply)
        assert reply.files == {}


@pytest.mark.parametrize(("count", "rows"), [(0, None), (1, 4)])
async def test_with_little_data_it_gives_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, rows: int | None
) -> None:
    async with connected(tmp_path, KNOWN, at(START + timedelta(14)), monkeypatch) as bot:
        await bot.store.put_days(BOARD_MODELS, STORED[:count])
        ranks = await typed(bot, "export", MEMBER)
        assert ranks.ephemeral
        assert ranks.content
        published = await typed(bot, "export", MEMBER, chart="days")
        assert published.ephemeral == (rows is None)
        if rows:
            assert f"{rows} rows · 1 day" in said(published)


async def test_models_and_boards_are_offered_while_typing(bot: Connected) -> None:
    for option, text, value in (("model", "nevr", "c/never"), ("board", "", "models")):
        half = Typing(Command("export", **{option: text}), option)
        reply = await bot.discord.interact(half, bot.channel, MEMBER, within=20)
        assert [one["value"] for one in reply.choices] == [value]
