"""A model's ranks, tokens and milestones become a chart, and the words for it (pure)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from bot.answers.model import Point, Profile, Record
from bot.model import Milestone, Openness
from bot.pictures import Tick, rank_ticks
from bot.pictures.history import History
from bot.standings import WEEK
from bot.text.alert import on_board
from bot.text.model_events import event_words, own
from bot.text.rounds import token_ticks
from bot.text.say import Names, Say
from bot.text.words import (
    LONGEST_ALT,
    citation,
    estimates_word,
    openness_word,
    short_name,
)

_FEWEST = 2
"""Ranks: one alone is no history."""
_MOST_TOLD = 14
"""Dates that are told one by one: of more those a week apart."""
_MILESTONES_ALT = 400
"""Characters that milestones may take, so that ranks have room too."""


def model_history(
    found: Profile, milestones: Sequence[Milestone], names: Names, say: Say
) -> History | None:
    """Return the chart of a model, None where there are not two ranks to be drawn.

    Of the milestones the model's own are marked, as far as they are of the dates that are shown.
    """
    points, record, newest = found.history, found.record, found.newest
    ranks = tuple(point.rank for point in points)
    tokens = tuple(point.tokens for point in points)
    if record is None or newest is None or len(points) - ranks.count(None) < _FEWEST:
        return None
    return History(
        title=_title(found, record, say),
        subtitle=_subtitle(found, say),
        empty=say("No complete week is stored yet"),
        citation=citation(newest.as_of),
        language=say.code,
        estimated=estimates_word(say, estimated=found.board.estimated),
        name=found.name,
        openness=found.verdict.openness,
        dates=tuple(point.date for point in points),
        days=tuple(say.short_day(point.date) for point in points),
        ranks=ranks,
        tokens=tokens,
        rank_ticks=rank_ticks(max(rank for rank in ranks if rank is not None)),
        token_ticks=token_ticks(max(used for used in tokens if used is not None), say),
        rank_label=say("Rank"),
        tokens_label=say("Tokens in seven days"),
        ending=_ending(ranks[-1], say),
        amount="" if tokens[-1] is None else say.tokens(tokens[-1]),
        events=tuple(_events(found, milestones, names, say)),
        words={openness: openness_word(openness, say) for openness in Openness},
    )


def model_alt(picture: History, points: Sequence[Point], say: Say) -> str:
    """Return the chart in words: milestones, then ranks and tokens, both newest first.

    `points` are those that it shows. The oldest give way where it is too long.
    """
    told = _filled(say("Milestones:"), _happened(picture, say), _MILESTONES_ALT)
    title = f"{picture.title}. {picture.subtitle}."
    head = " ".join(filter(None, (title, told, say("Newest first:"))))
    return _filled(head, _alike(_spaced(points), say), LONGEST_ALT)


def _filled(head: str, told: Iterable[str], most: int) -> str:
    """Return as many of the words as there is room for behind a head; nothing without any."""
    text = head
    for each in told:
        if len(text) + len(each) + 2 > most:
            break
        text = f"{text} {each};"
    return "" if text == head else f"{text.removesuffix(';')}."


def _title(found: Profile, record: Record, say: Say) -> str:
    """Return what the chart shows: where the model stands, and how that is for it."""
    model, best = short_name(found.name), record.best.rank
    if found.place is None:
        return say(
            "{model} is not in the ranking now; its best was number {rank}", model=model, rank=best
        )
    rank = found.place.rank
    if rank == 1:
        return _leading(model, record, say)
    if rank == best:
        return say("{model} is at its best rank on record: number {rank}", model=model, rank=best)
    return say(
        "{model} is number {rank}; its best was number {best}", model=model, rank=rank, best=best
    )


def _ending(rank: int | None, say: Say) -> str:
    return say("not listed") if rank is None else say("number {rank}", rank=rank)


def _leading(model: str, record: Record, say: Say) -> str:
    runs = (each.present for each in record.streaks if each.depth == 1)
    run = next(runs, None)
    if run is None or run.cut:
        return say("{model} is number one", model=model)
    return say("{model} has led since {day}", model=model, day=say.day(run.first))


def _subtitle(found: Profile, say: Say) -> str:
    points = found.history
    told = say(
        "Rank and tokens over the seven days up to each date, {start} to {end}",
        start=say.day(points[0].date),
        end=say.day(points[-1].date),
    )
    return on_board(told, found.board.name, say)


def _events(
    found: Profile, milestones: Sequence[Milestone], names: Names, say: Say
) -> Iterator[Tick]:
    """Yield the model's own milestones of the dates that are shown, the most telling first."""
    index = {point.date: n for n, point in enumerate(found.history)}
    for one in own(milestones, found.model):
        if one.date in index:
            words = event_words(one, found.model, lambda model: short_name(names(model)), say)
            yield Tick(index[one.date], words)


def _happened(picture: History, say: Say) -> Iterator[str]:
    """Yield what happened on a day and the day, newest first."""
    newest_first = sorted(picture.events, key=lambda event: -event.value)
    for index, group in groupby(newest_first, key=lambda event: event.value):
        words = dict.fromkeys(event.label for event in group)
        yield f"{', '.join(words)} ({say.short_day(picture.dates[index])})"


def _spaced(points: Sequence[Point]) -> list[Point]:
    """Return the points, newest first: those a week apart where there are many."""
    newest = points[-1].date
    every = timedelta(days=WEEK if len(points) > _MOST_TOLD else 1)
    return [point for point in reversed(points) if not (newest - point.date) % every]


def _alike(points: Sequence[Point], say: Say) -> Iterator[str]:
    """Yield rank and tokens, with the dates in a row that have the same."""
    for word, group in groupby(points, key=lambda point: _word(point, say)):
        days = [say.short_day(point.date) for point in group]
        several = say("{start} to {end}", start=days[-1], end=days[0])
        yield f"{word} ({several if len(days) > 1 else days[0]})"


def _word(point: Point, say: Say) -> str:
    if point.rank is None or point.tokens is None:
        return say("not listed") if point.stored else say("no ranking")
    tokens = say.tokens(point.tokens)
    return say("number {rank} with {tokens} tokens", rank=point.rank, tokens=tokens)
