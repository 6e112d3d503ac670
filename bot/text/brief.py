"""A milestone in at most 150 plain words, for who writes about it (pure)."""

from collections.abc import Sequence

from bot.model import Entrant, Milestone
from bot.standings import WEEK
from bot.text.alert import Told, cause, estimates, on_board, rarity, stamp
from bot.text.say import Say
from bot.text.words import openness_word, short_name, span

MOST_WORDS = 150

_FIRST, _MIDDLE, _LAST = range(3)
"""The paragraphs."""


def brief(told: Told, say: Say) -> tuple[str, ...]:
    """Return its paragraphs, of at most 150 words together; every figure is the milestone's own.

    Where they would be more, whole sentences are left out, the least important first.
    """
    sentences = [each for each in _sentences(told, say) if each[2]]
    kept = sorted(sentences, key=lambda each: each[1])
    while sum(len(text.split()) for _, _, text in kept) > MOST_WORDS and len(kept) > 1:
        kept.pop()
    paragraphs = (
        " ".join(each[2] for each in sentences if each in kept and each[0] == paragraph)
        for paragraph in (_FIRST, _MIDDLE, _LAST)
    )
    return tuple(text for text in paragraphs if text)


def _sentences(told: Told, say: Say) -> Sequence[tuple[int, int, str]]:
    """Return paragraph, importance (1 is most) and words of each sentence, as they are read."""
    one = told.milestone
    if one.withdrawn is not None:
        return (
            (_FIRST, 1, f"{say('Withdrawn')}: {cause(one, say)}"),
            (_FIRST, 2, say("It had said: {headline}.", headline=_headline(told, say))),
            (_LAST, 3, _elsewhere(say)),
        )
    return (
        (_FIRST, 1, _what(told, say)),
        (_FIRST, 2, told.sentence),
        (_FIRST, 4, rarity(one, say)),
        (_MIDDLE, 5, _five(one, say)),
        (_MIDDLE, 6, told.beside),
        (_LAST, 8, stamp(one.receipt, say)),
        (_LAST, 3, estimates(say) if one.weekly else ""),
        (_LAST, 3, _elsewhere(say)),
        (_LAST, 7, _tokenizers(say)),
        (_LAST, 9, say("The figures are final.") if one.final else ""),
    )


def _headline(told: Told, say: Say) -> str:
    return on_board(told.headline, told.milestone.board, say)


def _what(told: Told, say: Say) -> str:
    days = span(told.milestone.date, WEEK, say)
    return say(
        "{headline}, by tokens on OpenRouter, {span}.", headline=_headline(told, say), span=days
    )


def _five(one: Milestone, say: Say) -> str:
    if not one.top:
        return ""
    places = say.listed([_place(entrant, one.total, say) for entrant in one.top])
    return say("The most-used models by tokens: {places}.", places=places)


def _place(entrant: Entrant, total: int, say: Say) -> str:
    word, share = openness_word(entrant.openness, say), say.percent(entrant.tokens, total)
    return f"{short_name(entrant.name)} ({word}, {share})"


def _elsewhere(say: Say) -> str:
    return say("OpenRouter counts what goes through OpenRouter; it says nothing of use elsewhere.")


def _tokenizers(say: Say) -> str:
    return say("Each provider counts tokens by its own tokenizer: compare providers with care.")
