"""Subscriptions: documents of the state, by channel."""

from collections import defaultdict
from dataclasses import replace

from tinydb.table import Document

from bot.delivery import Pause, Subscription
from storage._codec import from_document, to_document
from storage._files import KeyedTinyDB, ReplacedFile, Tables

_TABLE = "subscriptions"


class Subscriptions:
    """Read subscriptions from the state as saved last, and change them in drafts of it."""

    def __init__(self, state: ReplacedFile) -> None:
        """Take the state."""
        self._state = state
        self._seen: Tables | None = None
        self._paused: frozenset[int] = frozenset()
        self._guilds: dict[int, list[Document]] = {}

    def all(self, guild_id: int | None = None) -> tuple[Subscription, ...]:
        """Return the subscriptions (of one server), by channel."""
        self._look()
        every = (document for each in self._guilds.values() for document in each)
        wanted = every if guild_id is None else self._guilds.get(guild_id, ())
        found = (from_document(Subscription, document) for document in wanted)
        return tuple(sorted(found, key=lambda s: s.channel_id))

    def paused(self) -> frozenset[int]:
        """Return the channels whose subscription is paused."""
        self._look()
        return self._paused

    def guilds(self) -> frozenset[int]:
        """Return the servers with a subscription."""
        self._look()
        return frozenset(self._guilds)

    def _look(self) -> None:
        # Asked with every event of a server and every turn of the outbox, but saved seldom.
        if self._seen is self._state.tables:
            return
        self._seen = self._state.tables
        documents = self._state.saved().table(_TABLE).all()
        self._paused = frozenset(d["channel_id"] for d in documents if d.get("paused"))
        self._guilds = defaultdict(list)
        for document in documents:
            self._guilds[document["guild_id"]].append(document)

    def put(self, draft: KeyedTinyDB, subscription: Subscription, *, new: bool) -> bool:
        """Put one in a draft; False if its channel has one (`new`), or has none (not `new`).

        One that is there gives its pause to the one that takes its place.
        """
        key = str(subscription.channel_id)
        known = draft.find(_TABLE, key)
        if (known is None) is not new:
            return False
        paused = None if known is None else from_document(Subscription, known).paused
        kept = subscription if new else replace(subscription, paused=paused)
        draft.put(_TABLE, key, to_document(kept))
        return True

    def drop(self, draft: KeyedTinyDB, channel_id: int) -> bool:
        """Drop a channel's from a draft; False if it has none."""
        if draft.find(_TABLE, str(channel_id)) is None:
            return False
        draft.drop(_TABLE, str(channel_id))
        return True

    def put_pause(self, draft: KeyedTinyDB, channel_id: int, pause: Pause | None) -> bool:
        """Pause one in a draft, or with None take that back; False if there is nothing to do."""
        document = draft.find(_TABLE, str(channel_id))
        if document is None or bool(document.get("paused")) is (pause is not None):
            return False
        changed = replace(from_document(Subscription, document), paused=pause)
        draft.put(_TABLE, str(channel_id), to_document(changed))
        return True
