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
class Message:
    """What people read, without any markup: each edge escapes and lays it out in its own way.

    `lead` stands before the ranking and `notes` after it; `key` is None where nothing is proven.
    """

    title: str
    lead: tuple[str, ...]
    caption: str
    ranking: tuple[Ranked, ...]
    notes: tuple[str, ...]
    citation: str
    key: str | None = None


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
