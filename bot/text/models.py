"""What is known of a model becomes a message (pure)."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from bot.answers.model import (
    LATELY,
    Best,
    Happened,
    Profile,
    Record,
    Run,
    Searched,
    Stood,
    Streak,
)
from bot.boards import Board
from bot.message import Line, Link, Message, Section
from bot.model import Openness, Place, Standings
from bot.standings import WEEK
from bot.text.alert import estimates, missing_other, on_board
from bot.text.catalogued import catalogued
from bot.text.firsts import first_time
from bot.text.openness import evidence
from bot.text.partly import partly
from bot.text.ranking import change
from bot.text.say import Say
from bot.text.words import between, citation, openness_word, span

_SLUG = re.compile(r"[\w.~+-]+(/[\w.~+-]+)*", re.ASCII)
_PAGES = "https://openrouter.ai/"


def model_message(
    found: Profile, happened: Sequence[Happened], dispute: Link | None, say: Say
) -> Message:
    """Return what is known of a model, with its newest milestones and a way to dispute."""
    mark, word = found.verdict.openness.mark, openness_word(found.verdict.openness, say)
    sections = (
        Section(say("Now"), tuple(_lines(_now(found, say)))),
        Section(say("Best so far"), tuple(_lines(_best(found, say)))),
        Section(say("In a row"), tuple(_lines(_in_a_row(found, say)))),
        Section(say("Openness"), tuple(_openness(found, dispute, say))),
        Section(say("From OpenRouter’s catalogue"), tuple(_lines(_catalogued(found, say)))),
        Section(
            say("Milestones of the last {days} days", days=LATELY.days),
            tuple(_milestone(one, say) for one in happened),
        ),
    )
    return Message(
        title=on_board(found.name, found.board.name, say),
        lead=(f"{mark} {word} · {found.model}",),
        caption="",
        ranking=(),
        notes=tuple(_notes(found, say)),
        citation=citation(found.newest.as_of) if found.newest else "",
        sections=tuple(section for section in sections if section.lines),
        links=tuple(_page(found.model, say)),
    )


def _lines(texts: Iterator[str]) -> Iterator[Line]:
    return map(Line, texts)


def _now(found: Profile, say: Say) -> Iterator[str]:
    newest, place, record = found.newest, found.place, found.record
    if newest is None:
        yield say("No complete week is stored yet")
    elif place is not None:
        yield " · ".join([say("Rank {rank}", rank=place.rank), *_changed(newest, place, say)])
        yield _share(Stood(newest.date, place, newest.total), say)
        yield say("By tokens, {span}", span=span(newest.date, WEEK, say))
    else:
        yield say("Not in the published ranking, {span}", span=span(newest.date, WEEK, say))
        if record is not None:
            rank, day = record.last.place.rank, say.day(record.last.date)
            yield say("Last in a week’s ranking: that to {day}, at rank {rank}", day=day, rank=rank)
        elif found.searched is not None:
            yield say("Never listed in {over}", over=_over(found.searched, say))


def _changed(newest: Standings, place: Place, say: Say) -> list[str]:
    return [change(place, say)] if newest.compared else []


def _share(stood: Stood, say: Say) -> str:
    return say(
        "{share} of all tokens · {tokens} tokens",
        share=say.percent(stood.place.tokens, stood.total),
        tokens=say.tokens(stood.place.tokens),
    )


def _best(found: Profile, say: Say) -> Iterator[str]:
    searched, record = found.searched, found.record
    if searched is None or record is None:
        return
    best, since = record.best, searched.since
    if best.windows > 1 or best.first == since:
        first = first_time(best.first, since, say, gap=best.gap)
    else:
        first = say.day(best.first)
    yield f"{_best_rank(best, found.board, say)}, {first}"
    yield from _highest(record, searched, say)
    yield say("Out of {over}", over=_over(searched, say))


def _best_rank(best: Best, board: Board, say: Say) -> str:
    rank, count = best.rank, best.windows
    if board.weekly:
        return say.plural(
            "Rank {rank} in {count} week", "Rank {rank} in {count} weeks", count, rank=rank
        )
    return say.plural("Rank {rank} on {count} day", "Rank {rank} on {count} days", count, rank=rank)


def _highest(record: Record, searched: Searched, say: Say) -> Iterator[str]:
    high = record.highest
    if high is None:
        return
    share = say.percent(high.place.tokens, high.total)
    told = say("Highest share {share}, on {day}", share=share, day=say.day(high.date))
    if searched.whole == searched.windows:
        yield told
        return
    among = say.plural(
        "among the {count} ranking of which all tokens were published",
        "among the {count} rankings of which all tokens were published",
        searched.whole,
    )
    yield f"{told}, {among}"


def _over(searched: Searched, say: Say) -> str:
    since = say.day(searched.since)
    if not searched.missing:
        return say.plural(
            "{count} ranking over seven days since {since}",
            "{count} rankings over seven days since {since}",
            searched.windows,
            since=since,
        )
    return say.plural(
        "{count} ranking over seven days since {since} ({missing} missing)",
        "{count} rankings over seven days since {since} ({missing} missing)",
        searched.windows,
        since=since,
        missing=searched.missing,
    )


def _in_a_row(found: Profile, say: Say) -> Iterator[str]:
    for streak in found.record.streaks if found.record else ():
        label = {1: say("Number one"), 5: say("Top five"), 10: say("Top ten")}[streak.depth]
        yield f"{label}: {' · '.join(_streak(streak, found.board, say))}"


def _streak(streak: Streak, board: Board, say: Say) -> Iterator[str]:
    present, longest = streak.present, streak.longest
    if present is not None:
        yield _present(present, board, say)
    yield say("longest on record") if present == longest else _longest(longest, board, say)


def _present(run: Run, board: Board, say: Say) -> str:
    length, since = _length(run, board, say), say.day(run.first)
    if run.cut:
        return say("at least {length} now, stored since {since}", length=length, since=since)
    return say("{length} now, since {since}", length=length, since=since)


def _longest(run: Run, board: Board, say: Say) -> str:
    length, days = _length(run, board, say), between(run.first, run.last, say)
    if run.cut:
        return say("longest on record {length} or more, {days}", length=length, days=days)
    return say("longest on record {length}, {days}", length=length, days=days)


def _length(run: Run, board: Board, say: Say) -> str:
    if board.weekly:
        return say.plural("{count} week", "{count} weeks", run.windows)
    return say.plural("{count} day", "{count} days", run.windows)


def _openness(found: Profile, dispute: Link | None, say: Say) -> Iterator[Line]:
    verdict = found.verdict
    word = openness_word(verdict.openness, say)
    if verdict.since is not None:
        word = say("{word} since {day}", word=word, day=say.day(verdict.since))
    yield Line(f"{verdict.openness.mark} {word}")
    told = evidence(verdict, say)
    if verdict.openness is not Openness.UNKNOWN:
        told = say("Evidence: {evidence}", evidence=told)
    yield Line(told, dispute)


def _catalogued(found: Profile, say: Say) -> Iterator[str]:
    if found.entry is not None:
        yield from catalogued(found.entry, say)
    elif found.read:
        yield say("Not in the catalogue, so that price and context length are not known")


def _milestone(one: Happened, say: Say) -> Line:
    return Line(f"{say.day(one.date)}: {one.headline}", one.alert)


def _notes(found: Profile, say: Say) -> Iterator[str]:
    newest = found.newest
    if newest is None:
        return
    if found.place is not None:
        yield from _on_place(found.name, found.place, newest, say)
    if found.record is not None:
        yield say("A day stands for the seven complete days up to it.")
    if found.board.estimated:
        yield estimates(say)
    if found.place is not None:
        yield from missing_other(newest.days_without_other, say)


def _on_place(name: str, place: Place, newest: Standings, say: Say) -> Iterator[str]:
    yield from partly([(name, place)], say)
    if newest.compared:
        yield say("Changes are against the seven days before.")
    if sum(each.tokens == place.tokens for each in newest.places) > 1:
        yield say("Models with equal tokens are ranked by name.")


def _page(model: str, say: Say) -> Iterator[Link]:
    """Yield the way to the model's page, unless its name is none that an address could hold."""
    if _SLUG.fullmatch(model):
        yield Link(say("Its page on OpenRouter"), f"{_PAGES}{quote(model)}")
