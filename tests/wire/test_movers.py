"""/movers, typed in a loopback Discord: both languages, little data, odd and hostile input."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import BOARD_MODELS, Openness
from tests.made import START, at, days, directory, verdict
from tests.wire.discord_mentions import walk
from tests.wire.discord_people import Command, Typing
from tests.wire.discord_schema import EVERYDAY, Actor
from tests.wire.inprocess import Connected, connected, typed
from tests.wire.running import texts

MEMBER = Actor(permissions=EVERYDAY)
TURK = replace(MEMBER, locale="tr")
HOSTILE = "@everyone **bold** \u202e<#123> " + "word " * 1200
KNOWN = directory(
    {"a/open": verdict(Openness.OPEN), "b/closed": verdict(Openness.CLOSED)},
    names={"a/open": "Open One", "b/closed": HOSTILE},
)
THEN = {"a/open": 100, "b/closed": 200, "c/gone": 50}
NOW = {"a/open": 300, "b/closed": 200, "d/come": 50}
STORED = tuple(days([THEN] * 7 + [NOW] * 7).values())


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a connected bot without data; the newest day that may be judged is the 14th."""
    async with connected(tmp_path, KNOWN, at(START + timedelta(14)), monkeypatch) as found:
        yield found


async def test_movers_tells_who_moved_and_draws_it(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    reply = await typed(bot, "movers", MEMBER)
    text = "\n".join(texts(reply.components))
    assert text.startswith(
        "## Climbers and fallers on OpenRouter\nOf the top 30, furthest up by 1 place: Open"
    )
    assert "● Open One · open · ▲ up 1, from 2 to 1 · 46.2 % (22.2 % then)" in text
    assert "◆ come · unknown · number 3 now · 7.7 %" in text
    assert "◆ gone · unknown · number 3 then" in text
    assert text.endswith("as of 2026-06-20. Licensed under CC BY 4.0.")
    ((name, content),) = reply.files.items()
    assert name == "movers-2026-06-14.png"
    assert content.startswith(b"\x89PNG")
    (alt,) = [
        item["description"] for one in walk(reply.components) for item in one.get("items", [])
    ]
    assert "Climbers: Open One (open) up 1, from 2 to 1, share of all tokens 46.2 %" in alt
    assert not reply.ephemeral


async def test_movers_in_turkish_to_one_person_alone(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    reply = await typed(bot, "movers", TURK, private=True)
    text = "\n".join(texts(reply.components))
    assert reply.ephemeral
    assert "İlk 30’da en çok yükselen (1 sıra): Open One." in text
    assert "● Open One · açık · ▲ 1 yukarı: 2. sıradan 1. sıraya · %46,2 (o zaman %22,2)" in text


async def test_hostile_names_are_shown_as_they_are_in_one_short_line(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    reply = await typed(bot, "movers", MEMBER)
    (line,) = [
        each for each in "\n".join(texts(reply.components)).split("\n") if "▼ down 1" in each
    ]
    assert "@everyone" not in line
    assert r"\*\*bold\*\*" in line
    assert "\u202e" not in line
    assert "word… · closed · ▼ down 1, from 1 to 2" in line
    assert reply.seen.payload["allowed_mentions"] == {"parse": []}


async def test_a_week_too_far_back_is_said_kindly_without_a_picture(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    reply = await typed(bot, "movers", MEMBER, days=90)
    text = "\n".join(texts(reply.components))
    assert "the first complete week here ends on 7 June 2026. Please ask for fewer days." in text
    assert reply.files == {}


async def test_a_week_with_a_gap_names_the_missing_day(bot: Connected) -> None:
    gap = START - timedelta(3)
    early = days([THEN] * 17, START - timedelta(17))
    more = [day for when, day in early.items() if when != gap]
    await bot.store.put_days(BOARD_MODELS, (*more, *STORED))
    reply = await typed(bot, "movers", MEMBER, days=14)
    assert "Missing: 29 May 2026." in "\n".join(texts(reply.components))


async def test_no_movement_is_said_plainly_without_a_picture(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, tuple(days([THEN] * 14).values()))
    reply = await typed(bot, "movers", MEMBER)
    text = "\n".join(texts(reply.components))
    assert "No model of the top 30 that is listed in both weeks changed its rank." in text
    assert reply.files == {}


@pytest.mark.parametrize("count", [0, 1])
async def test_without_a_complete_week_it_is_refused_kindly(bot: Connected, count: int) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED[:count])
    reply = await typed(bot, "movers", MEMBER)
    assert reply.ephemeral
    assert ("these days are missing" if count else "No rankings are stored yet") in reply.content


async def test_an_unknown_board_is_refused_with_what_there_is(bot: Connected) -> None:
    await bot.store.put_days(BOARD_MODELS, STORED)
    for board in ("@everyone **x**", "x" * 6000, "category-programming"):
        reply = await typed(bot, "movers", MEMBER, board=board)
        assert reply.ephemeral
        assert reply.content.startswith("There is no board called")
        assert "@everyone" not in reply.content
    assert (await typed(bot, "movers", MEMBER, board="all models")).files


async def test_boards_are_offered_in_the_readers_language(bot: Connected) -> None:
    half = Typing(Command("movers", board=""), "board")
    for actor, name in ((MEMBER, "All models"), (TURK, "Bütün modeller")):
        reply = await bot.discord.interact(half, bot.channel, actor, within=20)
        assert [(one["name"], one["value"]) for one in reply.choices] == [(name, "models")]
