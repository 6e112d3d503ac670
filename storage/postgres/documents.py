"""Nouns as the text of a json column, and rows of the server as nouns."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from storage._codec import from_line, to_line

T = TypeVar("T")

_AT_ONCE = 500


def text_of(value: object) -> str:
    """Return a noun as JSON. Raises StoreError when it has no text."""
    return to_line(value).decode()


def noun_of(kind: type[T], text: str) -> T:
    """Return the noun that a document holds. Raises StoreDamaged naming the first wrong field."""
    return from_line(kind, text.encode())


async def nouns(kind: type[T], rows: Iterable[Sequence[Any]]) -> tuple[T, ...]:
    """Return the nouns whose documents are the rows' first columns. Raises StoreDamaged."""
    return await made(lambda row: noun_of(kind, row[0]), rows)


async def made(make: Callable[[Sequence[Any]], T], rows: Iterable[Sequence[Any]]) -> tuple[T, ...]:
    """Return what is made of rows, with a pause now and then: there may be a million of them."""
    found: list[T] = []
    for number, row in enumerate(rows):
        if number % _AT_ONCE == _AT_ONCE - 1:
            await asyncio.sleep(0)
        found.append(make(row))
    return tuple(found)
