"""An answer's payload as a page that looks as Discord does: dark, as wide as asked (pure)."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any, NoReturn

from jinja2 import Environment, PackageLoader, StrictUndefined

from tests.gallery.markdown import Reader, html
from tests.wire.discord_mentions import walk
from tests.wire.discord_schema import Message

_ATTACHED = "attachment://"
_WEIGHTS = {400: "Regular", 500: "Medium", 700: "Bold", 900: "Black"}
_WORDS = {
    "en": {"member": "a member", "used": "used", "app": "APP", "own": "Only you can see this"},
    "tr": {
        "member": "bir üye",
        "used": "kullandı:",
        "app": "UYGULAMA",
        "own": "Bunu yalnızca siz görebilirsiniz",
    },
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands before a person: what was typed, what came, when it came.

    Nothing was typed for what was posted: then `typed` is "".
    """

    typed: str
    messages: Sequence[Message]
    when: str
    reader: Reader


def page(shown: Shown, width: int) -> str:
    """Return the page of an answer, so many CSS pixels wide.

    Raises LookupError for a component that no page can show yet.
    """
    environment = Environment(
        loader=PackageLoader("tests.gallery", "."), autoescape=True, undefined=_Missing
    )
    files = [one for message in shown.messages for one in message.attachments]
    attached = {one.filename: one.data for one in files}
    environment.filters["discord"] = partial(html, reader=shown.reader)
    environment.filters["address"] = lambda url: _address(url, attached)
    environment.filters["file"] = _name
    environment.filters["loose"] = _loose
    environment.filters["named"] = lambda one: shown.reader.named(one["type"], int(one["id"]))
    return environment.get_template("page.html.j2").render(
        language=shown.reader.language,
        words=_WORDS[shown.reader.language],
        typed=shown.typed,
        messages=shown.messages,
        when=shown.when,
        fonts=_fonts(),
        width=width,
        unknown=_unknown,
    )


class _Missing(StrictUndefined):
    """What a payload leaves out is nothing; what is asked of nothing is an error."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter(())


def _unknown(component: Mapping[str, Any]) -> NoReturn:
    raise LookupError(f"no page shows a component of type {component['type']} yet")


def _loose(message: Message) -> list[str]:
    """Return the files that no component names: Discord lists them below the text."""
    return sorted({one.filename for one in message.attachments} - _placed(message))


def _placed(message: Message) -> set[str]:
    medias = [
        media
        for one in walk(message.components)
        for media in (one.get("file"), one.get("media"), *_items(one))
        if media
    ]
    return {_name(media["url"]) for media in medias}


def _items(component: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item["media"] for item in component.get("items") or []]


def _name(url: str) -> str:
    return url.removeprefix(_ATTACHED)


def _address(url: str, attached: Mapping[str, bytes]) -> str:
    """Return an attached picture as an address that holds it whole. Raises LookupError."""
    return _data("image/png", attached[_name(url)])


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


@cache
def _fonts() -> tuple[tuple[int, str], ...]:
    folder = files("fontpkg_lato") / "files"
    return tuple(
        (weight, _data("font/ttf", (folder / f"Lato-{name}.ttf").read_bytes()))
        for weight, name in _WEIGHTS.items()
    )
