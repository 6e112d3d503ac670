"""A table of the state as nouns, decoded once while its documents stay the same."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from bot.subscription import Channel, Subscription
from storage._files import ReplacedFile

T = TypeVar("T", bound=Subscription | Channel)


class Decoded(Generic[T]):
    """Hold what a table says, all of it in an order and by server."""

    def __init__(
        self,
        state: ReplacedFile,
        table: str,
        decode: Callable[[object], T],
        order: Callable[[T], Any],
    ) -> None:
        """Take the state, the table's name, and what makes nouns of its documents."""
        self._state = state
        self._table = table
        self._noun_of = decode
        self._order = order
        self._seen: dict[str, Any] | None = None
        self._known: dict[str, tuple[object, T]] = {}
        self._every: tuple[T, ...] = ()
        self._guilds: dict[int, list[T]] = {}

    def all(self, guild_id: int | None = None) -> tuple[T, ...]:
        """Return them (of one server), in order: the same object while nothing changes.

        Raises StoreDamaged when one is something else.
        """
        self._look()
        return self._every if guild_id is None else tuple(self._guilds.get(guild_id, ()))

    def guilds(self) -> frozenset[int]:
        """Return the servers that any is of."""
        self._look()
        return frozenset(self._guilds)

    def _look(self) -> None:
        # Asked with every event of a server and every turn of the outbox, but changed seldom:
        # a draft leaves a table that it does not change, and of a changed one the documents.
        table = self._state.tables.get(self._table, {})
        if table is self._seen:
            return
        self._known = {key: self._decode(key, document) for key, document in table.items()}
        self._every = tuple(sorted((noun for _, noun in self._known.values()), key=self._order))
        self._guilds = defaultdict(list)
        for noun in self._every:
            self._guilds[noun.guild_id].append(noun)
        self._seen = table

    def _decode(self, key: str, document: object) -> tuple[object, T]:
        known = self._known.get(key)
        if known is not None and known[0] is document:
            return known
        return document, self._noun_of(document)
