"""Whether the bot is ready: which check fails when, and what it says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.metrics import Polled, PollResult
from bot.web.vitals import Gateway, Kept, Newest, Vitals, readiness

NOW = datetime(2026, 6, 8, 12, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


def vitals() -> Vitals:
    """Return how a bot is that has all it needs, at noon."""
    newest = Newest(date(2026, 6, 7), NOW - timedelta(hours=10))
    kept = Kept(
        newest={"models": newest},
        held_milestones={"models": 2},
        open=3,
        oldest=NOW - timedelta(minutes=1),
        held_back=4,
        paused=1,
    )
    return Vitals(
        now=NOW,
        started=NOW - timedelta(days=3),
        kept=kept,
        trouble=None,
        gateway=Gateway(connected=True, refused=False, latency=0.25, servers=9),
        polls={"models": Polled(PollResult.OK, NOW - timedelta(minutes=10))},
        every=HALF_AN_HOUR,
    )


def failing(now: Vitals) -> dict[str, str]:
    """Return what is not as it should be, by check."""
    return {check: why for check, why in readiness(now).items() if why is not None}


def with_newest(now: Vitals, day: date | None) -> Vitals:
    """Return the same with another newest day of the models."""
    assert now.kept is not None
    newest = {} if day is None else {"models": Newest(day, now.now)}
    return replace(now, kept=replace(now.kept, newest=newest))


def test_a_bot_that_has_all_it_needs_is_ready() -> None:
    assert readiness(vitals()) == {"store": None, "gateway": None, "source": None}


@pytest.mark.parametrize(
    ("gateway", "why"),
    [
        (Gateway(connected=False, refused=False, latency=None, servers=0), "not connected"),
        (
            Gateway(connected=True, refused=True, latency=0.1, servers=9),
            "Discord refused the token",
        ),
        (
            Gateway(connected=False, refused=True, latency=None, servers=0),
            "Discord refused the token",
        ),
    ],
)
def test_the_gateway_is_named_when_it_is_gone_or_the_token_is_refused(
    gateway: Gateway, why: str
) -> None:
    assert failing(replace(vitals(), gateway=gateway)) == {"gateway": why}


def test_a_process_that_does_not_poll_is_ready_when_another_one_does() -> None:
    idle = replace(vitals(), polls={}, polling=False)
    assert failing(idle) == {}
    assert "source" in failing(replace(idle, polling=True))
    before = replace(vitals(), polls={"models": Polled(PollResult.STORE, NOW)}, polling=False)
    assert failing(before) == {}
    assert failing(replace(before, polling=True)).keys() == {"store"}
    assert failing(with_newest(idle, date(2026, 6, 5))).keys() == {"source"}


def test_a_store_that_cannot_be_written_is_named_with_its_trouble() -> None:
    assert failing(replace(vitals(), trouble="no space")) == {"store": "no space"}


def test_a_poll_that_could_not_use_the_store_tells_against_it() -> None:
    now = vitals()
    polls = {**now.polls, "images": Polled(PollResult.STORE, NOW), "audio": now.polls["models"]}
    said = {"store": "the last poll of images could not use it"}
    assert failing(replace(now, polls=polls)) == said


def test_a_store_that_cannot_be_read_leaves_open_how_new_the_days_are() -> None:
    assert failing(replace(vitals(), kept=None, trouble="damaged")) == {
        "store": "damaged",
        "source": "nobody knows: the store cannot be read",
    }


@pytest.mark.parametrize(
    ("now", "newest", "why"),
    [
        # A day appears about 01:46 UTC of the next, and counts as missing from 06:00 on.
        ((8, 5, 59), date(2026, 6, 6), None),
        ((8, 6, 0), date(2026, 6, 6), "the newest stored day is 2026-06-06, 2026-06-07 is due"),
        ((8, 6, 0), date(2026, 6, 7), None),
        ((8, 23, 59), date(2026, 6, 7), None),
        ((9, 0, 0), date(2026, 6, 7), None),
        ((8, 5, 59), date(2026, 6, 5), "the newest stored day is 2026-06-05, 2026-06-06 is due"),
        ((8, 12, 0), None, "no day is stored"),
    ],
)
def test_the_newest_day_is_fresh_until_the_next_is_due(
    now: tuple[int, int, int], newest: date | None, why: str | None
) -> None:
    moment = datetime(2026, 6, *now, tzinfo=UTC)
    polls = {"models": Polled(PollResult.OK, moment)}
    found = with_newest(replace(vitals(), now=moment, polls=polls), newest)
    assert readiness(found)["source"] == why


@pytest.mark.parametrize(
    ("hours", "every", "why"),
    [
        (6, HALF_AN_HOUR, None),
        (7, HALF_AN_HOUR, "the last good poll was 7 h ago"),
        (7, timedelta(hours=3), None),
        (10, timedelta(hours=3), "the last good poll was 10 h ago"),
        (71, timedelta(days=1), None),
    ],
)
def test_an_outage_of_the_source_is_told_after_six_hours_or_three_polls(
    hours: int, every: timedelta, why: str | None
) -> None:
    polls = {"models": Polled(PollResult.UNREACHABLE, NOW - timedelta(hours=hours))}
    found = readiness(replace(vitals(), polls=polls, every=every))
    assert found["source"] == why


def test_without_a_good_poll_the_outage_counts_from_the_start() -> None:
    polls = {"models": Polled(PollResult.REFUSED, None)}
    young = replace(vitals(), polls=polls, started=NOW - timedelta(hours=1))
    assert failing(young) == {}
    old = replace(young, started=NOW - timedelta(hours=9))
    assert failing(old) == {"source": "no good poll since the start 9 h ago"}
    assert failing(replace(old, polls={})) == failing(old)
