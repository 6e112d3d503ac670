"""What people read and see, as frozen values without any markup."""

from dataclasses import dataclass

from bot.model import Openness


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a ranking as it is read; `word` says the openness in the reader's language."""

    rank: int
    name: str
    openness: Openness
    word: str
    share: str
    tokens: str
    change: str


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a page: what it is called, and its address, which is never text from outside."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section, with a way to more."""

    text: str
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Lines on one thing under a heading; an empty heading shows none."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What people read, without any markup: each edge escapes and lays it out in its own way.

    `lead` stands before the ranking, then picture, `sections` and `notes`; `key` is None where
    nothing is proven; `links` lead away from it.
    """

    title: str
    lead: tuple[str, ...]
    caption: str
    ranking: tuple[Ranked, ...]
    notes: tuple[str, ...]
    citation: str
    key: str | None = None
    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A drawn picture: PNG bytes, a file name, and its content in words."""

    name: str
    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be sent, with its picture unless that failed.

    `plain`: as text alone, because Discord did not take its card.
    """

    message: Message
    image: Image | None
    plain: bool = False
