"""Where rankings come from, one source a file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Day


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One accepted answer of a source.

    `days` are by date ascending; `name` says which file or call it was; `mark` is what the source
    gave to recognise this very answer by (an ETag), None where it gave nothing.
    """

    name: str
    days: tuple[Day, ...]
    mark: str | None


class Source(Protocol):
    """Give a board's days; `keyed` says whether a finished day is read again and again."""

    keyed: bool

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        """Return the newest snapshot, or None when it still is the one marked `seen`.

        Raises SourceUnreachable (try again later) and PayloadRefused (nothing of it may be used).
        """
