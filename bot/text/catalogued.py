"""What the source's catalogue says of a model, in words (pure)."""

from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import format_currency, format_decimal

from bot.knowledge import CatalogueEntry, Price, Rater, Score
from bot.text.say import Say

_MOST_CATEGORIES = 3
_CENTS = "¤#,##0.00####################"
"""As many decimals as there are, two or more: a price is told as it is, never rounded."""


def catalogued(entry: CatalogueEntry, say: Say) -> Iterator[str]:
    """Yield price, context length and scores, as far as they are told, and as of which day."""
    if entry.price is not None:
        yield price(entry.price, say)
    if entry.context is not None:
        yield say("Context: {tokens} tokens", tokens=say.tokens(entry.context))
    yield from _analysed([s for s in entry.scores if s.source is Rater.ARTIFICIAL_ANALYSIS], say)
    yield from _rated([s for s in entry.scores if s.source is Rater.DESIGN_ARENA], say)
    created = say.day(entry.created)
    if entry.seen is None:
        yield say("In the catalogue since {created}", created=created)
    else:
        seen = say.day(entry.seen)
        yield say("As of {day}, in the catalogue since {created}", day=seen, created=created)


def price(told: Price, say: Say) -> str:
    """Return a price a million tokens in words.

    Where both are zero that is said of tokens alone, for something else may be charged for.
    """
    if not told.prompt and not told.completion:
        return say("Price: 0 per token")
    return say(
        "Price per million tokens: {prompt} in, {completion} out",
        prompt=_dollars(told.prompt, say),
        completion=_dollars(told.completion, say),
    )


def _dollars(amount: Decimal, say: Say) -> str:
    return format_currency(amount, "USD", _CENTS, say.code, currency_digits=False)


def _analysed(scores: list[Score], say: Say) -> Iterator[str]:
    words = {
        "intelligence": say("intelligence"),
        "coding": say("coding"),
        "agentic": say("agentic tasks"),
    }
    told = [f"{words.get(s.name, s.name)} {_number(s.value, say)}" for s in scores]
    if told:
        yield say("Artificial Analysis: {scores}", scores=" · ".join(told))


def _rated(scores: list[Score], say: Say) -> Iterator[str]:
    """Yield the best of Design Arena's categories; how many more there are is said."""
    if not scores:
        return
    told = [_category(score, say) for score in scores[:_MOST_CATEGORIES]]
    if more := len(scores) - len(told):
        told.append(say.plural("{count} more category", "{count} more categories", more))
    yield say("Design Arena (Elo): {scores}", scores=" · ".join(told))


def _category(score: Score, say: Say) -> str:
    words = {
        "website": say("websites"),
        "codecategories": say("code"),
        "gamedev": say("games"),
        "dataviz": say("charts of data"),
        "uicomponent": say("interfaces"),
        "asciiart": say("ASCII art"),
        "graphicdesign": say("graphic design"),
        "image": say("images"),
        "imageediting": say("image editing"),
        "logo": say("logos"),
        "3d": say("3D scenes"),
        "svg": say("SVG pictures"),
    }
    name, value = words.get(score.name, score.name), _number(score.value, say)
    if score.rank is None:
        return f"{name} {value}"
    return say("{name} {value}, rank {rank}", name=name, value=value, rank=score.rank)


def _number(value: Decimal, say: Say) -> str:
    return format_decimal(value, locale=say.code)
