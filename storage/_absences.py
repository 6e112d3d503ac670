"""The servers that we are not in any more: a document of the state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from storage._codec import from_document, to_document
from storage._files import KeyedTinyDB, ReplacedFile


@dataclass(frozen=True, slots=True)
class Absent:
    servers: dict[int, datetime]


class Absences:
    """Read absences from the state as saved last, and change them in drafts of it."""

    def __init__(self, state: ReplacedFile) -> None:
        """Take the state."""
        self._state = state

    def all(self) -> Mapping[int, datetime]:
        """Return the servers, and when it was noticed (UTC)."""
        found = self._state.saved().find("meta", "absences")
        return from_document(Absent, found).servers if found else {}

    def note(
        self, draft: KeyedTinyDB, absent: Mapping[int, datetime], back: Collection[int]
    ) -> None:
        """Add servers to a draft, unless they are known, and drop those that are back."""
        noted = {**absent, **self.all()}
        servers = {guild: since for guild, since in noted.items() if guild not in back}
        draft.put("meta", "absences", to_document(Absent(servers)))
