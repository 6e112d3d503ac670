"""What comes with the package: the registry, the boards, the languages, what pages use."""

import importlib.resources
from collections.abc import Mapping
from importlib.resources.abc import Traversable

from bot.boards import Board, parse_boards
from bot.openness import Registry, parse_registry
from bot.text.say import Languages, parse_language


def read_registry() -> Registry:
    """Return the openness registry that comes with the package."""
    file = importlib.resources.files("bot") / "openness.toml"
    return parse_registry(file.read_text(encoding="utf-8"), file.name)


def read_boards() -> Mapping[str, Board]:
    """Return the boards that come with the package, by name."""
    file = importlib.resources.files("bot") / "boards.toml"
    return parse_boards(file.read_text(encoding="utf-8"), file.name)


def read_languages() -> Languages:
    """Return the languages that come with the package, a `.po` catalogue each."""
    files = importlib.resources.files("bot.text").iterdir()
    catalogues = sorted((file for file in files if file.name.endswith(".po")), key=_name)
    return Languages(
        [parse_language(file.name.removesuffix(".po"), file.read_bytes()) for file in catalogues]
    )


def read_page_file(name: str) -> bytes:
    """Return a file that the evidence pages use as it is, such as their style sheet."""
    return (importlib.resources.files("bot.web") / "templates" / name).read_bytes()


def _name(file: Traversable) -> str:
    return file.name
