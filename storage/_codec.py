"""Nouns to JSON documents and back, checked by their types."""

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from bot.errors import StoreDamaged

T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_document(value: object) -> dict[str, Any]:
    """Return a frozen dataclass as plain JSON values."""
    return cast(
        "dict[str, Any]", _adapter(cast("Any", type(value))).dump_python(value, mode="json")
    )


def from_document(kind: type[T], document: object) -> T:
    """Return the value a document holds. Raises StoreDamaged naming the first wrong field."""
    try:
        return cast("T", _adapter(cast("Any", kind)).validate_python(document))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise StoreDamaged(f"a stored {kind.__name__}: {path}: {first['msg']}") from error
