"""The key-less catalogue of models: names, first days, a hint at weights, prices and scores."""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from bot.errors import PayloadRefused, SourceUnreachable
from bot.knowledge import CatalogueEntry, HubCheck, Price, Rater, Score
from bot.sources._http import Http

_LIMIT = 32 * 1024 * 1024
"""The real answer has about 1 MB (422 models on 2026-08-21)."""
_WEIGHTS = re.compile(r"\w[\w.-]{0,95}/\w[\w.-]{0,95}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,22})?([eE]-[01]?\d)?", re.ASCII)
"""At most 28 digits, which is what Decimal reckons with: nothing is rounded."""
_LONGEST_INT = 18
"""In digits; what is longer becomes a float, which no field takes for a whole number."""
_MOST_CATEGORIES = 20
"""Design Arena rates models in twelve (2026-08-21)."""
_YEAR_3000 = 32_503_680_000
_CHECK_HOLDS = timedelta(days=30)

Check: TypeAlias = Callable[[str], Awaitable[HubCheck]]
"""Ask the Hub about a repository. Raises SourceUnreachable and PayloadRefused."""


def _decimal(value: object) -> Decimal:
    """Return a JSON number, or the text of one, as it is written. Raises ValueError."""
    text = str(value) if isinstance(value, str | int | float) else ""
    if not _NUMBER.fullmatch(text):
        raise ValueError("is no number of a usual size")
    return Decimal(text).normalize() + 0  # neither 1E+2 nor -0


def _printable(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("is no text to be shown")
    return text


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


_DETAIL = WrapValidator(_or_none)
"""What nobody is refused for: None where it is not what it should be."""
_Exact: TypeAlias = Annotated[Decimal, BeforeValidator(_decimal)]
_Cost: TypeAlias = Annotated[_Exact, Field(ge=0, le=1)]
_Label: TypeAlias = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_printable)]
_Rank: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=100_000)]


class _Costs(BaseModel):
    prompt: _Cost
    completion: _Cost


class _Indices(BaseModel):
    intelligence_index: Annotated[_Exact | None, _DETAIL] = None
    coding_index: Annotated[_Exact | None, _DETAIL] = None
    agentic_index: Annotated[_Exact | None, _DETAIL] = None


class _Rated(BaseModel):
    arena: str
    category: _Label
    elo: _Exact
    rank: Annotated[_Rank | None, _DETAIL] = None


class _Benchmarks(BaseModel):
    artificial_analysis: Annotated[_Indices | None, _DETAIL] = None
    design_arena: Annotated[list[Annotated[_Rated | None, _DETAIL]] | None, _DETAIL] = None


class _Listed(BaseModel):
    id: Annotated[str, Field(min_length=1, max_length=200)]
    canonical_slug: Annotated[str, Field(pattern=r"^[^\s:][^\s]*$", max_length=200)]
    hugging_face_id: str | None = None
    name: Annotated[str, Field(min_length=1, max_length=300)]
    created: Annotated[int, Field(ge=0, lt=_YEAR_3000)]
    context_length: Annotated[
        Annotated[int, Field(strict=True, ge=1, le=10**9)] | None, _DETAIL
    ] = None
    pricing: Annotated[_Costs | None, _DETAIL] = None
    benchmarks: Annotated[_Benchmarks | None, _DETAIL] = None


_LISTING = TypeAdapter(list[_Listed])


async def fetch_catalogue(http: Http, base: str) -> tuple[CatalogueEntry, ...]:
    """Return the catalogue as served now. Raises SourceUnreachable and PayloadRefused."""
    url = f"{base}/models"
    body = await http.get(url, limit=_LIMIT)
    if body is None:
        raise PayloadRefused(url, "answered that nothing changed, unasked")
    return parse_catalogue(body.content, url)


def parse_catalogue(content: bytes, where: str) -> tuple[CatalogueEntry, ...]:
    """Return one entry a base model, by model; takes `{"data": […]}` or the bare list.

    A base model is listed several times (`:free`, `:batch`, `~author/x-latest`): the plain id
    speaks for it. Raises PayloadRefused naming the first thing that is wrong. Context length,
    price and scores refuse nothing: what of them cannot be right is left out, and so is a price
    that varies ("-1").
    """
    try:
        answer = json.loads(content, parse_int=_whole_number)
        rows = _LISTING.validate_python(answer["data"] if isinstance(answer, dict) else answer)
    except (ValueError, KeyError, RecursionError) as error:
        raise PayloadRefused(where, _first_fault(error)) from error
    if not rows:
        raise PayloadRefused(where, "lists no models")
    plain_last = sorted(rows, key=lambda row: not (":" in row.id or row.id.startswith("~")))
    entries = {_base(row.canonical_slug): _entry(row) for row in plain_last}
    return tuple(entry for _, entry in sorted(entries.items()))


def _first_fault(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc']) or 'the whole'}: {first['msg']}"
    return "is no catalogue" if isinstance(error, KeyError) else f"is not JSON: {error}"


def _whole_number(digits: str) -> int | float:
    # Python refuses an int of more than 4,300 digits, and a detail must not refuse the rest.
    return int(digits) if len(digits) <= _LONGEST_INT else float(digits)


def _base(slug: str) -> str:
    return slug.split(":", 1)[0]


def _entry(row: _Listed) -> CatalogueEntry:
    created = datetime.fromtimestamp(row.created, UTC).date()
    weights = row.hugging_face_id or None
    if weights is not None and not _WEIGHTS.fullmatch(weights):
        weights = None
    name = re.sub(r" \((free|batch)\)$", "", row.name.split(": ", 1)[-1]).strip() or row.name
    # Nothing that a terminal would obey, or that would break a line.
    name = "".join(sign for sign in name if sign.isprintable())
    name = name if name.strip() else row.canonical_slug
    return CatalogueEntry(
        _base(row.canonical_slug),
        name,
        created,
        weights,
        weights_since=created if weights else None,
        context=row.context_length,
        price=_price(row.pricing),
        scores=_scores(row.benchmarks),
    )


def _price(costs: _Costs | None) -> Price | None:
    if costs is None:
        return None
    prompt, completion = (
        (cost * 10**6).normalize() + 0 for cost in (costs.prompt, costs.completion)
    )
    return Price(prompt, completion)


def _scores(told: _Benchmarks | None) -> tuple[Score, ...]:
    if told is None:
        return ()
    indices = told.artificial_analysis or _Indices()
    given = {
        "intelligence": indices.intelligence_index,
        "coding": indices.coding_index,
        "agentic": indices.agentic_index,
    }
    analysed = [
        Score(Rater.ARTIFICIAL_ANALYSIS, name, value)
        for name, value in given.items()
        if value is not None
    ]
    return (*analysed, *_arena_scores(told.design_arena or []))


def _arena_scores(rated: Sequence[_Rated | None]) -> list[Score]:
    """Return Design Arena's scores of models as such, by rank, one a category."""
    models = [each for each in rated if each is not None and each.arena == "models"]
    best_last = sorted(models, key=_place, reverse=True)
    categories = {each.category: each for each in best_last}
    return [
        Score(Rater.DESIGN_ARENA, each.category, each.elo, each.rank)
        for each in sorted(categories.values(), key=_place)[:_MOST_CATEGORIES]
    ]


def _place(rated: _Rated) -> tuple[bool, int, str, Decimal]:
    return (rated.rank is None, rated.rank or 0, rated.category, -rated.elo)


def merge_catalogues(
    known: tuple[CatalogueEntry, ...], fresh: tuple[CatalogueEntry, ...], today: date
) -> tuple[CatalogueEntry, ...]:
    """Return what both say, by model: fresh entries win, vanished ones stay.

    Fresh entries were seen `today`; what vanished keeps its last price, context length and scores.
    Weights of a model that an earlier reading listed without are
    dated `today`, the day they were first seen: a model becomes open when its weights appear,
    never retroactively. The Hub's check is kept while it is of the same repository. A reading older
    than what is known of a model says nothing new of it.
    """
    before = {entry.model: entry for entry in known}
    merged = before | {entry.model: _merged(entry, before, today) for entry in fresh}
    return tuple(entry for _, entry in sorted(merged.items()))


def _merged(
    entry: CatalogueEntry, before: dict[str, CatalogueEntry], today: date
) -> CatalogueEntry:
    old = before.get(entry.model)
    if old is not None and old.seen is not None and old.seen > today:
        return old
    if old is None or entry.weights is None:
        return replace(entry, seen=today)
    since = old.weights_since if old.weights is not None else today
    hub = old.hub if old.weights == entry.weights else None
    return replace(entry, seen=today, weights_since=since, hub=hub)


async def check_hints(
    entries: Sequence[CatalogueEntry], check: Check, today: date, limit: int
) -> tuple[CatalogueEntry, ...]:
    """Return the entries, in their order, with at most `limit` hints checked anew.

    Asked about are hints without a check, then those whose check is more than 30 days old, oldest
    first. The first time the Hub cannot be reached ends it for today; an answer that cannot be
    read leaves its entry as it was.
    """
    found = {entry.model: entry for entry in entries}
    for _, model, repository in _due(entries, today)[:limit]:
        try:
            hub = await check(repository)
        except SourceUnreachable:
            break
        except PayloadRefused:
            continue
        found[model] = replace(found[model], hub=hub)
    return tuple(found.values())


def _due(entries: Sequence[CatalogueEntry], today: date) -> list[tuple[date, str, str]]:
    """Return last check, model and repository of the hints to be checked, in that order."""
    hints = (
        (entry.hub.checked if entry.hub is not None else date.min, entry.model, entry.weights)
        for entry in entries
        if entry.weights is not None
    )
    return sorted(hint for hint in hints if today - hint[0] > _CHECK_HOLDS)
