"""What is out of the ordinary: found, begun, ended, and which milestones are held still."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.errors import (
    BudgetSpent,
    KeyRefused,
    PayloadRefused,
    SourceDeclined,
    SourceError,
    SourceUnreachable,
)
from bot.model import Memory, Milestone, Openness, RuleMemory, Searched, Severity
from bot.settling import Sighting
from bot.standings import standings
from bot.states import (
    State,
    StateKind,
    day_states,
    held_states,
    merge,
    source_states,
    still_held,
    unknown_states,
)
from tests.made import START, day, days, directory, open_closed, verdict

NOW = datetime(2026, 7, 16, 6, tzinfo=UTC)
"""When 15 July is over for six hours."""

DUE = date(2026, 7, 15)
BEFORE = NOW - timedelta(days=2)


def state(
    subject: str = "x",
    kind: StateKind = StateKind.UNKNOWN,
    since: datetime = NOW,
    detail: str = "",
    board: str = "models",
) -> State:
    """Return a state."""
    return State(kind, board, subject, since, detail)


def milestone(
    rule: str,
    subject: str,
    when: int = 0,
    held_by: tuple[str, ...] = ("lab/dark",),
    direction: str = "up",
) -> Milestone:
    """Return a milestone dated so many days after START."""
    dated = START + timedelta(days=when)
    return Milestone(
        key=f"models.{rule}.{subject}.{dated}{'.held' if held_by else ''}",
        rule=rule,
        board="models",
        subject=subject,
        began=dated - timedelta(days=1),
        date=dated,
        severity=Severity.NOTABLE,
        facts={"direction": direction},
        first=False,
        searched=Searched(START, 7),
        top=(),
        total=0,
        days_without_other=0,
        as_of=NOW,
        held_by=held_by,
    )


def memory(**remembered: RuleMemory) -> Memory:
    """Return a memory in which each rule, in some version, remembers what is given."""
    return Memory(START, START, (), {f"{rule}@7": each for rule, each in remembered.items()})


def test_a_state_that_is_true_still_keeps_its_beginning_and_takes_the_new_detail() -> None:
    old, new = state("a", since=BEFORE, detail="place 3"), state("a", detail="place 4")
    assert merge([old], [new]) == ((replace(new, since=BEFORE),), (), ())


def test_what_is_true_for_the_first_time_began_and_what_is_no_longer_ended() -> None:
    gone, stays, fresh = state("a", since=BEFORE), state("b", since=BEFORE), state("c")
    assert merge([gone, stays], [fresh, replace(stays, since=NOW)]) == (
        (fresh, stays),
        (fresh,),
        (gone,),
    )


@pytest.mark.parametrize(
    "other",
    [
        state("y"),
        state(kind=StateKind.HELD),
        state(board="coding"),
    ],
    ids=["subject", "kind", "board"],
)
def test_another_subject_kind_or_board_is_another_state(other: State) -> None:
    assert merge([state()], [other]) == ((other,), (other,), (state(),))


_states = st.lists(
    st.builds(
        state,
        st.sampled_from("abc"),
        st.sampled_from([StateKind.HELD, StateKind.UNKNOWN]),
        st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
        st.text(max_size=3),
    ),
    max_size=6,
    unique_by=lambda each: (each.kind, each.subject),
)


@hypothesis_settings(derandomize=True, deadline=None)
@given(st.lists(_states, max_size=6))
def test_each_state_begins_once_and_ends_once(polls: list[list[State]]) -> None:
    known: tuple[State, ...] = ()
    log: list[tuple[str, StateKind, str]] = []
    for true in [*polls, []]:
        known, began, ended = merge(known, true)
        log += [("ends", each.kind, each.subject) for each in ended]
        log += [("begins", each.kind, each.subject) for each in began]
        assert [(s.kind, s.subject, s.detail) for s in known] == [
            (s.kind, s.subject, s.detail) for s in true
        ]
    assert known == ()
    for kind in StateKind:
        for subject in "abc":
            words = [word for word, *rest in log if rest == [kind, subject]]
            assert words == ["begins", "ends"] * (len(words) // 2)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (SourceUnreachable("no answer"), StateKind.UNREACHABLE),
        (SourceDeclined("here", 500, ""), StateKind.UNREACHABLE),
        (KeyRefused("no such key"), StateKind.UNREACHABLE),
        (BudgetSpent(500, NOW), StateKind.UNREACHABLE),
        (PayloadRefused("here", "row 3: is no row"), StateKind.REFUSED),
    ],
)
def test_a_poll_that_failed_says_how_the_source_failed(error: SourceError, kind: StateKind) -> None:
    assert source_states("models", "exports", error, NOW) == (
        State(kind, "models", "exports", NOW, str(error)),
    )


def test_a_poll_that_worked_says_nothing_of_the_source() -> None:
    assert source_states("models", "exports", None, NOW) == ()


def test_a_day_that_is_over_for_six_hours_and_not_stored_is_not_published() -> None:
    stored = days([{"a": 1}] * 3, DUE - timedelta(days=3))
    early = NOW - timedelta(microseconds=1)
    assert day_states("models", stored, [], early, keyed=False) == ()
    assert day_states("models", stored, [], NOW, keyed=False) == (
        State(
            StateKind.NOT_PUBLISHED,
            "models",
            "2026-07-15",
            NOW,
            "the newest stored day is 2026-07-14",
        ),
    )


def test_where_no_day_is_stored_the_one_due_is_not_published() -> None:
    (found,) = day_states("coding", {}, [], NOW, keyed=True)
    assert (found.kind, found.subject, found.board) == (
        StateKind.NOT_PUBLISHED,
        "2026-07-15",
        "coding",
    )
    assert found.detail == "no day is stored"


def _two_weeks(last: int) -> dict[date, object]:
    return days([{"a": 2000}] * 14 + [{"a": last}], DUE - timedelta(days=14))


def test_a_day_too_low_for_its_weekday_is_unsettled_from_three_o_clock_on() -> None:
    stored, three = _two_weeks(1600), NOW - timedelta(hours=3)
    early = three - timedelta(microseconds=1)
    assert day_states("models", stored, [], early, keyed=False) == ()
    assert day_states("models", stored, [], three, keyed=False) == (
        State(
            StateKind.UNSETTLED,
            "models",
            "2026-07-15",
            three,
            "1,700 tokens, under 85 % of 2,100, the median of the same weekday before",
        ),
    )
    assert day_states("models", _two_weeks(1700), [], three, keyed=False) == ()


def test_with_a_key_an_unsettled_day_is_set_beside_an_older_reading() -> None:
    read = NOW - timedelta(hours=5)
    stored = {DUE: day(DUE, {"a": 1000}, other=None, as_of=NOW - timedelta(hours=1))}
    stored |= days([{"a": 9000}] * 14, DUE - timedelta(days=14))
    alone = day_states("models", stored, [], NOW, keyed=True)
    assert [each.detail for each in alone] == ["1,000 tokens; no reading is three hours older"]
    readings = [Sighting(DUE, 900, read), Sighting(DUE, 800, read - timedelta(hours=1))]
    low = day_states("models", stored, readings, NOW, keyed=True)
    assert [each.detail for each in low] == ["1,000 tokens; 900 when read on 2026-07-16 01:00 UTC"]
    same = [Sighting(DUE, 1000, read)]
    assert day_states("models", stored, same, NOW, keyed=True) == ()


def test_a_held_milestone_is_a_state_that_says_what_it_waits_for() -> None:
    one = milestone("open_top5", "4", held_by=("lab/a", "lab/b"))
    assert held_states([one], NOW) == (
        State(StateKind.HELD, "models", one.key, NOW, "only if lab/a, lab/b are open"),
    )


@pytest.mark.parametrize(
    ("rule", "direction", "detail"),
    [
        ("open_top5", "up", "only if lab/dark is open"),
        ("streak", "up", "only if lab/dark is open"),
        ("open_share", "up", "only if lab/dark is open"),
        ("open_share", "down", "only if lab/dark is closed"),
        ("open_top5_lost", "up", "only if lab/dark is closed"),
    ],
)
def test_what_is_lost_waits_for_a_model_to_be_closed(
    rule: str, direction: str, detail: str
) -> None:
    (found,) = held_states([milestone(rule, "4", direction=direction)], NOW)
    assert found.detail == detail


@pytest.mark.parametrize(
    ("rule", "subject", "remembered"),
    [
        ("open_top5", "4", [4]),
        ("open_top5_lost", "5", [3, 5]),
        ("open_share", "60", ["60"]),
        ("open_share", "50-down", ["50-down"]),
        ("streak", "open_top5:4:30", [30, 60]),
    ],
)
def test_what_the_rules_memory_lists_is_held_still(
    rule: str, subject: str, remembered: list[object]
) -> None:
    one = milestone(rule, subject)
    assert still_held([one], memory(**{rule: {"held": remembered}})) == (one,)
    assert still_held([one], memory(**{rule: {"held": []}})) == ()
    assert still_held([one], memory(**{rule: {}})) == ()
    assert still_held([one], memory(another={"held": remembered})) == ()


def test_of_several_held_ones_of_a_subject_the_newest_counts() -> None:
    old, new, other = (milestone("open_top5", s, n) for s, n in (("4", 1), ("4", 30), ("5", 9)))
    told = milestone("open_top5", "3", 40, held_by=())
    remembered = memory(open_top5={"held": [3, 4, 5]})
    for stored in ([old, new, other, told], [told, other, new, old]):
        assert still_held(stored, remembered) == (other, new)


def test_models_of_the_first_ten_of_whom_nobody_knows_are_states() -> None:
    counts = {f"open/{n}": 100 - n for n in range(1, 9)} | {"lab/nine": 9, "lab/ten": 8}
    ranking = standings("models", days([counts | {"lab/eleven": 7}] * 7), START + timedelta(6))
    found = unknown_states(ranking, open_closed(), NOW)
    assert [(each.kind, each.board, each.subject, each.since) for each in found] == [
        (StateKind.UNKNOWN, "models", "lab/nine", NOW),
        (StateKind.UNKNOWN, "models", "lab/ten", NOW),
    ]
    assert found[1].detail == ("place 10 of the seven days to 2026-06-07: No evidence either way.")


def test_what_is_known_from_a_later_day_on_is_unknown_before() -> None:
    end = START + timedelta(6)
    ranking = standings("models", days([{"lab/a": 5, "lab/b": 4, "lab/c": 3}] * 7), end)
    known = directory(
        models={
            "lab/a": verdict(Openness.OPEN, end),
            "lab/c": verdict(Openness.CLOSED, end),
            "lab/b": verdict(Openness.CLOSED, end + timedelta(1)),
        }
    )
    assert [each.subject for each in unknown_states(ranking, known, NOW)] == ["lab/b"]


def test_without_a_complete_window_no_model_is_unknown() -> None:
    assert unknown_states(None, open_closed(), NOW) == ()
