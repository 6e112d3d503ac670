"""A day's milestones become one message (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.model import Entrant, Message, Milestone, Openness, Ranked
from bot.standings import WEEK
from bot.text.say import Say


@dataclass(frozen=True, slots=True)
class Told:
    """A milestone with the words of its rule."""

    milestone: Milestone
    headline: str
    sentence: str


def alert(told: Sequence[Told], say: Say) -> Message:
    """Return the message for milestones of one board and day, the first one leading."""
    lead = told[0].milestone
    return Message(
        title=told[0].headline,
        lead=_paragraphs(told, say),
        caption=say("Top five by tokens, {span}", span=span(lead.date, WEEK, say)),
        ranking=tuple(_ranked(entrant, lead.total, say) for entrant in lead.top),
        notes=tuple(_notes(lead, say)),
        citation=citation(lead.as_of),
        key=" ".join(one.milestone.key for one in told),
    )


def citation(as_of: datetime) -> str:
    """Return the line that every quoted figure carries, in the source's words in any language."""
    day = as_of.date().isoformat()
    return f"Source: OpenRouter (openrouter.ai/rankings), as of {day}. Licensed under CC BY 4.0."


def span(end: date, days: int, say: Say) -> str:
    """Return the days of a window in words."""
    start = end - timedelta(days=days - 1)
    return say("{start} to {end}", start=say.day(start), end=say.day(end))


def openness_word(openness: Openness, say: Say) -> str:
    """Return the word for an openness."""
    words = {
        Openness.OPEN: say("open"),
        Openness.CLOSED: say("closed"),
        Openness.UNKNOWN: say("unknown"),
    }
    return words[openness]


def _paragraphs(told: Sequence[Told], say: Say) -> tuple[str, ...]:
    first, *others = told
    more = [f"{one.headline}. {one.sentence}{_rarity(one.milestone, say)}" for one in others]
    return (f"{first.sentence}{_rarity(first.milestone, say)}", *more)


def _rarity(milestone: Milestone, say: Say) -> str:
    if milestone.first is None:
        return ""
    return " " + say(
        "It is the first time in the {windows} complete seven-day windows since {since}.",
        windows=milestone.first.windows,
        since=say.day(milestone.first.since),
    )


def _ranked(entrant: Entrant, total: int, say: Say) -> Ranked:
    return Ranked(
        rank=entrant.rank,
        name=entrant.name,
        openness=entrant.openness,
        word=openness_word(entrant.openness, say),
        share=say.percent(entrant.tokens, total),
        tokens=say.tokens(entrant.tokens),
        change="",
    )


def _notes(milestone: Milestone, say: Say) -> list[str]:
    open_tokens = sum(e.tokens for e in milestone.top if e.openness is Openness.OPEN)
    notes = [
        say(
            "The open models among these five hold {share} of all tokens of the seven days.",
            share=say.percent(open_tokens, milestone.total),
        )
    ]
    if any(entrant.openness is Openness.UNKNOWN for entrant in milestone.top):
        notes.append(say("Unknown: there is no evidence yet whether the weights are public."))
    return [*notes, *missing_other(milestone.days_without_other, say)]


def missing_other(days: int, say: Say) -> tuple[str, ...]:
    """Return the note that a total lacks the models outside the published ranks, if it does."""
    if not days:
        return ()
    return (
        say(
            "For {days} of the days the use of models outside the published ranks is missing,"
            " so that shares are a little too high.",
            days=days,
        ),
    )
