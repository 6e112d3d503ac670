"""Nouns to JSON documents and back, checked by their types."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from bot.errors import StoreDamaged, StoreError

T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_document(value: object) -> dict[str, Any]:
    """Return a frozen dataclass as plain JSON values."""
    return cast(
        "dict[str, Any]", _adapter(cast("Any", type(value))).dump_python(value, mode="json")
    )


def to_short_document(value: object) -> dict[str, Any]:
    """Return the same without the fields that are as their defaults."""
    adapter = _adapter(cast("Any", type(value)))
    return cast("dict[str, Any]", adapter.dump_python(value, mode="json", exclude_defaults=True))


def to_line(value: object) -> bytes:
    """Return the text of that short document, in one line. Raises StoreError when it has none."""
    try:
        return _adapter(cast("Any", type(value))).dump_json(value, exclude_defaults=True)
    except PydanticSerializationError as error:
        raise StoreError(f"cannot be written: {error}") from error


def from_document(kind: type[T], document: object) -> T:
    """Return the value a document holds. Raises StoreDamaged naming the first wrong field."""
    return _checked(kind, _adapter(cast("Any", kind)).validate_python, document)


def from_line(kind: type[T], line: bytes) -> T:
    """Return the value that a line holds. Raises StoreDamaged naming the first wrong field."""
    return _checked(kind, _adapter(cast("Any", kind)).validate_json, line)


def _checked(kind: type[T], read: Callable[[Any], Any], stored: object) -> T:
    try:
        return cast("T", read(stored))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise StoreDamaged(f"a stored {kind.__name__}: {path}: {first['msg']}") from error
