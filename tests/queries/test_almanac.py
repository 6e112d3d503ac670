"""The almanac: every complete window, whatever changed since it was made."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.queries.almanac import almanac
from bot.standings import OFFICIAL, WEEKLY, Counting, all_standings
from tests.made import START, day

COUNTS = st.dictionaries(st.sampled_from(["a/x", "b/y", "c/z"]), st.integers(1, 99), min_size=1)
DAYS = st.dictionaries(st.integers(0, 40), COUNTS, max_size=41)


def stored(found: dict[int, dict[str, int]]) -> dict[date, object]:
    """Return days by date, ascending."""
    return {START + timedelta(days=n): day(n, found[n]) for n in sorted(found)}


@given(before=DAYS, now=DAYS, counting=st.sampled_from([OFFICIAL, WEEKLY, Counting(window=3)]))
def test_what_is_taken_from_an_earlier_one_is_as_if_made_anew(
    before: dict[int, dict[str, int]], now: dict[int, dict[str, int]], counting: Counting
) -> None:
    earlier = almanac("models", stored(before), counting)
    days = stored(now)
    renewed = almanac("models", days, counting, earlier)
    expected = {w.date: w for w in all_standings("models", days, counting=counting)}
    assert renewed == almanac("models", days, counting)
    assert dict(renewed.windows) == expected
    assert list(renewed.windows) == sorted(expected)


@given(found=DAYS, changed=st.integers(0, 40), counts=COUNTS)
def test_only_windows_that_a_changed_day_touches_are_made_again(
    found: dict[int, dict[str, int]], changed: int, counts: dict[str, int]
) -> None:
    earlier = almanac("models", stored(found), OFFICIAL)
    days = dict(earlier.days) | {START + timedelta(days=changed): day(changed, counts)}
    renewed = almanac("models", dict(sorted(days.items())), OFFICIAL, earlier)
    for end, window in renewed.windows.items():
        far = not 0 <= (end - START).days - changed <= 13
        if far:
            assert window is earlier.windows[end]


def test_the_newest_by_a_day_and_those_between_two_are_found() -> None:
    found = almanac("models", stored({n: {"a/x": n + 1} for n in range(12)}), OFFICIAL)
    ends = [START + timedelta(days=n) for n in range(6, 12)]
    assert list(found.windows) == ends
    assert found.newest(date.max) is found.windows[ends[-1]]
    assert found.newest(ends[2]) is found.windows[ends[2]]
    assert found.newest(ends[0] - timedelta(days=1)) is None
    assert [w.date for w in found.between(ends[1], ends[3])] == ends[1:4]
