"""What is not as it should be, as states that begin and end (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.errors import PayloadRefused, SourceError
from bot.model import Day, Memory, Milestone, Openness, Standings
from bot.openness import Directory
from bot.settling import (
    LEAST,
    Sighting,
    older_readings,
    same_weekday,
    settled,
    total,
    twice_the_median,
)
from bot.standings import ONE_DAY, newest_judged

LATE = timedelta(hours=6)
"""How long after its end a day that is not stored counts as not published."""

TOP = 10
"""Places of the newest window whose models should be known to be open or closed."""


class StateKind(StrEnum):
    """What may be out of the ordinary; each is another thing to wait for, or to look after."""

    UNREACHABLE = "source unreachable"
    NOT_PUBLISHED = "day not published"
    REFUSED = "payload refused"
    UNSETTLED = "day unsettled"
    HELD = "milestone held"
    UNKNOWN = "model unknown"


@dataclass(frozen=True, slots=True)
class State:
    """Something out of the ordinary on a board, about `subject`, seen `since` a moment (UTC).

    The subject is the source's name, the day, the milestone's key or the model.
    """

    kind: StateKind
    board: str
    subject: str
    since: datetime
    detail: str


Merged: TypeAlias = tuple[tuple[State, ...], tuple[State, ...], tuple[State, ...]]
"""The states that are true now, those of them that began, and those that ended."""


def merge(before: Sequence[State], now_true: Sequence[State]) -> Merged:
    """Return the states that are true now, those that began, and those of `before` that ended.

    A state is the same one by kind, board and subject: it keeps its `since`, and takes the new
    detail. What is true now and what began are in the order of `now_true`, what ended in that of
    `before`.
    """
    known = {_identity(state): state for state in before}
    true = {_identity(state): state for state in now_true}
    kept = tuple(
        replace(state, since=known[which].since) if which in known else state
        for which, state in true.items()
    )
    began = tuple(state for which, state in true.items() if which not in known)
    return kept, began, tuple(state for which, state in known.items() if which not in true)


def _identity(state: State) -> tuple[StateKind, str, str]:
    return state.kind, state.board, state.subject


def source_states(
    board: str, source: str, error: SourceError | None, now: datetime
) -> tuple[State, ...]:
    """Return what the error that the last poll ended with says of the source, if it had one."""
    if error is None:
        return ()
    refused = isinstance(error, PayloadRefused)
    kind = StateKind.REFUSED if refused else StateKind.UNREACHABLE
    return (State(kind, board, source, now, str(error)),)


def day_states(
    board: str,
    days: Mapping[date, Day],
    sightings: Sequence[Sighting],
    now: datetime,
    *,
    keyed: bool,
) -> tuple[State, ...]:
    """Return the newest day due that is not stored, and the one that waits to be settled.

    `days` hold at least those stored from `settling.oldest_compared` on.
    """
    found: list[State] = []
    due, newest = (now - LATE).date() - ONE_DAY, newest_judged(now)
    if due not in days:
        last = max(days, default=None)
        detail = f"the newest stored day is {last}" if last else "no day is stored"
        found.append(State(StateKind.NOT_PUBLISHED, board, str(due), now, detail))
    day = days.get(newest)
    if day is not None and not settled(day, days, sightings, now, keyed=keyed):
        detail = _compared_with(day, () if keyed else same_weekday(newest, days), sightings)
        found.append(State(StateKind.UNSETTLED, board, str(newest), now, detail))
    return tuple(found)


def _compared_with(day: Day, before: Sequence[int], sightings: Sequence[Sighting]) -> str:
    """Return why a day is unsettled, by the totals `before` it or, without any, its readings."""
    said = f"{total(day):,} tokens"
    if before:
        median = f"{twice_the_median(before) // 2:,}, the median of the same weekday before"
        return f"{said}, under {LEAST} % of {median}"
    if older := older_readings(day, sightings):
        return f"{said}; {older[-1].total:,} when read on {older[-1].as_of:%Y-%m-%d %H:%M} UTC"
    return f"{said}; no reading is three hours older"


def held_states(milestones: Sequence[Milestone], now: datetime) -> tuple[State, ...]:
    """Return a state for each of the milestones that are held now (see `still_held`)."""
    return tuple(State(StateKind.HELD, one.board, one.key, now, only_if(one)) for one in milestones)


def only_if(milestone: Milestone) -> str:
    """Return what a held milestone waits for."""
    lost = milestone.rule == "open_top5_lost" or milestone.facts.get("direction") == "down"
    verb = "is" if len(milestone.held_by) == 1 else "are"
    return f"only if {', '.join(milestone.held_by)} {verb} {'closed' if lost else 'open'}"


def still_held(milestones: Sequence[Milestone], memory: Memory) -> tuple[Milestone, ...]:
    """Return the newest of a board's held milestones of each rule and subject still held.

    By date, then key. What is held stands in the rules' own memories: the last part of a subject.
    """
    held = {
        (mark.split("@")[0], str(each))
        for mark, remembered in memory.rules.items()
        for each in remembered.get("held", ())
    }
    by_date = sorted((one for one in milestones if one.held_by), key=lambda m: (m.date, m.key))
    newest = {(one.rule, one.subject): one for one in by_date}
    kept = (m for m in newest.values() if (m.rule, m.subject.rsplit(":", 1)[-1]) in held)
    return tuple(sorted(kept, key=lambda m: (m.date, m.key)))


def unknown_states(
    ranking: Standings | None, directory: Directory, now: datetime
) -> tuple[State, ...]:
    """Return a state for each model of the first ten of whom nobody knows whether it is open."""
    if ranking is None:
        return ()
    verdicts = [(p, directory.at(p.model, ranking.date)) for p in ranking.places[:TOP]]
    return tuple(
        State(
            StateKind.UNKNOWN,
            ranking.board,
            place.model,
            now,
            f"place {place.rank} of the seven days to {ranking.date}: {verdict.evidence}",
        )
        for place, verdict in verdicts
        if verdict.openness is Openness.UNKNOWN
    )
