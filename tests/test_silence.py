"""What silences what: each line of the statement, and who is named of several."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from bot.model import Milestone, Searched, Severity
from bot.silence import silenced
from tests.made import AS_OF, START

X, Y = "lab/x", "lab/y"


def _milestone(rule: str, about: str = X, when: int = 0, **changes: object) -> Milestone:
    """Return a milestone of a rule about a model or an author, so many days after START."""
    day = START + timedelta(when)
    made = Milestone(
        key=f"models.{rule}.{about}.{day}",
        rule=rule,
        board="models",
        subject=about,
        began=day - timedelta(1),
        date=day,
        severity=Severity.NOTABLE,
        facts={"author" if rule == "author_leader" else "model": about, "passed": Y},
        first=False,
        searched=Searched(START, 9),
        top=(),
        total=1,
        days_without_other=0,
        as_of=AS_OF,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _held(milestone: Milestone) -> Milestone:
    return replace(milestone, key=f"{milestone.key}.held", held_by=("lab/unknown",))


def _silencer(one: Milestone, *others: Milestone, known: Sequence[Milestone] = ()) -> str | None:
    """Return who silences a milestone, the rule's name first; the order given must not matter."""
    answers = {
        silenced(order, known)[order.index(one)].inhibited_by
        for order in permutations((one, *others))
    }
    (answer,) = answers
    return answer


SAME_DAY = [
    ("leader", "top_entry"),
    ("leader", "surge"),
    ("leader", "overtake"),
    ("top_entry", "surge"),
    ("top_entry", "overtake"),
    ("surge", "overtake"),
    ("first_to_mark", "token_mark"),
]
MODEL_RULES = sorted(
    {rule for pair in SAME_DAY for rule in pair} | {"share_record", "dropout", "reclassified"}
)


@pytest.mark.parametrize(("loud", "quiet"), SAME_DAY)
def test_of_one_day_and_one_model_one_silences_the_other(loud: str, quiet: str) -> None:
    by = _milestone(loud)
    assert _silencer(_milestone(quiet), by) == by.key
    assert _silencer(_milestone(quiet, Y), by) is None
    assert _silencer(_milestone(quiet), replace(by, board="other")) is None


@pytest.mark.parametrize("loud", MODEL_RULES)
@pytest.mark.parametrize("quiet", MODEL_RULES)
def test_nothing_else_of_one_day_and_model_is_silenced(loud: str, quiet: str) -> None:
    by, one = _milestone(loud), _milestone(quiet, subject="another")
    assert (_silencer(one, by) is not None) == ((loud, quiet) in SAME_DAY)


@pytest.mark.parametrize("apart", [-1, 1])
@pytest.mark.parametrize(("loud", "quiet"), [pair for pair in SAME_DAY if pair[1] != "surge"])
def test_of_another_day_nothing_but_a_surge_is_silenced(loud: str, quiet: str, apart: int) -> None:
    assert _silencer(_milestone(quiet), _milestone(loud, when=apart)) is None


@pytest.mark.parametrize("loud", ["leader", "top_entry"])
@pytest.mark.parametrize(("apart", "silent"), [(-31, False), (-30, True), (30, True), (31, False)])
def test_a_surge_is_silenced_by_an_entry_or_a_lead_up_to_thirty_days_either_way(
    loud: str, apart: int, silent: bool
) -> None:
    by = _milestone(loud, when=apart)
    assert _silencer(_milestone("surge"), by) == (by.key if silent else None)


def test_the_model_of_an_overtake_is_the_one_that_passed() -> None:
    assert _silencer(_milestone("overtake"), _milestone("leader", Y)) is None


@pytest.mark.parametrize(
    ("model", "author", "silent"),
    [
        ("lab/x", "lab", True),
        ("lab/x", "laboratory", False),
        ("meta-llama/x", "meta", True),
        ("meta/x", "meta", True),
    ],
)
def test_a_leader_silences_the_leading_author_of_its_model(
    model: str, author: str, silent: bool
) -> None:
    by = _milestone("leader", model)
    one = _milestone("author_leader", author)
    assert _silencer(one, by) == (by.key if silent else None)
    assert _silencer(one, replace(by, date=by.date + timedelta(1))) is None


@pytest.mark.parametrize(("loud", "quiet"), [*SAME_DAY, ("leader", "author_leader")])
def test_held_ones_silence_nothing(loud: str, quiet: str) -> None:
    one = _milestone(quiet, "lab" if quiet == "author_leader" else X)
    assert _silencer(one, _milestone(loud)) is not None
    assert _silencer(one, _held(_milestone(loud))) is None


@pytest.mark.parametrize("known", [True, False])
def test_what_was_known_before_silences_as_well(known: bool) -> None:
    by = _milestone("top_entry", when=-9)
    assert _silencer(_milestone("surge"), known=[by] if known else []) == (
        by.key if known else None
    )
    assert silenced([], [by, _milestone("surge")]) == ()


def test_a_silenced_one_silences_all_the_same() -> None:
    lead, entry, pass_by = _milestone("leader"), _milestone("top_entry"), _milestone("overtake")
    assert _silencer(entry, lead, pass_by) == lead.key
    surge = _milestone("surge", when=20)
    later_lead = _milestone("leader", when=0)
    assert _silencer(_milestone("overtake", when=20), surge, later_lead) == surge.key


@pytest.mark.parametrize(
    ("quiet", "others", "named"),
    [
        ("overtake", [("surge", 0), ("top_entry", 0), ("leader", 0)], ("leader", 0)),
        ("overtake", [("surge", 0), ("top_entry", 0)], ("top_entry", 0)),
        ("surge", [("leader", 30), ("top_entry", 0)], ("leader", 30)),
        ("surge", [("top_entry", -9), ("top_entry", 8)], ("top_entry", 8)),
        ("surge", [("leader", -9), ("leader", 9)], ("leader", -9)),
    ],
    ids=["lead", "entry", "order before nearness", "nearness", "the earlier"],
)
def test_of_several_the_first_in_order_is_named_then_the_nearest_then_the_earlier(
    quiet: str, others: Sequence[tuple[str, int]], named: tuple[str, int]
) -> None:
    loud = [_milestone(rule, when=when) for rule, when in others]
    assert _silencer(_milestone(quiet), *loud) == _milestone(named[0], when=named[1]).key


def test_nothing_but_the_silencer_is_changed_and_the_order_stays() -> None:
    found = [_milestone("overtake"), _milestone("leader"), _milestone("top_entry", Y)]
    after = silenced(found)
    assert [replace(one, inhibited_by=None) for one in after] == found
    assert [one.inhibited_by is not None for one in after] == [True, False, False]
