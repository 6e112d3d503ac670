"""A milestone in at most 150 plain words, for who writes about it (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.model import Entrant, Milestone
from bot.text.alert import Told, cause, estimates, on_board, rarity, stamp
from bot.text.say import Say
from bot.text.words import openness_word, short_name

MOST_WORDS = 150

_LONGEST = 50
"""Words of a headline, whatever the source calls its models."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What may be left out, the higher its `rank` the sooner."""

    paragraph: int
    rank: int
    text: str


def brief(told: Told, say: Say) -> tuple[str, ...]:
    """Return its paragraphs, of at most 150 words together; every figure is the milestone's own.

    Where they would be more, whole sentences are left out, the least important first.
    """
    found = _withdrawn if told.milestone.withdrawn is not None else _standing
    sentences = [each for each in found(told, say) if each.text]
    kept = _fitting(sentences)
    paragraphs = sorted({each.paragraph for each in kept})
    return tuple(
        " ".join(each.text for each in sentences if each in kept and each.paragraph == paragraph)
        for paragraph in paragraphs
    )


def _fitting(sentences: list[_Sentence]) -> list[_Sentence]:
    """Return the most important ones that have room together; the first one always."""
    kept = sorted(sentences, key=lambda each: each.rank)
    while len(kept) > 1 and sum(len(each.text.split()) for each in kept) > MOST_WORDS:
        kept.pop()
    return kept


def _withdrawn(told: Told, say: Say) -> Iterator[_Sentence]:
    yield _Sentence(1, 1, f"{say('Withdrawn')}: {cause(told.milestone, say)}")
    yield _Sentence(1, 2, _once_said(told, say))
    yield _Sentence(2, 3, _counted(say))


def _once_said(told: Told, say: Say) -> str:
    one = told.milestone
    headline, day = _headline(told, say), say.day(one.date)
    if one.revised is None:
        return say("“{headline}” was said of the seven days to {day}.", headline=headline, day=day)
    return say(
        "“{headline}” was said of the seven days to {day}, and withdrawn on {withdrawn}.",
        headline=headline,
        day=day,
        withdrawn=say.day(one.revised.date()),
    )


def _standing(told: Told, say: Say) -> Iterator[_Sentence]:
    """Yield the sentences as they are read."""
    one = told.milestone
    yield _Sentence(1, 1, _what(told, say))
    yield _Sentence(1, 2, told.sentence)
    yield _Sentence(1, 5, rarity(one, say))
    yield _Sentence(1, 8, stamp(one.receipt, say))
    yield _Sentence(2, 6, first_places(one, say))
    yield _Sentence(2, 11, say("Open: anyone can download the model’s weights."))
    yield _Sentence(2, 7, told.beside if one.half_year is not None else "")
    yield _Sentence(3, 9 if one.final else 4, _settled(one, say))
    yield _Sentence(3, 3, estimates(say) if one.weekly else "")
    yield _Sentence(3, 3, _counted(say))
    yield _Sentence(3, 10, _tokenizers(say))


def _headline(told: Told, say: Say) -> str:
    words = on_board(told.headline, told.milestone.board, say).split()
    return " ".join(words if len(words) <= _LONGEST else [*words[:_LONGEST], "…"])


def _what(told: Told, say: Say) -> str:
    return say(
        "{headline} (OpenRouter’s ranking by tokens, seven days to {day}).",
        headline=_headline(told, say),
        day=say.day(told.milestone.date),
    )


def first_places(one: Milestone, say: Say) -> str:
    """Return the first places of its ranking in a sentence; "" where it has none."""
    if not one.top:
        return ""
    places = say.listed([_place(entrant, one.total, say) for entrant in one.top])
    return say("First in the ranking, with shares of all tokens: {places}.", places=places)


def _place(entrant: Entrant, total: int, say: Say) -> str:
    word, share = openness_word(entrant.openness, say), say.percent(entrant.tokens, total)
    return f"{short_name(entrant.name)} ({word}, {share})"


def _settled(one: Milestone, say: Say) -> str:
    if not one.final:
        return say("The figures are not final yet.")
    if one.revised is None:
        return say("The figures are final.")
    return say(
        "The figures are final; they replaced earlier ones on {day}.",
        day=say.day(one.revised.date()),
    )


def _counted(say: Say) -> str:
    return say("Only what goes through OpenRouter is counted, not what is used elsewhere.")


def _tokenizers(say: Say) -> str:
    return say(
        "Each provider counts tokens with its own tokenizer: rows of different providers are"
        " not strictly comparable."
    )
