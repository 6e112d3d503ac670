"""Polls of a board that meet what is out of the ordinary: logged once each way, and shown."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, MutableMapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import rules
from bot.backfill import backfill, rejudge
from bot.boards import Board
from bot.model import Openness
from bot.openness import Directory
from bot.poller import BoardPoll, Watched
from bot.sources.data_api import BEGINNING
from bot.states import State, StateKind
from tests.keyed import BOARDS, MODELS, Keyed, Rows, every_day, keyed
from tests.made import directory, verdict
from tests.wire.openrouter_server import Fault

DAY = date(2026, 7, 14)
OVER = datetime(2026, 7, 15, tzinfo=UTC)
"""When DAY is over."""

DARK = "lab/dark"
ROWS: Rows = [("closed/a", 1900), ("open/b", 800), ("open/c", 700), ("closed/d", 600)]
WITH_DARK: Rows = [*ROWS, (DARK, 500)]
AUTHORS = {"open": verdict(Openness.OPEN), "closed": verdict(Openness.CLOSED)}
SOME, ALL = directory(authors=AUTHORS), directory({DARK: verdict(Openness.OPEN)}, AUTHORS)
"""What is known: of all models but the dark one, and of that too."""

HELD = "models.open_top5.3.2026-06-22.held"
FAULTS = {
    "source unreachable": (Fault.answer(500), 4),
    "payload refused": (Fault.spoilt("html"), 1),
}


class Bot:
    """A board that is polled as the bot does it, and what was logged of it."""

    def __init__(self, world: Keyed, logged: list[MutableMapping[str, Any]]) -> None:
        self.world = world
        self.logged = logged
        self.known = SOME
        self.start()

    def start(self, board: Board = MODELS) -> None:
        """Start, perhaps again."""

        async def known() -> Directory:
            return self.known

        found = rules.discover()
        poll = BoardPoll(board, self.world.source(board), self.world.store, known, found)
        self._work = Watched("rankings", lambda: poll(self.world.clock()))

    async def polled(self, *hours: float) -> Sequence[State]:
        """Poll so many hours after DAY was over; return what is out of the ordinary then."""
        for each in hours:
            self.world.at(OVER + timedelta(hours=each))
            await self._work()
        return await self.world.store.states()

    def events(self, *names: str) -> list[tuple[str, str | None]]:
        """Return the log lines that begin with a name or `no longer: `, and what they are about."""
        wanted = tuple(begin + name for name in names for begin in ("", "no longer: "))
        told = [line for line in self.logged if line["event"].startswith(wanted)]
        return [(line["event"], line.get("about")) for line in told]


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """Give a bot whose source has a month of days."""
    async with keyed(tmp_path, OVER) as world:
        world.server.keyed.publish(every_day(DAY - timedelta(days=29), DAY, ROWS))
        with capture_logs() as logged:
            yield Bot(world, logged)


def kinds(states: Sequence[State]) -> list[tuple[str, str, datetime]]:
    """Return what the states are, what about, and since when."""
    return [(state.kind, state.subject, state.since) for state in states]


def hour(number: float) -> datetime:
    """Return so many hours after DAY was over."""
    return OVER + timedelta(hours=number)


@pytest.mark.parametrize("kind", FAULTS)
async def test_an_outage_is_a_state_and_logged_by_whoever_polls(bot: Bot, kind: str) -> None:
    fault, attempts = FAULTS[kind]
    assert await bot.polled(27) == ()
    bot.world.server.fail_next("/rankings-daily", fault, times=2 * attempts)
    assert kinds(await bot.polled(27.5)) == [(kind, "KeyedBoard", hour(27.5))]
    assert kinds(await bot.polled(28)) == [(kind, "KeyedBoard", hour(27.5))]
    assert await bot.polled(28.5, 29) == ()
    told = [line["event"] for line in bot.logged if line["log_level"] != "warning"]
    assert told == ["rankings taken in", "rankings fails", "rankings works again"]
    assert bot.events("source unreachable", "payload refused") == []


async def test_a_refused_key_makes_the_source_unreachable(bot: Bot) -> None:
    bot.world.server.keyed.keys.clear()
    (state, *_) = await bot.polled(3)
    assert state.kind is StateKind.UNREACHABLE
    assert "OPENROUTER_API_KEY" in state.detail
    assert bot.world.key not in state.detail


async def test_a_day_that_is_late_is_told_once_and_again_when_it_came(bot: Bot) -> None:
    days = every_day(DAY - timedelta(days=29), DAY, ROWS)
    bot.world.server.keyed.publish({day: rows for day, rows in days.items() if day != DAY})
    assert await bot.polled(3, 5.99) == ()
    late = [("day not published", "2026-07-14", hour(6))]
    assert kinds(await bot.polled(6)) == late
    assert kinds(await bot.polled(7, 9)) == late
    bot.world.server.keyed.publish(days)
    assert "day not published" not in [state.kind for state in await bot.polled(10, 11)]
    assert bot.events("day not") == [
        ("day not published", "2026-07-14"),
        ("no longer: day not published", "2026-07-14"),
    ]


async def test_a_day_that_waits_to_be_settled_is_told_once_and_again_when_it_is(bot: Bot) -> None:
    assert await bot.polled(2.5) == ()
    unsettled = [("day unsettled", "2026-07-14", hour(3))]
    assert kinds(await bot.polled(3)) == unsettled
    assert kinds(await bot.polled(3.5, 5.49)) == unsettled
    assert await bot.polled(5.5, 6) == ()
    assert bot.events("day unsettled") == [
        ("day unsettled", "2026-07-14"),
        ("no longer: day unsettled", "2026-07-14"),
    ]


async def test_what_is_held_by_an_unknown_model_is_told_once_and_again_when_that_is_known(
    bot: Bot,
) -> None:
    world, first = bot.world, date(2026, 6, 15)
    world.server.keyed.publish(every_day(first, date(2026, 7, 12), WITH_DARK))
    assert kinds(await bot.polled(-21, -20)) == [
        ("milestone held", HELD, hour(-21)),
        ("model unknown", DARK, hour(-21)),
    ]
    bot.known = ALL
    world.server.keyed.publish(every_day(first, DAY, WITH_DARK))
    assert await bot.polled(27, 28) == ()
    for name, about in (("milestone held", HELD), ("model unknown", DARK)):
        assert bot.events(name) == [(name, about), (f"no longer: {name}", about)]


async def test_what_a_backfill_found_held_for_long_is_a_state_from_the_next_start_on(
    bot: Bot,
) -> None:
    world, now = bot.world, bot.world.at(hour(12))
    world.server.keyed.publish(every_day(BEGINNING, DAY, WITH_DARK))
    await backfill(MODELS, world.api(), world.store, now, lambda *_: None)
    await rejudge(MODELS, world.store, SOME, rules.discover(), now)
    held = ("milestone held", "models.open_top5.3.2025-01-08.held", now)
    assert held in kinds(await bot.polled(12))
    assert held in kinds(await bot.polled(13))


async def test_a_restart_does_not_tell_again_what_goes_on(bot: Bot) -> None:
    await bot.polled(3)
    await bot.world.restart()
    bot.start()
    await bot.polled(3.5, 7)
    events = [event for event, _ in bot.events("day unsettled")]
    assert events == ["day unsettled", "no longer: day unsettled"]


async def test_a_board_leaves_the_states_of_others_alone_and_weeks_are_never_late(
    bot: Bot,
) -> None:
    legal = BOARDS["category-legal"]
    unsettled = await bot.polled(3)
    assert [state.board for state in unsettled] == ["models"]
    bot.start(legal)
    assert await bot.polled(9) == unsettled
    bot.world.server.keyed.publish({date(2026, 6, 29): WITH_DARK}, **legal.query)
    states = await bot.polled(10)
    assert [(state.board, state.kind) for state in states] == [
        ("models", "day unsettled"),
        (legal.name, "model unknown"),
    ]
    bot.start()
    assert [state.board for state in await bot.polled(11)] == [legal.name]


@pytest.mark.parametrize("kind", FAULTS)
async def test_status_shows_every_kind_while_the_bot_runs(bot: Bot, kind: str) -> None:
    first = date(2026, 6, 15)
    days = every_day(first, DAY, WITH_DARK, less=[DAY - timedelta(days=1)])
    bot.world.server.keyed.publish(days)
    await bot.polled(3)
    fault, attempts = FAULTS[kind]
    bot.world.server.fail_next("/rankings-daily", fault, times=attempts)
    states = await bot.polled(4)
    assert {state.kind for state in states} == {
        *(kind, "day not published", "day unsettled"),
        *("milestone held", "model unknown"),
    }
    shown = await status(bot.world.folder)
    assert all(f"{state.since:%Y-%m-%d %H:%M}  {state.kind}" in shown for state in states)
    listed = json.loads(await status(bot.world.folder, "--format", "json"))["states"]
    assert [each["subject"] for each in listed] == [state.subject for state in states]
    assert [each["detail"] for each in listed] == [state.detail for state in states]


async def status(folder: Path, *arguments: str) -> str:
    """Return what `rankshift status` prints of a data folder."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "status", *arguments),
        env={**kept, "RANKSHIFT_DATA_DIR": str(folder), "COLUMNS": "250"},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()
