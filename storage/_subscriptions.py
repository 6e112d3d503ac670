"""Subscriptions, and the channels that have one or a digest: documents of the state."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial

from bot.subscription import DIRECT, NOBODY, Channel, Pause, Subscription, Wish
from storage._codec import from_document, to_document
from storage._decoded import Decoded
from storage._files import KeyedTinyDB, ReplacedFile

_TABLE, _CHANNELS = "subscriptions", "channels"
_WISHES = 100_000
"""Different ones that are known again."""


class Subscriptions:
    """Read them from the state as saved last, and change them in drafts of it."""

    def __init__(self, state: ReplacedFile) -> None:
        """Take the state."""
        self._first_like = lru_cache(_WISHES)(_itself)
        self._found = Decoded(state, _TABLE, self._decode, lambda s: (s.channel_id, s.number))
        channel = partial(from_document, Channel)
        self._channels = Decoded(state, _CHANNELS, channel, lambda channel: channel.channel_id)
        self._paused: tuple[tuple[Channel, ...], frozenset[int]] = ((), frozenset())

    def all(self, guild_id: int | None = None) -> tuple[Subscription, ...]:
        """Return the subscriptions (of one server), by channel, then number.

        Equal wishes are the same object: routing looks at each of them once.
        """
        return self._found.all(guild_id)

    def channels(self, guild_id: int | None = None) -> tuple[Channel, ...]:
        """Return the channels (of one server), by id."""
        return self._channels.all(guild_id)

    def paused(self) -> frozenset[int]:
        """Return the channels that are paused."""
        channels = self._channels.all()
        if self._paused[0] is not channels:
            paused = frozenset(each.channel_id for each in channels if each.paused is not None)
            self._paused = (channels, paused)
        return self._paused[1]

    def guilds(self) -> frozenset[int]:
        """Return the servers that a subscription or a channel is of."""
        return self._found.guilds() | self._channels.guilds()

    def put(self, draft: KeyedTinyDB, subscription: Subscription, *, new: bool) -> bool:
        """Put one in a draft; False if its channel has one of its number (`new`), or has none."""
        key = _key(subscription)
        if (draft.find(_TABLE, key) is None) is not new:
            return False
        draft.put(_TABLE, key, to_document(subscription))
        if not self.known(draft, subscription.channel_id):
            _put(draft, Channel(subscription.channel_id, subscription.guild_id))
        return True

    def drop(self, draft: KeyedTinyDB, channel_id: int, number: int | None) -> bool:
        """Drop a channel's one of that number, or all, from a draft; False if there is none.

        The channel goes too if nothing is left of it.
        """
        there = [each for each in self._found.all() if each.channel_id == channel_id]
        ended = [each for each in there if number in {None, each.number}]
        draft.drop(_TABLE, *map(_key, ended))
        channel = _find(draft, channel_id)
        if channel is not None and channel.digest is None and len(ended) == len(there):
            draft.drop(_CHANNELS, str(channel_id))
        return bool(ended)

    def put_channel(self, draft: KeyedTinyDB, channel: Channel) -> bool:
        """Put a channel's settings in a draft, but for its pause; False if they are so already.

        The channel goes if it has neither a subscription nor a digest.
        """
        before = _find(draft, channel.channel_id)
        after: Channel | None = replace(channel, paused=before.paused if before else None)
        if channel.digest is None and not self._subscribed(channel.channel_id):
            after = None
        if after is not None and after != before:
            _put(draft, after)
        elif after is None and before is not None:
            draft.drop(_CHANNELS, str(channel.channel_id))
        return after != before

    def put_pause(self, draft: KeyedTinyDB, channel_id: int, pause: Pause | None) -> bool:
        """Pause one in a draft, or with None take that back; False if there is nothing to do."""
        channel = _find(draft, channel_id)
        if channel is None or (channel.paused is None) is (pause is None):
            return False
        _put(draft, replace(channel, paused=pause))
        return True

    def put_dealt_with(self, draft: KeyedTinyDB, digests: Mapping[int, datetime]) -> bool:
        """Note in a draft up to when channels' digests are dealt with; False if all is known."""
        changed = {
            str(each.channel_id): to_document(
                replace(each, digest=replace(each.digest, after=digests[each.channel_id]))
            )
            for each in self._channels.all()
            if each.digest is not None
            and each.channel_id in digests
            and digests[each.channel_id] > each.digest.after
        }
        if changed:
            draft.put_all(_CHANNELS, changed)
        return bool(changed)

    def known(self, draft: KeyedTinyDB, channel_id: int) -> bool:
        """Say whether a draft has a channel."""
        return draft.find(_CHANNELS, str(channel_id)) is not None

    def purge(self, draft: KeyedTinyDB, guild_id: int) -> None:
        """Drop all of a server from a draft."""
        draft.drop(_TABLE, *map(_key, self._found.all(guild_id)))
        draft.drop(_CHANNELS, *(str(each.channel_id) for each in self._channels.all(guild_id)))

    def purge_channel(self, draft: KeyedTinyDB, channel_id: int) -> None:
        """Drop all of a channel from a draft."""
        self.drop(draft, channel_id, None)
        if self.known(draft, channel_id):
            draft.drop(_CHANNELS, str(channel_id))

    def forget(self, draft: KeyedTinyDB, person: int) -> None:
        """Put nobody in place of a person in a draft; what the person watches stays theirs."""
        for each in self._found.all():
            if each.created_by == person and each.guild_id != DIRECT:
                draft.put(_TABLE, _key(each), to_document(replace(each, created_by=NOBODY)))

    def _decode(self, document: object) -> Subscription:
        found = from_document(Subscription, document)
        return replace(found, wish=self._first_like(found.wish))

    def _subscribed(self, channel_id: int) -> bool:
        return any(each.channel_id == channel_id for each in self._found.all())


def _itself(wish: Wish) -> Wish:
    return wish


def _key(subscription: Subscription) -> str:
    return f"{subscription.channel_id}.{subscription.number}"


def _find(draft: KeyedTinyDB, channel_id: int) -> Channel | None:
    document = draft.find(_CHANNELS, str(channel_id))
    return None if document is None else from_document(Channel, document)


def _put(draft: KeyedTinyDB, channel: Channel) -> None:
    draft.put(_CHANNELS, str(channel.channel_id), to_document(channel))
