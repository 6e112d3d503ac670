"""Numbers in words: three digits, rounded half up, from integers alone."""

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.text.numbers import tenths
from bot.text.say import english

percent, tokens = english().percent, english().tokens
day, short_day = english().day, english().short_day

SHAPE = re.compile(r"\d{1,3}|(?:\d\.\d\d|\d\d\.\d|\d{3}) [KMB]|(?:\d\.\d\d|\d\d\.\d|\d{3,}) T")
SIZES = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
EDGES = (0, 1, 999, 1000, 9_994, 9_995, 99_949, 99_950, 999_499, 999_500, 999_499_999_999_999)

counts = st.integers(0, 10**19) | st.integers(0, 10**6) | st.integers(0, 10**40)
sizes = settings(max_examples=300, deadline=None)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0"),
        (1, "1"),
        (950, "950"),
        (999, "999"),
        (1_000, "1.00 K"),
        (1_004, "1.00 K"),
        (1_005, "1.01 K"),
        (9_994, "9.99 K"),
        (9_995, "10.0 K"),
        (99_949, "99.9 K"),
        (99_950, "100 K"),
        (999_499, "999 K"),
        (999_500, "1.00 M"),
        (999_999, "1.00 M"),
        (1_000_000, "1.00 M"),
        (12_345_678, "12.3 M"),
        (999_499_999, "999 M"),
        (999_500_000, "1.00 B"),
        (407_598_521_870, "408 B"),
        (999_499_999_999, "999 B"),
        (999_500_000_000, "1.00 T"),
        (4_705_000_000_000, "4.71 T"),
        (4_704_999_999_999, "4.70 T"),
        (10**15 - 1, "1000 T"),
        (10**15, "1000 T"),
        (12_345_500_000_000_000, "12346 T"),
        (2**63, "9223372 T"),
    ],
)
def test_a_count_is_said_with_three_digits(count: int, words: str) -> None:
    assert tokens(count) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 0, "0.0 %"),
        (5, 0, "0.0 %"),
        (0, 7, "0.0 %"),
        (7, 7, "100.0 %"),
        (1, 3, "33.3 %"),
        (2, 3, "66.7 %"),
        (1, 2_000, "0.1 %"),
        (1, 2_001, "<0.1 %"),
        (999, 1_000, "99.9 %"),
        (9_994, 10_000, "99.9 %"),
        (9_995, 10_000, "100.0 %"),
        (1, 10, "10.0 %"),
        (10**30 + 1, 3 * 10**30, "33.3 %"),
        (2**64 - 1, 2**64, "100.0 %"),
    ],
)
def test_a_share_is_said_with_one_decimal(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


def _read(words: str) -> tuple[Fraction, Fraction]:
    """Return what a count says and what one of its last digit is worth."""
    number, _, unit = words.partition(" ")
    decimals = len(number.partition(".")[2])
    return Fraction(number) * SIZES[unit], Fraction(SIZES[unit], 10**decimals)


@given(counts)
@sizes
def test_a_count_is_off_by_half_a_last_digit_at_most(count: int) -> None:
    said, digit = _read(tokens(count))
    assert abs(said - count) <= digit / 2
    assert SHAPE.fullmatch(tokens(count))


@given(counts, counts)
@sizes
@example(999_499_999, 999_500_000)
def test_a_larger_count_is_never_said_as_a_smaller_one(one: int, two: int) -> None:
    assert _read(tokens(min(one, two)))[0] <= _read(tokens(max(one, two)))[0]


@pytest.mark.parametrize("edge", EDGES)
def test_neighbours_of_an_edge_are_said_in_order(edge: int) -> None:
    said = [_read(tokens(count))[0] for count in range(max(0, edge - 30), edge + 30)]
    assert said == sorted(said)


@given(counts, st.integers(1, 10**40))
@sizes
def test_a_share_is_off_by_half_a_tenth_at_most(part: int, whole: int) -> None:
    shown = percent(part, whole)
    if shown.startswith("<"):
        assert shown == "<0.1 %"
        assert 0 < Fraction(100 * part, whole) < Fraction(1, 20)
        return
    said = Fraction(shown.removesuffix(" %"))
    assert abs(said - Fraction(100 * part, whole)) <= Fraction(1, 20)
    assert said * 10 == tenths(part, whole)


@given(counts, counts, st.integers(1, 10**40))
@sizes
def test_a_larger_part_is_never_a_smaller_share(one: int, two: int, whole: int) -> None:
    assert tenths(min(one, two), whole) <= tenths(max(one, two), whole)


@pytest.mark.parametrize(
    ("when", "words", "short"),
    [
        (date(2026, 6, 7), "7 June 2026", "7 Jun"),
        (date(2026, 12, 31), "31 December 2026", "31 Dec"),
        (date(2027, 1, 1), "1 January 2027", "1 Jan"),
    ],
)
def test_days_are_said_as_people_write_them(when: date, words: str, short: str) -> None:
    assert (day(when), short_day(when)) == (words, short)
