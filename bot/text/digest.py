"""A week of some boards becomes one message (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from babel.numbers import get_decimal_symbol

from bot.answers.digest import Summed
from bot.answers.movers import Mover, Movers
from bot.answers.openness import Balance
from bot.message import Line, Message, Ranked, Section
from bot.model import Openness, Place, Standings
from bot.openness import Directory
from bot.standings import WEEK
from bot.text import numbers
from bot.text.alert import Told, estimates, missing_other, on_board
from bot.text.boards import board_title
from bot.text.openness import headline
from bot.text.partly import partly
from bot.text.ranking import change, ranked
from bot.text.refusals import why_none
from bot.text.roundup import computed, in_order, listed
from bot.text.say import Say
from bot.text.words import citation, openness_word, short_name, span

_PLACES, _MOVED = 5, 3

_FEWER = ((5, 3), (3, 1))
"""Places, and models up and down, of each board after the first: fewer where there is no room."""

_ROOM, _LEAST_ROOM = 3700, 500
"""Characters of a digest, for Discord takes about 4,000; and those kept free for milestones."""

_ROW = 24
"""Characters of a row of a ranking besides what it says: marks and what stands between them."""

_THOUSAND = 1000


def digest(
    found: Sequence[Summed], told: Sequence[Told], key: str, directory: Directory, say: Say
) -> Message:
    """Return the week of some boards, in their order, and what was told of it.

    The first board that has a complete week leads, with its ranking.
    """
    first = leading(found)
    begun = Message(
        title=say("The week on OpenRouter"),
        lead=(_share(first, say),) if first else (),
        caption=_caption(first, say),
        ranking=_ranking(first, _PLACES, directory, say) if first else (),
        notes=(*_notes(found, told, directory, say), *([computed(say)] if told else [])),
        citation=_citation(found, told),
        key=key,
        sections=_moved(first, say) if first else (),
    )
    room = _ROOM - _size(begun)
    others = [each for each in found if each is not first]
    rest = _boards(others, first, room - _LEAST_ROOM, directory, say)
    milestones = _milestones(told, room - sum(map(_length, rest)), say)
    return replace(begun, sections=(*begun.sections, milestones, *rest))


def leading(found: Sequence[Summed]) -> Summed | None:
    """Return the board that leads, whose chart is shown; None where none has a complete week."""
    return next((each for each in found if each.week is not None), None)


def chart_title(week: Standings, directory: Directory, say: Say) -> str:
    """Return who leads a week, and whether since lately; nobody does where nobody has most."""
    first, *others = week.places or (None,)
    if first is None or (others and others[0] is not None and others[0].tokens == first.tokens):
        return say("Most-used models on OpenRouter")
    model, share = short_name(directory.name(first.model)), say.percent(first.tokens, week.total)
    if week.compared and first.rank_before != 1:
        return say("{model} takes the lead with {share} of all tokens", model=model, share=share)
    return say("{model} leads with {share} of all tokens", model=model, share=share)


def _caption(first: Summed | None, say: Say) -> str:
    if first is None or first.week is None:
        return ""
    top = say("Top five by tokens, {span}", span=span(first.week.date, WEEK, say))
    return on_board(top, first.board.name, say)


def _ranking(summed: Summed, count: int, directory: Directory, say: Say) -> tuple[Ranked, ...]:
    week = summed.week
    if week is None:
        return ()
    return tuple(ranked(place, week, directory, say) for place in week.places[:count])


def _share(summed: Summed, say: Say) -> str:
    """Return how open the week is, against the one before, and what is unknown; or why none is."""
    now = summed.now
    if now is None:
        return why_none(summed.answer, say)
    parts = [headline(now, say), *_against(summed.before, now, say)]
    if now.unknown:
        word, share = openness_word(Openness.UNKNOWN, say), say.percent(now.unknown, now.counted)
        parts.append(f"{Openness.UNKNOWN.mark} {word} {share}")
    return " · ".join(parts)


def _against(before: Balance | None, now: Balance, say: Say) -> list[str]:
    """Return the change of the open share: the difference of the figures that both weeks show."""
    if before is None or not before.counted or not now.counted:
        return []
    gained = numbers.tenths(now.open, now.counted) - numbers.tenths(before.open, before.counted)
    points = numbers.percent(abs(gained), _THOUSAND, get_decimal_symbol(say.code))
    if gained > 0:
        return [f"▲ {say('up {points} points', points=points)}"]
    if gained < 0:
        return [f"▼ {say('down {points} points', points=points)}"]
    return [f"= {say('same')}"]


def _moved(first: Summed, say: Say) -> tuple[Section, ...]:
    if first.moved is None:
        text = say("The week before is not complete here: nothing can be compared with it.")
        return (Section("", (Line(text),)),)
    kinds = (
        (say("Climbers"), first.moved.climbers),
        (say("Fallers"), first.moved.fallers),
    )
    sections = tuple(
        Section(heading, tuple(_line_of(each, say) for each in kind[:_MOVED]))
        for heading, kind in kinds
        if kind
    )
    nobody = say("No model of the top 30 that is listed in both weeks changed its rank.")
    return sections or (Section("", (Line(nobody),)),)


def _line_of(mover: Mover, say: Say) -> Line:
    name = f"{mover.openness.mark} {short_name(mover.name)}"
    place = mover.after
    if place is None or mover.before is None:
        return Line(name)
    moved = say(
        "{change}, from {before} to {after}",
        change=change(place, say),
        before=mover.before.rank,
        after=place.rank,
    )
    return Line(f"{name} · {openness_word(mover.openness, say)} · {moved}")


def _milestones(told: Sequence[Told], room: int, say: Say) -> Section:
    if not told:
        return Section(
            say("Milestones"), (Line(say("No headlines or notable milestones this week.")),)
        )
    return Section(say("Milestones"), listed(in_order(told), room, say))


def _boards(
    found: Sequence[Summed], first: Summed | None, room: int, directory: Directory, say: Say
) -> tuple[Section, ...]:
    """Return as much of some boards as there is room for; without room their leaders alone."""
    made: tuple[Section, ...] = ()
    if not found:
        return made
    end = first.week.date if first is not None and first.week is not None else None
    for made in _less_and_less(found, end, directory, say):
        if sum(map(_length, made)) <= room:
            break
    return made


def _less_and_less(
    found: Sequence[Summed], end: date | None, directory: Directory, say: Say
) -> Iterator[tuple[Section, ...]]:
    """Yield a section for each board, with fewer and fewer lines; then a line for each."""
    for most in _FEWER:
        yield tuple(_board(each, end, most, directory, say) for each in found)
    leaders = [_leader(each, end, directory, say) for each in found]
    shares = [_known_open(each, say) for each in found]
    both = (f"{leader}{share}" for leader, share in zip(leaders, shares, strict=True))
    heading = say("Who leads the other boards")
    yield (Section(heading, tuple(map(Line, both))),)
    yield (Section(heading, tuple(map(Line, leaders))),)


def _board(
    summed: Summed, end: date | None, most: tuple[int, int], directory: Directory, say: Say
) -> Section:
    places, moved = most
    lines = [_place(each) for each in _ranking(summed, places, directory, say)]
    movers = (_line_of(each, say) for each in _furthest(summed.moved, moved))
    return Section(_heading(summed, end, say), (*map(Line, [*lines, _share(summed, say)]), *movers))


def _heading(summed: Summed, end: date | None, say: Say) -> str:
    """Return what a board is called, and its week if that is not the first board's."""
    title, week = board_title(summed.board.name, say), summed.week
    if week is None or week.date == end:
        return title
    return f"{title}, {span(week.date, WEEK, say)}"


def _leader(summed: Summed, end: date | None, directory: Directory, say: Say) -> str:
    title = _heading(summed, end, say)
    for first in _ranking(summed, 1, directory, say):
        return f"{title}: {_called(first)} · {first.word} · {first.share}"
    return f"{title}: {_share(summed, say)}"


def _known_open(summed: Summed, say: Say) -> str:
    """Return the open share, to stand behind a leader; "" where nothing is known of it."""
    now = summed.now
    if now is None or not now.counted:
        return ""
    share = say.percent(now.open, now.counted)
    return f" · {say('{share} known to be open', share=share)}"


def _place(place: Ranked) -> str:
    called = f"{place.rank} {_called(place)}"
    return " · ".join(filter(None, (called, place.word, place.share, place.change)))


def _called(place: Ranked) -> str:
    return f"{place.openness.mark} {short_name(place.name)}"


def _furthest(moved: Movers | None, count: int) -> list[Mover]:
    return [*moved.climbers[:count], *moved.fallers[:count]] if moved is not None else []


def _length(section: Section) -> int:
    return len(section.heading) + sum(len(line.text) + 1 for line in section.lines)


def _size(message: Message) -> int:
    """Return about how many characters a card of a message has."""
    rows = (
        _ROW + sum(map(len, (each.name, each.word, each.share, each.tokens, each.change)))
        for each in message.ranking
    )
    lines = (message.title, *message.lead, message.caption, *message.notes, message.citation)
    return sum(map(len, lines)) + sum(rows) + sum(map(_length, message.sections))


def _notes(
    found: Sequence[Summed], told: Sequence[Told], directory: Directory, say: Say
) -> list[str]:
    weeks = [each.week for each in found if each.week is not None]
    places = [place for week in weeks for place in week.places[:_PLACES]]
    notes = []
    if any(week.compared for week in weeks):
        notes.append(say("Changes are against the seven days before."))
    if any(each.now is not None and each.now.unknown for each in found):
        notes.append(say("Unknown: there is no evidence yet whether the weights are public."))
    estimated = any(each.board.estimated for each in found if each.week is not None)
    if estimated or any(one.milestone.weekly for one in told):
        notes.append(estimates(say))
    notes += partly(_named(places, directory), say)
    lacking = [week.days_without_other for week in weeks]
    return [*notes, *missing_other(max(lacking, default=0), say)]


def _named(places: Sequence[Place], directory: Directory) -> list[tuple[str, Place]]:
    by_model = {place.model: place for place in places}
    return [(directory.name(model), place) for model, place in by_model.items()]


def _citation(found: Sequence[Summed], told: Sequence[Told]) -> str:
    figures = [one.milestone.as_of for one in told]
    figures += [each.week.as_of for each in found if each.week is not None]
    return citation(max(figures)) if figures else ""
