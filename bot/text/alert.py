"""A day's milestones become one message (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.message import Message, Ranked
from bot.model import BOARD_MODELS, Cause, Entrant, Milestone, Openness, Receipt
from bot.standings import WEEK
from bot.text.boards import board_title
from bot.text.say import Say
from bot.text.searched import over
from bot.text.words import citation, openness_word, span


@dataclass(frozen=True, slots=True)
class Told:
    """A milestone with the words of its rule.

    `beside` sets it beside six months before, `reversal` says what would reverse it.
    """

    milestone: Milestone
    headline: str
    sentence: str
    beside: str = ""
    reversal: str = ""


def alert(told: Sequence[Told], say: Say) -> Message:
    """Return the message for milestones of one board and day, the first one leading."""
    lead = told[0].milestone
    return Message(
        title=on_board(_headline(told[0], say), lead.board, say),
        lead=_paragraphs(told, say),
        caption=say("Top five by tokens, {span}", span=span(lead.date, WEEK, say)),
        ranking=tuple(_ranked(entrant, lead.total, say) for entrant in lead.top),
        notes=tuple(_notes(told, say)),
        citation=citation(lead.as_of),
        key=" ".join(one.milestone.key for one in told),
    )


def on_board(title: str, board: str, say: Say) -> str:
    """Return a title with the board it is about, unless that is the board of all models."""
    return title if board == BOARD_MODELS else f"{board_title(board, say)}: {title}"


def correction(told: Sequence[Told], say: Say) -> Message:
    """Return the message that tells that milestones were withdrawn."""
    lead = told[0].milestone
    return Message(
        title=on_board(say("Correction"), lead.board, say),
        lead=tuple(
            say(
                "Withdrawn: “{headline}”, told for {day}.",
                headline=one.headline,
                day=say.day(one.milestone.date),
            )
            + f" {cause(one.milestone, say)}"
            for one in told
        ),
        caption="",
        ranking=(),
        notes=(
            say("The message itself says so too."),
            *([estimates(say)] if lead.weekly else []),
        ),
        citation=citation(lead.as_of),
        key=" ".join([*(one.milestone.key for one in told), "correction"]),
    )


def _headline(one: Told, say: Say) -> str:
    if one.milestone.withdrawn is None:
        return one.headline
    return say("Withdrawn: {headline}", headline=one.headline)


def cause(milestone: Milestone, say: Say) -> str:
    """Return why a milestone is no longer claimed."""
    if milestone.withdrawn is Cause.REGISTRY:
        return say("It rested on what was believed of a model's weights, and that was wrong.")
    return say("By the final figures of the day it is not true.")


def _paragraphs(told: Sequence[Told], say: Say) -> tuple[str, ...]:
    first, *others = told
    return (_said(first, say), *(_also(one, say) for one in others))


def _also(one: Told, say: Say) -> str:
    return f"{_headline(one, say)}. {_said(one, say)}"


def _said(one: Told, say: Say) -> str:
    if one.milestone.withdrawn is not None:
        return cause(one.milestone, say)
    parts = [one.sentence, rarity(one.milestone, say), stamp(one.milestone.receipt, say)]
    return " ".join(part for part in parts if part)


def rarity(milestone: Milestone, say: Say) -> str:
    """Return over which days it is the first time; "" where it is not."""
    if not milestone.first:
        return ""
    return say("It is the first time in {over}.", over=over(milestone.searched, say))


def stamp(receipt: Receipt | None, say: Say) -> str:
    """Return in how many other readings of the same figures a milestone holds; "" without any."""
    if receipt is None or not receipt.holds + receipt.fails:
        return ""
    sentence = say.plural(
        "It holds in {holds} of {count} other reading of the same figures.",
        "It holds in {holds} of {count} other readings of the same figures.",
        len(receipt.holds) + len(receipt.fails),
        holds=len(receipt.holds),
    )
    if not receipt.fails:
        return sentence
    return " ".join([sentence, *(_not_if(reading, say) for reading in receipt.fails)])


def _not_if(reading: str, say: Say) -> str:
    """Say with which other reading a milestone does not hold."""
    words = {
        "variants unmerged": say("Not if each variant is counted by itself."),
        "one-day ranking": say("Not if counted day by day."),
        "unknown models open": say("Not if unknown models are taken as open."),
        "unknown models closed": say("Not if unknown models are taken as closed."),
        "newest day 1 % lower": say("Not if the newest day were 1 % lower."),
        "newest day 1 % higher": say("Not if the newest day were 1 % higher."),
    }
    return words[reading]


def reading_words(reading: str, say: Say) -> str:
    """Return another reading of the figures in words."""
    words = {
        "variants unmerged": say("each variant by itself"),
        "one-day ranking": say("single days"),
        "unknown models open": say("unknown models taken as open"),
        "unknown models closed": say("unknown models taken as closed"),
        "newest day 1 % lower": say("the newest day 1 % lower"),
        "newest day 1 % higher": say("the newest day 1 % higher"),
    }
    return words[reading]


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


def _notes(told: Sequence[Told], say: Say) -> list[str]:
    milestone = told[0].milestone
    open_tokens = sum(e.tokens for e in milestone.top if e.openness is Openness.OPEN)
    notes = [
        *_set_off(told[0]),
        say(
            "The open models among these five hold {share} of all tokens of the seven days.",
            share=say.percent(open_tokens, milestone.total),
        ),
    ]
    if any(entrant.openness is Openness.UNKNOWN for entrant in milestone.top):
        notes.append(say("Unknown: there is no evidence yet whether the weights are public."))
    if milestone.weekly:
        notes.append(estimates(say))
    if any(one.milestone.revised and not one.milestone.withdrawn for one in told):
        notes.append(say("Edited: these are the final figures of the day."))
    return [*notes, *missing_other(milestone.days_without_other, say)]


def _set_off(lead: Told) -> list[str]:
    """Return what sets the leading milestone off: what was before it, and what would undo it."""
    if lead.milestone.withdrawn is not None:
        return []
    return [text for text in (lead.beside, lead.reversal) if text]


def estimates(say: Say) -> str:
    """Return the note that figures of whole weeks are not counted but estimated."""
    return say("These are estimates: the source upsamples a sample of requests, by whole weeks.")


def missing_other(days: int, say: Say) -> tuple[str, ...]:
    """Return the note that a total lacks the models outside the published ranks, if it does."""
    if not days:
        return ()
    return (
        say.plural(
            "For one of the days the use of models outside the published ranks is missing, so that"
            " shares are a little too high.",
            "For {count} of the days the use of models outside the published ranks is missing, so"
            " that shares are a little too high.",
            days,
        ),
    )
