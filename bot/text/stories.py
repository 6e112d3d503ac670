"""The picture of a milestone, and its content in words (pure)."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from bot.answers.stories import Course, Scene
from bot.model import Entrant, Openness
from bot.pictures import Tick, rank_ticks, share_ticks
from bot.pictures.milestone import (
    ALL_MODELS,
    OPEN_MODELS,
    Before,
    Kind,
    Places,
    Seat,
    Way,
    Ways,
)
from bot.text.alert import on_board
from bot.text.model_events import event_words
from bot.text.rounds import round_tokens, token_ticks
from bot.text.say import Names, Say
from bot.text.words import (
    between,
    citation,
    estimates_word,
    openness_word,
    short_name,
)

_DATES_SAID = 8
"""Dates before the last whose figures a description has, evenly spread."""
_MOST_SAID = 10

_BEHIND = 10
"""The deepest rank at which a line is shown that steps back."""


def story_picture(scene: Scene, title: str, names: Names, say: Say) -> Places | Ways:
    """Return the picture of a milestone; `title` is that of its alert."""
    if scene.story.kind is Kind.PLACES:
        return _places(scene, title, say)
    return _ways(scene, title, names, say)


def _places(scene: Scene, title: str, say: Say) -> Places:
    milestone = scene.milestone
    return Places(
        title=title,
        subtitle=subtitle(scene, say),
        empty=say("No complete week is stored yet"),
        citation=citation(milestone.as_of),
        language=say.code,
        estimated=estimates_word(say, estimated=milestone.weekly),
        dates=scene.dates,
        days=tuple(map(say.short_day, scene.dates)),
        seats=tuple(tuple(map(_seat, each)) for each in scene.seats),
        counted=tuple(str(count_open(each)) if each else "" for each in scene.seats),
        counts=say("known to be open") if _unknown(scene) else say("open models"),
        since=scene.since,
        before=_before(scene, say),
        words=_openness_words(say),
    )


def _seat(entrant: Entrant) -> Seat:
    return Seat(entrant.name, entrant.openness)


def count_open(top: Sequence[Entrant]) -> int:
    """Return how many of these are known to be open."""
    return sum(entrant.openness is Openness.OPEN for entrant in top)


def _unknown(scene: Scene) -> bool:
    return any(entrant.openness is Openness.UNKNOWN for entrant in scene.milestone.top)


def _before(scene: Scene, say: Say) -> Before | None:
    """Return who held the first places six months before, unless that is among the dates."""
    then = scene.milestone.half_year
    if then is None or not then.top or then.date >= scene.dates[0]:
        return None
    return Before(say("six months before"), tuple(map(_seat, then.top)), str(count_open(then.top)))


def _openness_words(say: Say) -> dict[Openness, str]:
    return {openness: openness_word(openness, say) for openness in Openness}


def subtitle(scene: Scene, say: Say) -> str:
    """Return what is drawn, over which days, and on which board."""
    days = between(scene.dates[0], scene.dates[-1], say)
    said = {
        Kind.PLACES: say("Five most-used models by tokens over seven days, {days}", days=days),
        Kind.RANKS: say("Rank on OpenRouter by tokens over seven days, {days}", days=days),
        Kind.SHARES: say("Share of all tokens on OpenRouter over seven days, {days}", days=days),
        Kind.TOKENS: say("Tokens on OpenRouter over seven days, {days}", days=days),
    }[scene.story.kind]
    if OPEN_MODELS in scene.story.about:
        said = say("Share of ranked tokens on OpenRouter over seven days, {days}", days=days)
    return on_board(said, scene.milestone.board, say)


def _ways(scene: Scene, title: str, names: Names, say: Say) -> Ways:
    milestone, kind = scene.milestone, scene.story.kind
    return Ways(
        title=title,
        subtitle=subtitle(scene, say),
        empty=say("No complete week is stored yet"),
        citation=citation(milestone.as_of),
        language=say.code,
        estimated=estimates_word(say, estimated=milestone.weekly),
        kind=kind,
        dates=scene.dates,
        days=tuple(map(say.short_day, scene.dates)),
        ways=tuple(_way(each, scene, names, say) for each in scene.courses),
        ticks=_ticks(scene, say),
        mark=_mark(scene, say),
        since=scene.since,
        happened=happened(scene, names, say),
        words=_openness_words(say),
    )


def _way(course: Course, scene: Scene, names: Names, say: Say) -> Way:
    kind = scene.story.kind
    values = tuple(_drawn(value, kind) for value in course.values)
    if kind is Kind.RANKS and not course.strong:
        values = tuple(None if rank is None or rank > _BEHIND else rank for rank in values)
    return Way(
        name=name_of(course.about, names, say),
        openness=course.openness,
        values=values,
        ending=ending(course, scene, say),
        strong=course.strong,
        most=tuple(_drawn(value, kind) for value in course.most),
    )


def _drawn(value: Fraction | None, kind: Kind) -> int | None:
    """Return a rank or tokens as they are, a share in hundredths of a per cent."""
    if value is None:
        return None
    return floor(value * (10_000 if kind is Kind.SHARES else 1) + Fraction(1, 2))


def name_of(about: str, names: Names, say: Say) -> str:
    """Return what people call one that a story is about."""
    together = {ALL_MODELS: say("All models"), OPEN_MODELS: say("Open models")}
    if about in together:
        return together[about]
    return about.removesuffix("/") if about.endswith("/") else names(about)


def ending(course: Course, scene: Scene, say: Say) -> str:
    """Return the value on the last day in words; with the most it may be, if that is another."""
    value, most = course.values[-1], course.most[-1] if course.most else None
    if value is None:
        return say("not listed") if scene.stored else ""
    said = said_value(value, scene.story.kind, say)
    if most is None or most == value:
        return said
    highest = said_value(most, scene.story.kind, say)
    return say("{share}, at most {most}", share=said, most=highest)


def said_value(value: Fraction, kind: Kind, say: Say) -> str:
    """Return a value in words: a rank, tokens or a share."""
    if kind is Kind.RANKS:
        return say("number {rank}", rank=value)
    if kind is Kind.TOKENS:
        return say.tokens(int(value))
    return say.percent(value.numerator, value.denominator)


def _ticks(scene: Scene, say: Say) -> tuple[Tick, ...]:
    kind, mark = scene.story.kind, scene.story.mark or 0
    if kind is Kind.RANKS:
        strong = (value for each in scene.courses if each.strong for value in each.values)
        return rank_ticks(int(max((value for value in strong if value is not None), default=1)))
    known = [v for each in scene.courses for v in (*each.values, *each.most) if v is not None]
    if kind is Kind.TOKENS:
        return token_ticks(int(max([*known, Fraction(mark)])), say)
    tenths = ceil(max([*known, Fraction(mark, 100)]) * 1000)
    return tuple(
        Tick(tick.value * 10, tick.label)
        for tick in share_ticks(tenths, lambda value: _said_share(value, say))
    )


def _said_share(tenths: int, say: Say) -> str:
    return say.percent(tenths, 1000) if tenths % 10 else say.whole_percent(tenths // 10)


def _mark(scene: Scene, say: Say) -> Tick | None:
    mark = scene.story.mark
    if mark is None:
        return None
    if scene.story.kind is Kind.TOKENS:
        return Tick(mark, round_tokens(mark, say))
    return Tick(mark * 100, say.whole_percent(mark))


def happened(scene: Scene, names: Names, say: Say) -> str:
    """Return what a milestone tells in few words; with the day, unless it has lasted a while."""
    event = _event(scene, names, say)
    if scene.story.since is not None:
        return event
    return f"{say.short_day(scene.dates[scene.since])}: {event}"


def _event(scene: Scene, names: Names, say: Say) -> str:
    facts, about = scene.milestone.facts, scene.story.about[0]
    if about == OPEN_MODELS:
        mark = say.whole_percent(facts["mark"])
        if facts["direction"] == "up":
            return say("At least {mark}", mark=mark)
        return say("Less than {mark}", mark=mark)
    if about == ALL_MODELS:
        return say("{tokens} in a week", tokens=round_tokens(facts["mark"], say))
    if about.endswith("/"):
        return say("Most-used author")
    return event_words(scene.milestone, about, lambda model: short_name(names(model)), say)
