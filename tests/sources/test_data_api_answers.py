"""What the Data API answers: read strictly, or refused whole."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import PayloadRefused
from bot.model import Day
from bot.sources.data_api import parse_rankings
from tests.sources.test_data_api import DAYS, FIRST, LAST, NOW
from tests.sources.test_rows import mangled

SPAN, WHERE = (FIRST, LAST), "https://mirror.example/api/v1/datasets/rankings-daily"
GOOD = [
    (str(FIRST), "a/one", "600"),
    (str(FIRST), "b/two:free", "300"),
    (str(FIRST), "other", "700"),
    (str(LAST), "b/two:free", str(2**64)),
    (str(LAST), "a/one", "400"),
]
META = {
    "as_of": "2026-07-01T12:00:00.000Z",
    "version": "v1",
    "start_date": "2026-06-29",
    "end_date": "2026-06-30",
}


def answer(rows: list[tuple[str, str, str]], **meta: object) -> bytes:
    """Return an answer of these rows, with some of its meta set otherwise."""
    names = ("date", "model_permaslug", "total_tokens")
    data = [dict(zip(names, row, strict=True)) for row in rows]
    return json.dumps({"data": data, "meta": META | meta}).encode()


def read(content: bytes) -> tuple[Day, ...]:
    """Parse an answer about the two days."""
    return parse_rankings(content, WHERE, SPAN, NOW, weekly=False)


def refusal(content: bytes) -> str:
    """Return why an answer is refused."""
    with pytest.raises(PayloadRefused) as refused:
        read(content)
    assert not refused.value.retry
    return str(refused.value)


def test_rows_are_ordered_and_other_stands_apart() -> None:
    assert read(answer(list(reversed(GOOD)))) == DAYS
    assert read(answer([])) == ()


def test_a_day_must_be_over_on_the_sources_clock_too() -> None:
    early = answer(GOOD, as_of="2026-06-30T23:59:59.000Z")
    assert refusal(early) == f"{WHERE}, row 4: speaks of 2026-06-30, a day that is not over"


def test_a_day_must_be_over_on_our_clock_though_the_sources_be_ahead() -> None:
    ours = datetime(2026, 6, 30, 23, 59, tzinfo=UTC)
    with pytest.raises(PayloadRefused, match="speaks of 2026-06-30, a day that is not over"):
        parse_rankings(answer(GOOD, as_of="2026-07-01T00:01:00Z"), WHERE, SPAN, ours, weekly=False)


def test_the_moment_of_answering_is_given_in_utc() -> None:
    days = read(answer(GOOD, as_of="2026-07-01T14:00:00+02:00"))
    assert days == DAYS
    assert {day.as_of.tzinfo for day in days} == {UTC}


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (("2026-06-28", "c/c", "1"), "speaks of 2026-06-28, which was not asked for"),
        (("2026-07-01", "c/c", "1"), "speaks of 2026-07-01, which was not asked for"),
        (("2026-06-31", "c/c", "1"), "has '2026-06-31' for a date"),
        (("2026-06-30T00:00:00Z", "c/c", "1"), "has '2026-06-30T00:00:00Z' for a date"),
        (("2026-06-30", "c", "1"), "has 'c' for a model"),
        (("2026-06-30", "a/one", "1"), "lists a/one a second time on 2026-06-30"),
        (("2026-06-29", "other", "1"), "lists other a second time on 2026-06-29"),
        (("2026-06-30", "c/c", "1.0"), "has '1.0' for a count of tokens"),
        (("2026-06-30", "c/c", "-1"), "has '-1' for a count of tokens"),
        (("2026-06-30", "c/c", ""), "has '' for a count of tokens"),
    ],
)
def test_a_wrong_row_is_refused_by_its_number(row: tuple[str, str, str], what: str) -> None:
    assert refusal(answer([*GOOD, row])) == f"{WHERE}, row 6: {what}"


@pytest.mark.parametrize(
    ("meta", "what"),
    [
        ({"version": "v2"}, "meta.version: "),
        ({"version": None}, "meta.version: "),
        ({"as_of": "2026-07-01T12:00:00"}, "meta.as_of: "),
        ({"as_of": "2026-07-01T13:00:01Z"}, "was made on 2026-07-01 13:00:01+00:00"),
        ({"as_of": "2024-12-31T23:59:59Z"}, "was made on 2024-12-31 23:59:59+00:00"),
        ({"as_of": "0001-01-01T00:00:00+14:00"}, "was made on 0001-01-01"),
        ({"start_date": "June"}, "meta.start_date: "),
        ({"end_date": None}, "meta.end_date: "),
    ],
)
def test_a_wrong_meta_is_refused(meta: Mapping[str, object], what: str) -> None:
    assert refusal(answer(GOOD, **meta)).startswith(f"{WHERE}: {what}")


def test_a_count_that_is_no_string_is_refused_for_it_may_be_rounded() -> None:
    number = answer(GOOD).replace(b'"600"', b"600")
    assert refusal(number).startswith(f"{WHERE}: data.0.total_tokens: ")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"data": []}', b"\xff", b"[" * 9999])
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    assert refusal(content).startswith(f"{WHERE}: ")


def test_a_week_that_begins_on_another_day_than_monday_is_refused() -> None:
    tuesday = answer([("2026-06-16", "a/one", "5")])
    with pytest.raises(PayloadRefused, match="a week from 2026-06-16 on, which is no Monday"):
        parse_rankings(tuesday, WHERE, (date(2026, 6, 15), LAST), NOW, weekly=True)


@given(data=st.data(), weekly=st.booleans())
@settings(deadline=None, max_examples=300)
def test_a_mangled_answer_gives_orderly_days_or_is_refused(
    data: st.DataObject, *, weekly: bool
) -> None:
    good = answer(GOOD if not weekly else [("2026-06-22", m, t) for _, m, t in GOOD[:3]])
    text = data.draw(mangled(json.dumps(json.loads(good), indent=0)))
    since = date(2026, 6, 22)
    content = text.encode("utf-8", "surrogatepass")
    try:
        days = parse_rankings(content, WHERE, (since, LAST), NOW, weekly=weekly)
    except PayloadRefused:
        return
    dates = [day.date for day in days]
    assert dates == sorted(set(dates))
    assert all(since <= when < NOW.date() for when in dates)
    for day in days:
        assert day.rows == tuple(sorted(day.rows, key=lambda row: (-row.tokens, row.model)))
