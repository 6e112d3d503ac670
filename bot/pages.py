"""The paths of the evidence pages, from the root of the site (pure)."""

import hashlib
import re

STYLE, ICON = "style.css", "icon.svg"
ATOM, JSON_FEED = "feed.atom", "feed.json"
HOME = "index.html"

_LONGEST = 120
_UNSAFE = re.compile(r"[^a-z0-9.-]+")


def safe_name(key: str) -> str:
    """Return a file's name for a milestone's key, whatever that holds: no two have the same.

    Keys hold what the source calls models; a name holds letters, digits, dots and dashes alone.
    """
    readable = _UNSAFE.sub("-", key.lower()).strip(".-")[:_LONGEST]
    return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def home(language: str) -> str:
    """Return the path of the first page."""
    return f"{language}/{HOME}"


def milestone(language: str, key: str) -> str:
    """Return the path of a milestone's page."""
    return f"{language}/milestones/{safe_name(key)}.html"


def press(language: str, key: str, file: str) -> str:
    """Return the path of a file of a milestone's press pack."""
    return f"{language}/milestones/{safe_name(key)}/{file}"


def archive(language: str, year: int | None = None) -> str:
    """Return the path of the archive: of a year, or of the newest one."""
    return f"{language}/milestones/{'index' if year is None else year}.html"


def standings(language: str, board: str) -> str:
    """Return the path of a board's standings."""
    return f"{language}/standings/{board}.html"


def open_share(language: str, board: str) -> str:
    """Return the path of a board's open share."""
    return f"{language}/open-share/{board}.html"


def feed(language: str, file: str) -> str:
    """Return the path of a feed."""
    return f"{language}/{file}"


def beside(page: str, theme: str) -> str:
    """Return the path of the picture of a page, in a theme."""
    return f"{page.removesuffix('.html')}/{theme}.png"
