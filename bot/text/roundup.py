"""Milestones that were held back, those of a week, and those of a test, as messages (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from bot.message import Line, Message, Section
from bot.model import Severity
from bot.text.alert import Told, alert, estimates, missing_other
from bot.text.milestones import severity_word
from bot.text.say import Say
from bot.text.words import between, citation

MOST_WHOLE = 8
"""So many milestones are told with their sentences, if these have room."""

_ROOM = 3200
"""Characters for the milestones of a roundup; Discord takes about 4,000 for all of a message."""

_LONGEST_LINE = 400
"""Of a line no more is shown."""

_SEVERITIES = tuple(Severity)


def roundup(told: Sequence[Told], key: str, say: Say) -> Message:
    """Return the message for milestones (at least one) that were held back, the oldest day first.

    Those of one board and day read as their alert does.
    """
    ordered = in_order(told)
    if len({(one.milestone.board, one.milestone.date) for one in ordered}) == 1:
        return _late(ordered, key, say)
    return Message(
        title=say("What happened meanwhile"),
        lead=(_how_many(ordered, say),),
        caption="",
        ranking=(),
        notes=(*_notes(ordered, say), computed(say)),
        citation=citation(max(one.milestone.as_of for one in ordered)),
        key=key,
        sections=_sections(ordered, say),
    )


def trial(told: Sequence[Told], key: str, say: Say) -> Message:
    """Return the message of a test: the alert of milestones of one board and day, if any."""
    if not told:
        lead = (say("Nothing has happened yet that would be told here."),)
        return Message(say("A test: alerts arrive here"), lead, "", (), (), "", key)
    ordered = in_order(told)
    said = alert(ordered, say)
    return replace(
        said,
        title=say("A test: alerts will look like this"),
        lead=(said.title, *said.lead),
        key=key,
        sections=(_proofs(ordered, say),),
    )


def in_order(told: Iterable[Told]) -> list[Told]:
    """Return them by day; of one day the weightiest first."""
    return sorted(told, key=lambda one: (one.milestone.date, _weight(one)))


def weightiest(told: Iterable[Told]) -> Told:
    """Return the weightiest (of at least one), of several the newest."""
    return min(told, key=_weightiest_first)


def listed(told: Sequence[Told], room: int, say: Say) -> tuple[Line, ...]:
    """Return each with its day, its headline and its key, in their order.

    Where they take more than `room` characters, the weightiest that fit, and how many more.
    """
    entries = [_entry(one, say) for one in told]
    weighty = sorted(range(len(told)), key=lambda number: _weightiest_first(told[number]))
    sums = accumulate(map(_length, (entries[number] for number in weighty)))
    kept = {number for number, taken in zip(weighty, sums, strict=True) if taken <= room}
    shown = [line for number in sorted(kept) for line in entries[number]]
    return (*shown, *_more(len(told) - len(kept), say))


def computed(say: Say) -> str:
    """Return where to look how a milestone was computed."""
    return say("/milestone shows how one was computed.")


def _weight(one: Told) -> int:
    return _SEVERITIES.index(one.milestone.severity)


def _weightiest_first(one: Told) -> tuple[int, int]:
    return _weight(one), -one.milestone.date.toordinal()


def _late(told: Sequence[Told], key: str, say: Say) -> Message:
    said = alert(told, say)
    day = say.day(told[0].milestone.date)
    held = say("Held back until now, from {day}.", day=day)
    return replace(said, lead=(held, *said.lead), key=key, sections=(_proofs(told, say),))


def _proofs(told: Sequence[Told], say: Say) -> Section:
    """Return day, weight and key of each, which an alert has in its last line."""
    return Section("", tuple(line for one in told for line in _proof(one, say)))


def _proof(one: Told, say: Say) -> tuple[Line, Line]:
    return Line(_about(one, say)), Line(one.milestone.key)


def _about(one: Told, say: Say) -> str:
    milestone = one.milestone
    about = f"{say.day(milestone.date)} · {severity_word(milestone.severity, say)}"
    if milestone.revised is None or milestone.withdrawn is not None:
        return about
    return f"{about} · {say('edited: these are its final figures')}"


def _how_many(told: Sequence[Told], say: Say) -> str:
    return say.plural(
        "{count} milestone was held back until now: {span}.",
        "{count} milestones were held back until now: {span}.",
        len(told),
        span=between(told[0].milestone.date, told[-1].milestone.date, say),
    )


def _sections(told: Sequence[Told], say: Say) -> tuple[Section, ...]:
    """Return a section for each milestone where that has room, else one with a list of them."""
    if len(told) <= MOST_WHOLE:
        whole = [_whole(one, say) for one in told]
        if sum(len(each.heading) + _length(each.lines) for each in whole) <= _ROOM:
            return tuple(whole)
    return (Section("", listed(told, _ROOM, say)),)


def _whole(one: Told, say: Say) -> Section:
    said = alert([one], say)
    return Section(said.title, (*map(Line, said.lead), *_proof(one, say)))


def _entry(one: Told, say: Say) -> tuple[Line, Line]:
    title = alert([one], say).title
    return Line(f"{_about(one, say)} · {title}"), Line(one.milestone.key)


def _length(lines: Iterable[Line]) -> int:
    return sum(min(len(line.text), _LONGEST_LINE) + 1 for line in lines)


def _more(count: int, say: Say) -> tuple[Line, ...]:
    if not count:
        return ()
    text = say.plural(
        "And {count} more milestone: see /milestones.",
        "And {count} more milestones: see /milestones.",
        count,
    )
    return (Line(text),)


def _notes(told: Sequence[Told], say: Say) -> tuple[str, ...]:
    weekly = any(one.milestone.weekly for one in told)
    lacking = max(one.milestone.days_without_other for one in told)
    return (*([estimates(say)] if weekly else []), *missing_other(lacking, say))
