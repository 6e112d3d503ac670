"""What is known of a leading model's weights is no longer what is on record."""

from collections.abc import Mapping

import pytest

from bot.model import Openness
from bot.rules.reclassified import RULE
from tests.rules.windows import run, window

_KINDS = {"o": Openness.OPEN, "c": Openness.CLOSED, "u": Openness.UNKNOWN}


def _counts(rank: int) -> Mapping[str, int]:
    """Return tokens by which `x/x` has a place."""
    return {f"c/{n}": 1000 - n for n in range(24)} | {"x/x": 1000 - rank + 2}


def _told(*days: str) -> list[tuple[int, str, str]]:
    """Return window, `was` and `now`; a day is a kind, then a place if not the first; or `-`."""
    windows = [
        None if day == "-" else window(n, _counts(int(day[1:] or 2)), kinds={"x/x": _KINDS[day[0]]})
        for n, day in enumerate(days)
    ]
    return [(n, f.facts["was"], f.facts["now"]) for n, f in run(RULE, windows)]


@pytest.mark.parametrize("was", "ocu")
@pytest.mark.parametrize("now", "ocu")
def test_a_new_verdict_of_two_windows_is_told_once(was: str, now: str) -> None:
    told = [(2, _KINDS[was].value, _KINDS[now].value)] if was != now else []
    assert _told(was, now, now, now) == told


def test_the_subject_is_the_model_and_what_it_is_now() -> None:
    windows = [window(n, {"x/x": 1}, kinds={"x/x": _KINDS[k]}) for n, k in enumerate("uoo")]
    ((_, found),) = run(RULE, windows)
    assert (found.subject, found.first) == ("x/x:open", False)
    assert found.facts == {"model": "x/x", "was": "unknown", "now": "open"}


@pytest.mark.parametrize("days", [("u", "o", "u", "o"), ("u", "o", "-", "o"), ("u", "o", "c", "o")])
def test_nothing_is_told_before_two_windows_running_agree(days: tuple[str, ...]) -> None:
    assert _told(*days) == []


def test_on_record_is_what_was_told_last() -> None:
    assert _told("u", "o", "o", "c", "c", "u", "o", "o") == [
        (2, "unknown", "open"),
        (4, "open", "closed"),
        (7, "closed", "open"),
    ]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("u20", "o20", "o20"), True),
        (("u21", "o20", "o20"), False),
        (("u20", "o21", "o20"), False),
        (("u20", "o20", "o21"), False),
        (("c21", "u20", "o20", "o20"), True),
        (("u20", "o30", "-", "o20", "o20"), True),
    ],
)
def test_only_the_top_twenty_count(days: tuple[str, ...], told: bool) -> None:
    assert bool(_told(*days)) is told


def test_a_model_that_comes_later_has_on_record_what_it_was_then_even_before_a_gap() -> None:
    assert _told("c25", "u", "-", "o", "o") == [(4, "unknown", "open")]
