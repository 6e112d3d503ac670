"""The pace: so many turns a second, none while Discord refuses too much."""

import asyncio
from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from bot.pace import MOST_INVALID, Pace

NOW = datetime(2026, 6, 8, 3, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def test_no_second_has_more_turns_than_discord_allows() -> None:
    pace, loop, moments = Pace(45), asyncio.get_running_loop(), list[float]()

    async def take() -> None:
        await pace.turn()
        moments.append(loop.time())

    await asyncio.gather(*(take() for _ in range(60)))
    spans = [later - earlier for earlier, later in zip(moments, moments[48:], strict=False)]
    assert min(spans) > 0.999, "49 turns in less than a second"


def test_a_thousand_refusals_in_ten_minutes_stop_everything_until_half_are_older() -> None:
    pace = Pace()
    with capture_logs() as logged:
        for number in range(MOST_INVALID):
            now = NOW + MINUTE * (number >= MOST_INVALID // 2)
            assert pace.resumes_at(now) is None
            pace.refused(now)
        assert pace.resumes_at(NOW + MINUTE) == NOW + 11 * MINUTE
        assert pace.resumes_at(NOW + 10 * MINUTE) == NOW + 11 * MINUTE
        assert pace.resumes_at(NOW + 11 * MINUTE) is None
    assert [line["log_level"] for line in logged] == ["error", "warning"]


def test_refusals_spread_over_hours_stop_nothing() -> None:
    pace = Pace()
    for number in range(5 * MOST_INVALID):
        now = NOW + number * timedelta(seconds=1)
        pace.refused(now)
        assert pace.resumes_at(now) is None


def test_a_limit_of_all_that_we_ask_holds_everything() -> None:
    pace = Pace()
    pace.hold(NOW + MINUTE)
    assert pace.resumes_at(NOW) == NOW + MINUTE
    assert pace.resumes_at(NOW + MINUTE) is None


def test_a_clock_that_was_set_back_stops_nothing_for_days() -> None:
    pace = Pace()
    for _ in range(MOST_INVALID):
        pace.refused(NOW)
    assert pace.resumes_at(NOW) is not None
    assert pace.resumes_at(NOW - 1000 * MINUTE) is None
