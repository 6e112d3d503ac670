"""An author's models become a message and the words of its picture (pure)."""

from collections.abc import Sequence

from bot.answers.author import AuthorAnswer, Portion
from bot.message import Line, Message, Section
from bot.model import Openness
from bot.openness import Directory
from bot.standings import WEEK
from bot.text.alert import Told, on_board
from bot.text.comparison import window_notes
from bot.text.firsts import first_time
from bot.text.numbers import tenths
from bot.text.partly import partly
from bot.text.ranking import ranked
from bot.text.say import Say
from bot.text.words import citation, span

MOST_SHOWN = 10
"""Models of an author that are shown; the others are counted."""

MILESTONES_SHOWN = 3


def author_message(
    found: AuthorAnswer, told: Sequence[Told], directory: Directory, say: Say
) -> Message:
    """Return what an author's models use, now and before; `told` are its milestones."""
    standings, shown = found.standings, found.places[:MOST_SHOWN]
    return Message(
        title=on_board(author_title(found, say), standings.board, say),
        lead=_lead(found, say),
        caption=say("By tokens, {span}", span=span(standings.date, WEEK, say)) if shown else "",
        ranking=tuple(ranked(place, standings, directory, say) for place in shown),
        sections=(_models(found, directory, say), *_milestones(told, say)),
        notes=(
            say("What its models used outside the published ranking cannot be counted."),
            *partly([(directory.name(place.model), place) for place in shown], say),
            *window_notes(standings, say),
        ),
        citation=citation(standings.as_of),
    )


def author_title(found: AuthorAnswer, say: Say) -> str:
    """Return whose models it is about."""
    return say("The models of {author}", author=found.author)


def _lead(found: AuthorAnswer, say: Say) -> tuple[str, ...]:
    return (_now(found.now, say), _week_before(found, say), _half_year(found, say))


def _now(now: Portion, say: Say) -> str:
    if now.tokens is None:
        return say("None of them is in the published ranking of these seven days.")
    return say(
        "Together they have {share} of all tokens: {tokens}.",
        share=say.percent(now.tokens, now.total),
        tokens=say.tokens(now.tokens),
    )


def _week_before(found: AuthorAnswer, say: Say) -> str:
    now, then = found.now, found.week_before
    if then is None:
        return say("The seven days before are not complete, so there is nothing to compare with.")
    if then.tokens is None:
        return say("Seven days before, none of them was in the published ranking.")
    share = say.percent(then.tokens, then.total)
    if now.tokens is None:
        return say("Seven days before, they had {share}.", share=share)
    return _moved(tenths(now.tokens, now.total), tenths(then.tokens, then.total), share, say)


def _moved(now: int, then: int, share: str, say: Say) -> str:
    """Return how the share has changed, by shape and word; as it is read, to a tenth."""
    if now > then:
        return f"▲ {say('Up from {share} seven days before.', share=share)}"
    if now < then:
        return f"▼ {say('Down from {share} seven days before.', share=share)}"
    return f"= {say('The same share as seven days before.')}"


def _half_year(found: AuthorAnswer, say: Say) -> str:
    then = found.half_year
    if then is None:
        return say(
            "No complete week of six months before is stored: we watch since {since}.",
            since=say.day(found.watched),
        )
    day = say.day(then.date)
    if then.tokens is None:
        return say(
            "Six months before, in the seven days to {day}, none of them was in the published"
            " ranking.",
            day=day,
        )
    return say(
        "Six months before, in the seven days to {day}, {author} had {share} of all tokens.",
        day=day,
        author=found.author,
        share=say.percent(then.tokens, then.total),
    )


def _models(found: AuthorAnswer, directory: Directory, say: Say) -> Section:
    lines = [*_more(found, say), _best(found, directory, say), _known(found, say)]
    return Section(say("Its models"), tuple(Line(line) for line in lines))


def _more(found: AuthorAnswer, say: Say) -> list[str]:
    more = len(found.places) - MOST_SHOWN
    if more <= 0:
        return []
    return [
        say.plural(
            "And {count} more of its models is in the ranking, lower down.",
            "And {count} more of its models are in the ranking, lower down.",
            more,
        )
    ]


def _best(found: AuthorAnswer, directory: Directory, say: Say) -> str:
    since, best = say.day(found.since), found.best
    if best is None:
        return say("None was in the published ranking since {since}.", since=since)
    return say(
        "Best rank of any of its models since {since}: number {rank}, {model}, {first}.",
        since=since,
        rank=best.rank,
        model=directory.name(best.model),
        first=first_time(best.date, found.since, say, gap=best.gap),
    )


def _known(found: AuthorAnswer, say: Say) -> str:
    counts = [
        f"{openness.mark} {_counted(openness, count, say)}"
        for openness in Openness
        if (count := found.known.get(openness, 0))
    ]
    return say(
        "We know {count} of its models: {counts}.",
        count=sum(found.known.values()),
        counts=", ".join(counts),
    )


def _counted(openness: Openness, count: int, say: Say) -> str:
    words = {
        Openness.OPEN: say("{count} open", count=count),
        Openness.CLOSED: say("{count} closed", count=count),
        Openness.UNKNOWN: say("{count} unknown", count=count),
    }
    return words[openness]


def _milestones(told: Sequence[Told], say: Say) -> tuple[Section, ...]:
    if not told:
        return ()
    heading = say("Newest milestones of the last twelve months")
    lines = (f"{say.day(one.milestone.date)}: {one.headline}" for one in told)
    return (Section(heading, tuple(Line(line) for line in lines)),)
