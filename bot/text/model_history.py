"""A model's ranks become a chart, and the words that stand in for it (pure)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.answers.model import Point, Profile
from bot.model import Openness
from bot.pictures import rank_ticks
from bot.pictures.compare import Lines, Series
from bot.text.alert import on_board
from bot.text.say import Say
from bot.text.words import LONGEST_ALT, citation, openness_word, short_name

_FEWEST = 2


def model_history(found: Profile, say: Say) -> Lines | None:
    """Return the chart of a model's ranks, None where there are not two to be drawn."""
    points = found.history
    ranks = tuple(point.rank for point in points)
    if found.newest is None or len(points) - ranks.count(None) < _FEWEST:
        return None
    last = say("not listed") if ranks[-1] is None else say("rank {rank}", rank=ranks[-1])
    return Lines(
        title=say("{model}: its ranks", model=found.name),
        subtitle=_subtitle(found, say),
        dates=tuple(point.date for point in points),
        days=tuple(say.short_day(point.date) for point in points),
        series=(Series(found.name, found.verdict.openness, ranks, last),),
        ticks=rank_ticks(max(rank for rank in ranks if rank is not None)),
        ranks=True,
        words={openness: openness_word(openness, say) for openness in Openness},
        empty=say("No complete week is stored yet"),
        citation=citation(found.newest.as_of),
    )


def model_alt(found: Profile, say: Say) -> str:
    """Return the ranks of the chart in words, newest first; the oldest give way where too long."""
    text = say(
        "{model}: its ranks. {subtitle}. Newest first:",
        model=short_name(found.name),
        subtitle=_subtitle(found, say),
    )
    for word, days in _alike(found.history, say):
        more = f"{text} {word} ({days});"
        if len(more) > LONGEST_ALT:
            break
        text = more
    return f"{text.rstrip(';')}."


def _subtitle(found: Profile, say: Say) -> str:
    points = found.history
    told = say(
        "By tokens over the seven days up to each date, {start} to {end}",
        start=say.day(points[0].date),
        end=say.day(points[-1].date),
    )
    return on_board(told, found.board.name, say)


def _alike(points: Sequence[Point], say: Say) -> Iterator[tuple[str, str]]:
    """Yield each rank in words with the days in a row that have it, newest first."""
    for word, group in groupby(reversed(points), key=lambda point: _word(point, say)):
        days = [say.short_day(point.date) for point in group]
        several = say("{start} to {end}", start=days[-1], end=days[0])
        yield word, several if len(days) > 1 else days[0]


def _word(point: Point, say: Say) -> str:
    if point.rank is not None:
        return str(point.rank)
    return say("not listed") if point.stored else say("no ranking")
