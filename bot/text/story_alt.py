"""What the picture of a milestone shows, in words (pure)."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from bot.answers.stories import Course, Scene
from bot.model import Entrant
from bot.pictures.milestone import OPEN_MODELS, Kind
from bot.text.say import Names, Say
from bot.text.stories import count_open, ending, happened, name_of, said_value, subtitle
from bot.text.words import LONGEST_ALT, estimates_word, openness_word, short_name

_DATES_SAID = 8
"""Dates before the last whose figures a description has, evenly spread."""

_MOST_SAID = 10


def story_alt(scene: Scene, names: Names, say: Say) -> str:
    """Return what the picture of a milestone shows, in words: as much as fits, whole."""
    estimated = estimates_word(say, estimated=scene.milestone.weekly)
    head = " ".join(f"{part}." for part in (subtitle(scene, say), estimated) if part)
    if scene.story.kind is Kind.PLACES:
        return _filled(head, _places_told(scene, say))
    text = _filled(f"{head} {happened(scene, names, say)}.", _strong(scene, names, say))
    last_day = _last_day(list(_others(scene, names, say)), say)
    return next((said for each in last_day if (said := _filled(text, [each])) != text), text)


def _filled(text: str, parts: Iterable[str]) -> str:
    """Return a text with the parts that it has room for, up to the first that is too long."""
    for part in parts:
        if len(text) + len(part) + 1 > LONGEST_ALT:
            break
        text = f"{text} {part}"
    return text


def _places_told(scene: Scene, say: Say) -> Iterator[str]:
    last, then = scene.milestone, scene.milestone.half_year
    held = say("On the last day: {places}.", places=_holders(last.top, say))
    yield f"{held} {_counted(last.top, say)}"
    if then is not None and then.top:
        day = say.day(then.date)
        held = say("Six months before, {day}: {places}.", day=day, places=_holders(then.top, say))
        yield f"{held} {_counted(then.top, say)}"
    earlier = [
        f"{say.short_day(day)} {count_open(top)}"
        for day, top in zip(scene.dates[:-1], scene.seats[:-1], strict=True)
        if top
    ]
    if earlier:
        yield say("How many were open before: {days}.", days=", ".join(earlier))


def _holders(top: Sequence[Entrant], say: Say) -> str:
    return "; ".join(
        f"{each.rank} {short_name(each.name)} ({openness_word(each.openness, say)})" for each in top
    )


def _counted(top: Sequence[Entrant], say: Say) -> str:
    return say("Known to be open: {count} of {places}.", count=count_open(top), places=len(top))


def _strong(scene: Scene, names: Names, say: Say) -> Iterator[str]:
    """Yield where the strong ones are on the last day, then how they came there."""
    strong = [each for each in scene.courses if each.strong]
    for course in strong:
        if said := ending(course, scene, say):
            yield f"{_called(course, names, say)}: {said}."
    for course in strong:
        if points := _points(scene, course, say):
            name, days = short_name(name_of(course.about, names, say)), ", ".join(points)
            yield say("{name} before: {days}.", name=name, days=days)


def _last_day(places: Sequence[str], say: Say) -> Iterator[str]:
    """Yield the sentence of the last day with as many of the first places as there is room for."""
    for count in range(len(places), 0, -1):
        yield say("On the last day: {places}.", places="; ".join(places[:count]))


def _called(course: Course, names: Names, say: Say) -> str:
    name = short_name(name_of(course.about, names, say))
    if course.openness is None or course.about == OPEN_MODELS:
        return name
    return f"{name} ({openness_word(course.openness, say)})"


def _points(scene: Scene, course: Course, say: Say) -> list[str]:
    """Return the figures of at most eight dates before the last one, evenly picked."""
    kind = scene.story.kind
    dated = zip(scene.dates[:-1], course.values[:-1], strict=True)
    known = [(day, value) for day, value in dated if value is not None]
    picked = known[:: max(-(-len(known) // _DATES_SAID), 1)]
    return [f"{say.short_day(day)} {_bare(value, kind, say)}" for day, value in picked]


def _others(scene: Scene, names: Names, say: Say) -> Iterator[str]:
    """Yield all that have a figure on the last day, the first ones first: ten at most."""
    kind = scene.story.kind
    others = [each for each in scene.courses if kind is Kind.RANKS or not each.strong]
    ordered = sorted(
        ((value, each) for each in others if (value := each.values[-1]) is not None),
        key=lambda one: one[0] if kind is Kind.RANKS else -one[0],
    )
    for value, each in ordered[:_MOST_SAID]:
        called, said = _called(each, names, say), _bare(value, kind, say)
        yield f"{said} {called}" if kind is Kind.RANKS else f"{called} {said}"


def _bare(value: Fraction, kind: Kind, say: Say) -> str:
    return str(value) if kind is Kind.RANKS else said_value(value, kind, say)
