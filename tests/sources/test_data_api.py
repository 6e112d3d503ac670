"""The Data API: what is asked, with which key, how often, and what comes of each answer."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.boards import Board, parse_boards
from bot.errors import BudgetSpent, KeyRefused, PayloadRefused, SourceUnreachable
from bot.model import Day, Row
from bot.sources import Snapshot
from bot.sources._http import ATTEMPTS, Http, open_http
from bot.sources.budget import Budget
from bot.sources.data_api import BEGINNING, DataApi, spans
from tests.made import at
from tests.sources.test_budget import Clock, Kept
from tests.sources.test_http import serving
from tests.wire.openrouter_server import Fault, LoopbackOpenRouter

KEY = "sk-or-v1-0123456789abcdef"
BOARDS = parse_boards((files("bot") / "boards.toml").read_text("utf-8"), "boards.toml")
MODELS, PROGRAMMING = BOARDS["models"], BOARDS["category-programming"]
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 6, 29), date(2026, 6, 30)
PUBLISHED = {
    FIRST: [("other", 700), ("a/one", 600), ("b/two:free", 300)],
    LAST: [("a/one", 400), ("b/two:free", 2**64)],
}
DAYS = (
    Day(FIRST, (Row("a/one", 600), Row("b/two:free", 300)), 700, NOW),
    Day(LAST, (Row("b/two:free", 2**64), Row("a/one", 400)), None, NOW),
)
GIVEN = tuple(
    replace(day, origin="rankings-daily?start_date=2026-06-29&end_date=2026-06-30") for day in DAYS
)
"""The same as they come of the call."""


@pytest.fixture
def clock() -> Clock:
    """Give the time, NOW at first."""
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[LoopbackOpenRouter]:
    """Give an OpenRouter with two days, that accepts the key."""
    async with LoopbackOpenRouter() as running:
        running.keyed.clock = clock.seconds
        running.keyed.keys.add(KEY)
        running.keyed.publish(PUBLISHED)
        yield running


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    """Give the door to the network."""
    async with open_http("rankshift/0") as opened:
        yield opened


@pytest.fixture
def kept() -> Kept:
    """Give the ledger of the budget."""
    return Kept()


@pytest.fixture
def api(server: LoopbackOpenRouter, http: Http, clock: Clock, kept: Kept) -> DataApi:
    """Give the source."""
    return DataApi(http, server.base_url, KEY, Budget(kept, clock, clock.sleep))


def unlimited(http: Http, base: str, key: str = KEY) -> DataApi:
    """Return a source with a budget of its own."""
    clock = Clock()
    return DataApi(http, base, key, Budget(Kept(), clock, clock.sleep))


async def test_a_span_of_days_is_one_request_with_the_key(
    api: DataApi, server: LoopbackOpenRouter, kept: Kept
) -> None:
    found = await api.fetch(MODELS, FIRST, LAST, NOW)
    assert found == Snapshot("rankings-daily 2026-06-29..2026-06-30", GIVEN, None)
    (request,) = server.requests
    assert request.path == "/datasets/rankings-daily"
    assert request.query == {"start_date": "2026-06-29", "end_date": "2026-06-30"}
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert kept.moments == (NOW,)


@pytest.mark.parametrize(
    "board", [b for b in BOARDS.values() if b.judged and not b.weekly], ids=lambda b: str(b.name)
)
async def test_every_daily_board_gets_its_own_days(
    api: DataApi, server: LoopbackOpenRouter, board: Board
) -> None:
    server.keyed.publish({FIRST: [("its/own", 5)]}, **board.query)
    (day,) = (await api.fetch(board, FIRST, LAST, NOW)).days
    assert replace(day, origin="") == Day(FIRST, (Row("its/own", 5),), None, NOW)
    assert set(board.query.values()) <= set(day.origin.replace("&", "=").split("="))


@pytest.mark.parametrize("board", [b for b in BOARDS.values() if b.weekly], ids=lambda b: b.name)
async def test_every_weekly_board_gets_its_own_weeks_by_their_sundays(
    api: DataApi, server: LoopbackOpenRouter, board: Board
) -> None:
    monday = date(2026, 6, 15)
    server.keyed.publish({monday: [("its/own", 5)]}, **board.query)
    (day,) = (await api.fetch(board, monday, LAST, NOW)).days
    assert replace(day, origin="") == Day(date(2026, 6, 21), (Row("its/own", 5),), None, NOW)


@pytest.mark.parametrize(
    ("now", "through"),
    [
        (at(date(2026, 6, 29)), date(2026, 6, 21)),
        (at(date(2026, 6, 30), 23, 59), date(2026, 6, 21)),
        (at(date(2026, 7, 1), 0, 0), date(2026, 6, 28)),
        (at(date(2026, 7, 7), 23, 59), date(2026, 6, 28)),
        (at(date(2026, 7, 8), 0, 0), date(2026, 7, 5)),
    ],
)
async def test_a_week_is_complete_on_the_wednesday_after_it(
    api: DataApi, server: LoopbackOpenRouter, clock: Clock, now: datetime, through: date
) -> None:
    mondays = [date(2026, 6, 15) + timedelta(weeks=n) for n in range(4)]
    weeks = {monday: [("a/one", 5)] for monday in mondays}
    server.keyed.publish(weeks, **PROGRAMMING.query)
    clock.now = now
    days = (await api.fetch(PROGRAMMING, mondays[0], mondays[-1], now)).days
    assert days[0].date == date(2026, 6, 21)
    assert days[-1].date == through


async def test_weeks_are_asked_for_from_a_monday_on(
    api: DataApi, server: LoopbackOpenRouter
) -> None:
    tuesday = date(2026, 6, 9)
    await api.fetch(PROGRAMMING, tuesday, LAST, NOW)
    assert server.requests[0].query["start_date"] == "2026-06-15"
    assert server.requests[0].query["category"] == "programming"
    found = await api.fetch(PROGRAMMING, tuesday, tuesday + timedelta(5), NOW)
    assert found == Snapshot("rankings-daily 2026-06-09..2026-06-14", (), None)
    assert len(server.requests) == 1


@given(st.dates(date(2024, 12, 1), date(2025, 3, 1)), st.integers(0, 900))
def test_spans_are_the_fewest_that_hold_every_day_once(since: date, length: int) -> None:
    until = since + timedelta(length)
    cut = spans(since, until)
    held = [a + timedelta(n) for a, b in cut for n in range((b - a).days + 1)]
    wanted = (until - max(since, BEGINNING)).days + 1
    assert held == [max(since, BEGINNING) + timedelta(n) for n in range(max(wanted, 0))]
    assert len(cut) == max(-(-wanted // 366), 0)
    assert all((b - a).days < 366 for a, b in cut)


async def test_the_longest_span_is_answered_and_a_longer_one_not_asked(
    api: DataApi, server: LoopbackOpenRouter
) -> None:
    assert len((await api.fetch(MODELS, LAST - timedelta(365), LAST, NOW)).days) == 2
    for since in (LAST - timedelta(366), LAST + timedelta(1)):
        with pytest.raises(ValueError, match="is no span of 1 to 366 days"):
            await api.fetch(MODELS, since, LAST, NOW)
    with pytest.raises(ValueError, match="apps has no days"):
        await api.fetch(BOARDS["apps"], FIRST, LAST, NOW)
    assert len(server.requests) == 1


async def test_days_before_the_source_began_are_not_asked_for(
    api: DataApi, server: LoopbackOpenRouter
) -> None:
    server.keyed.publish({BEGINNING: [("a/one", 5)]})
    days = (await api.fetch(MODELS, date(2024, 12, 1), date(2025, 1, 31), NOW)).days
    assert [day.date for day in days] == [BEGINNING]
    assert server.requests[0].query["start_date"] == "2025-01-01"
    assert (await api.fetch(MODELS, date(2024, 12, 1), date(2024, 12, 31), NOW)).days == ()
    assert len(server.requests) == 1


async def test_a_span_without_rows_is_empty_and_missing_days_are_left_out(api: DataApi) -> None:
    before = await api.fetch(MODELS, date(2026, 6, 1), date(2026, 6, 28), NOW)
    assert before == Snapshot("rankings-daily 2026-06-01..2026-06-28", (), None)
    days = (await api.fetch(MODELS, date(2026, 6, 1), LAST, NOW)).days
    assert [day.date for day in days] == [FIRST, LAST]


async def test_a_running_day_is_refused_with_all_that_came_with_it(
    api: DataApi, server: LoopbackOpenRouter
) -> None:
    server.keyed.publish(PUBLISHED | {NOW.date(): [("a/one", 1)]})
    with pytest.raises(PayloadRefused, match="speaks of 2026-07-01, a day that is not over"):
        await api.fetch(MODELS, FIRST, NOW.date(), NOW)


@pytest.mark.parametrize("key", ["sk-or-v1-wrong", "", "sk or", f"{KEY}\n", "schlüssel"])
async def test_a_key_that_is_not_accepted_is_said_so_and_never_shown(
    http: Http, server: LoopbackOpenRouter, key: str
) -> None:
    source = unlimited(http, server.base_url, key)
    with pytest.raises(KeyRefused) as refused:
        await source.fetch(MODELS, FIRST, LAST, NOW)
    assert str(refused.value).startswith("the OPENROUTER_API_KEY is not accepted")
    assert not refused.value.retry
    assert len(server.requests) <= 1
    assert not key.strip() or key.strip() not in f"{refused.value!r} {source!r} {vars(http)}"


async def test_a_400_is_refused_with_the_sources_words_cut_and_escaped(http: Http) -> None:
    message = f"bad\n{KEY}\x1b[2J" + "x" * 300
    body = json.dumps({"error": {"code": 400, "message": message}})
    async with serving(web.Response(status=400, text=body)) as (base, seen):
        with pytest.raises(PayloadRefused) as refused:
            await unlimited(http, base).fetch(MODELS, FIRST, LAST, NOW)
    assert len(seen) == 1
    assert refused.value.what.startswith("answered 400: 'bad\\n…\\x1b[2Jxxx")
    assert len(refused.value.what) == len("answered 400: ") + 200


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_other_final_answers_may_be_otherwise_later(
    api: DataApi, server: LoopbackOpenRouter, status: int
) -> None:
    server.fail_next("rankings-daily", Fault.answer(status))
    with pytest.raises(SourceUnreachable, match=f"answered {status}"):
        await api.fetch(MODELS, FIRST, LAST, NOW)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_every_attempt_at_a_passing_fault_is_counted(
    api: DataApi, server: LoopbackOpenRouter, kept: Kept, status: int
) -> None:
    server.fail_next("rankings-daily", Fault.answer(status), times=2)
    assert (await api.fetch(MODELS, FIRST, LAST, NOW)).days == GIVEN
    assert len(kept.moments) == len(server.requests) == 3
    server.fail_next("rankings-daily", Fault.answer(status), times=ATTEMPTS)
    with pytest.raises(SourceUnreachable):
        await api.fetch(MODELS, FIRST, LAST, NOW)
    assert len(kept.moments) == len(server.requests) == 3 + ATTEMPTS


async def test_a_spoilt_answer_is_never_used(api: DataApi, server: LoopbackOpenRouter) -> None:
    server.fail_next("rankings-daily", Fault.spoilt("html"))
    with pytest.raises(PayloadRefused, match="the whole: Invalid JSON"):
        await api.fetch(MODELS, FIRST, LAST, NOW)
    server.fail_next("rankings-daily", Fault.spoilt("truncated"))
    assert (await api.fetch(MODELS, FIRST, LAST, NOW)).days == GIVEN


async def test_the_source_never_has_to_say_that_there_were_too_many(
    api: DataApi, server: LoopbackOpenRouter, clock: Clock
) -> None:
    for _ in range(500):
        await api.fetch(MODELS, FIRST, LAST, clock.now)
    assert len(server.requests) == 500
    assert max(clock.slept) <= 60
    with pytest.raises(BudgetSpent):
        await api.fetch(MODELS, FIRST, LAST, clock.now)
    assert len(server.requests) == 500
