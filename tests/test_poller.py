"""Repeated work: an outage is logged when it begins, when it changes, and when it ends."""

import asyncio
from dataclasses import replace

from structlog.testing import capture_logs

from bot import rules
from bot.backtest import backtest
from bot.errors import PayloadRefused, RankshiftError, SourceUnreachable
from bot.model import BOARD_MODELS, Cause
from bot.pipeline import Poll
from bot.poller import Watched, log_poll
from storage.protocol import Changes
from tests.charts.figures import demo_days, known


def events(outcomes: list[RankshiftError | None]) -> list[str]:
    """Return the log lines of work that ends in these ways, one after the other."""
    left = list(outcomes)

    async def work() -> None:
        outcome = left.pop(0)
        if outcome is not None:
            raise outcome

    async def go() -> list[bool]:
        watched = Watched("rankings", work)
        return [await watched() for _ in outcomes]

    with capture_logs() as logged:
        assert asyncio.run(go()) == [outcome is None for outcome in outcomes]
    return [line["event"] for line in logged]


def test_an_outage_is_logged_once_at_its_start_and_once_at_its_end() -> None:
    down = [SourceUnreachable("answered 500"), SourceUnreachable("connection reset")]
    assert events([None, *down, None, None]) == ["rankings fails", "rankings works again"]


def test_another_kind_of_trouble_is_news() -> None:
    outcomes = [SourceUnreachable("x"), PayloadRefused("here", "broken"), SourceUnreachable("x")]
    assert events(outcomes) == ["rankings fails"] * 3


def test_a_payload_is_refused_with_one_line_however_often_it_is_offered() -> None:
    same = [PayloadRefused("here", "broken"), PayloadRefused("here", "broken")]
    assert events([*same, PayloadRefused("here", "broken otherwise")]) == ["rankings fails"] * 2


async def test_work_never_runs_twice_at_once() -> None:
    running, most = 0, 0

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    watched = Watched("poll", work)
    await asyncio.gather(*(watched() for _ in range(5)))
    assert most == 1


def test_what_becomes_of_a_milestone_is_logged_by_its_key() -> None:
    found = backtest(BOARD_MODELS, demo_days(), known(), rules.discover())
    new, revised, gone = (one for one in found[:3])
    gone = replace(gone, withdrawn=Cause.FIGURES)
    with capture_logs() as logged:
        log_poll(Poll(None, Changes((), ()), (new,), (), (revised, gone)))
    assert [(line["event"], line["key"], line["log_level"]) for line in logged] == [
        ("milestone", new.key, "info"),
        ("milestone revised", revised.key, "info"),
        ("milestone withdrawn", gone.key, "warning"),
    ]
