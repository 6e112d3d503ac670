"""Who changed the settings of a server: a document of the state for each, of the newest changes."""

from collections.abc import Mapping
from typing import Any

from bot.subscription import CHANGES_KEPT, NOBODY, Change
from storage._codec import from_document, to_short_document
from storage._files import KeyedTinyDB, ReplacedFile

_TABLE = "changes"
_LIST = "changes"


class Trail:
    """Read changes from the state as saved last, and add them to drafts of it."""

    def __init__(self, state: ReplacedFile) -> None:
        """Take the state."""
        self._state = state

    def all(self, guild_id: int) -> tuple[Change, ...]:
        """Return a server's changes, newest first."""
        found = self._state.saved().find(_TABLE, str(guild_id))
        return tuple(from_document(Change, each) for each in reversed(_listed(found)))

    def of(self, person: int) -> tuple[Change, ...]:
        """Return what a person changed."""
        lists = map(_listed, self._state.tables.get(_TABLE, {}).values())
        made = (each for listed in lists for each in listed if each["who"] == person)
        return tuple(from_document(Change, each) for each in made)

    def guilds(self) -> frozenset[int]:
        """Return the servers with a change."""
        return frozenset(map(int, self._state.tables.get(_TABLE, ())))

    def add(self, draft: KeyedTinyDB, change: Change | None) -> None:
        """Add a change, if there is one, to a draft; the oldest goes when there are too many."""
        if change is None:
            return
        key = str(change.guild_id)
        listed = [*_listed(draft.find(_TABLE, key)), to_short_document(change)]
        draft.put(_TABLE, key, {_LIST: listed[-CHANGES_KEPT:]})

    def purge(self, draft: KeyedTinyDB, guild_id: int) -> None:
        """Drop a server's changes from a draft."""
        if draft.find(_TABLE, str(guild_id)) is not None:
            draft.drop(_TABLE, str(guild_id))

    def forget(self, draft: KeyedTinyDB, person: int) -> None:
        """Put nobody in place of a person in a draft."""
        for key, found in self._state.tables.get(_TABLE, {}).items():
            listed = _listed(found)
            if any(each["who"] == person for each in listed):
                draft.put(_TABLE, key, {_LIST: [_without(person, each) for each in listed]})


def _listed(found: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return list(found[_LIST]) if found is not None else []


def _without(person: int, change: dict[str, Any]) -> dict[str, Any]:
    return change | {"who": NOBODY} if change["who"] == person else change
