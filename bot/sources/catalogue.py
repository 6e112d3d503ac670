"""The key-less catalogue of models: names, first days, and a hint at published weights."""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, TypeAlias

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from bot.errors import PayloadRefused, SourceUnreachable
from bot.knowledge import CatalogueEntry, HubCheck
from bot.sources._http import Http

_LIMIT = 32 * 1024 * 1024
"""The real answer has about 1 MB (422 models on 2026-08-21)."""
_WEIGHTS = re.compile(r"\w[\w.-]{0,95}/\w[\w.-]{0,95}", re.ASCII)
_YEAR_3000 = 32_503_680_000
_CHECK_HOLDS = timedelta(days=30)

Check: TypeAlias = Callable[[str], Awaitable[HubCheck]]
"""Ask the Hub about a repository. Raises SourceUnreachable and PayloadRefused."""


class _Listed(BaseModel):
    id: Annotated[str, Field(min_length=1, max_length=200)]
    canonical_slug: Annotated[str, Field(pattern=r"^[^\s:][^\s]*$", max_length=200)]
    hugging_face_id: str | None = None
    name: Annotated[str, Field(min_length=1, max_length=300)]
    created: Annotated[int, Field(ge=0, lt=_YEAR_3000)]


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
    speaks for it. Raises PayloadRefused naming the first thing that is wrong.
    """
    try:
        answer = json.loads(content)
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
        _base(row.canonical_slug), name, created, weights, created if weights else None
    )


def merge_catalogues(
    known: tuple[CatalogueEntry, ...], fresh: tuple[CatalogueEntry, ...], today: date
) -> tuple[CatalogueEntry, ...]:
    """Return what both say, by model: fresh entries win, vanished ones stay.

    Fresh entries were seen `today`. Weights of a model that an earlier reading listed without are
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
