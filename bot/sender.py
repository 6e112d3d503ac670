"""One try of a delivery: compose, wait for a turn, send; and what became of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.delivery import Delivery, DeliveryState, Form, Kind
from bot.errors import (
    BodyRefused,
    HistoryHidden,
    NothingToSay,
    PlaceClosed,
    SendLater,
    SendRefused,
    StoreError,
    TokenRefused,
)
from bot.message import Outgoing
from bot.pace import Pace
from bot.routing import pause_notice
from bot.subscription import Channel, Pause, PauseReason
from bot.turns import after_fault, dead, sent, short, waiting
from storage.protocol import Store

NONCES_KEPT = timedelta(minutes=2)
"""For so long Discord surely returns the first message for a repeated nonce: "a few minutes"."""

_MOST_BUGS = 3
"""Tries of a delivery that may end in an error nobody foresaw."""

_LONGEST_TRY = timedelta(minutes=10)
_LONGEST_LOOK = timedelta(hours=1)
"""When for so long nobody could look whether a message is there, a repeat is preferred."""


class Compose(Protocol):
    """Make what a delivery says and shows."""

    async def __call__(self, delivery: Delivery, /) -> Outgoing:
        """Raises StoreError, and NothingToSay where its milestones are gone."""


class Messenger(Protocol):
    """Post, publish and edit messages.

    All of it raises SendLater, PlaceClosed, SendRefused and TokenRefused; `send` and `edit` raise
    BodyRefused too. `where` is the channel, thread or forum; of a forum's post it is the post.
    """

    async def send(self, delivery: Delivery, outgoing: Outgoing, where: int, /) -> int:
        """Post and return the message's id.

        A repeat with the same nonce within minutes makes no second message, except in a forum.
        """

    async def edit(self, where: int, message_id: int, outgoing: Outgoing, /) -> None:
        """Put this in place of what a message says."""

    async def publish(self, where: int, message_id: int, /) -> None:
        """Publish a message to the channels that follow this one; a second time is no fault."""

    async def find(self, delivery: Delivery, keys: Sequence[str], where: int, /) -> tuple[int, ...]:
        """Return the ids of our messages since its first try that bear one of these keys.

        The oldest comes first. Several do where the same is told in several languages.

        Raises HistoryHidden where the channel's messages may not be read, or none bears a key of
        those that were looked through, and there are more.
        """

    async def system_channel(self, guild_id: int, /) -> int | None:
        """Return the channel where a server wants to be told things, if we may write there.

        Raises SendLater as long as nothing is known of that server, SendRefused, TokenRefused.
        """


class Sender:
    """Try deliveries, each on its own; nothing of a try is stored here but a pause."""

    def __init__(
        self,
        store: Store,
        compose: Compose,
        messenger: Messenger,
        pace: Pace,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        """Take the edges to act through; `chance` gives numbers from 0 to 1."""
        self._store = store
        self._compose = compose
        self._messenger = messenger
        self._pace = pace
        self._clock = clock
        self._chance = chance
        self._bugs: dict[str, int] = {}
        self._pausing = asyncio.Lock()
        self._log = structlog.get_logger()

    async def outcome(self, delivery: Delivery, passed: Callable[[], None]) -> Delivery:
        """Try a claimed delivery and return what it is then; `passed` is called on its turn.

        Every line that comes of it bears its key. Raises TokenRefused.
        """
        with structlog.contextvars.bound_contextvars(delivery=delivery.key):
            return await self._logged(delivery, passed)

    async def _logged(self, delivery: Delivery, passed: Callable[[], None]) -> Delivery:
        try:
            found = await self._outcome(delivery, passed)
        except TokenRefused:
            raise
        except Exception as error:  # noqa: BLE001 — ours: logged whole, tried twice more
            return self._after_bug(delivery, error)
        self._bugs.pop(delivery.key, None)
        return found

    async def _outcome(self, delivery: Delivery, passed: Callable[[], None]) -> Delivery:
        try:
            async with asyncio.timeout(_LONGEST_TRY.total_seconds()):
                message_id = await self._try(delivery, passed)
        except (SendRefused, NothingToSay, BodyRefused) as error:
            return self._dead(delivery, str(error))
        except PlaceClosed as closed:
            return await self._closed(delivery, closed)
        except (SendLater, StoreError, TimeoutError) as error:
            after = error.after if isinstance(error, SendLater) else None
            return self._later(delivery, str(error) or "no answer in ten minutes", after)
        self._log.info(f"{delivery.kind} sent", channel=delivery.channel_id, message=message_id)
        return sent(delivery, message_id, self._clock())

    def _after_bug(self, delivery: Delivery, error: Exception) -> Delivery:
        # Without an end it would be posted again and again, past Discord's memory of nonces.
        self._log.error("sender failed", channel=delivery.channel_id, exc_info=error)
        what = f"{type(error).__name__}: {error}"
        self._bugs[delivery.key] = self._bugs.get(delivery.key, 0) + 1
        if self._bugs[delivery.key] < _MOST_BUGS:
            return self._later(delivery, what)
        del self._bugs[delivery.key]
        return self._dead(delivery, what)

    async def _try(self, delivery: Delivery, passed: Callable[[], None]) -> int:
        posted = await self._posted(delivery) if delivery.about is not None else None
        where = _where(delivery, posted)
        if delivery.kind is Kind.PUBLISH and posted is not None:
            await self._turn(passed)
            await self._messenger.publish(where, posted)
            return posted
        outgoing = await self._compose(delivery)
        await self._turn(passed)
        try:
            return await self._out(delivery, outgoing, where, posted)
        except BodyRefused as error:
            self._log.error("message not taken", channel=delivery.channel_id, problem=str(error))
            await self._pace.turn()
            return await self._out(delivery, replace(outgoing, plain=True), where, posted)

    async def _turn(self, passed: Callable[[], None]) -> None:
        await self._pace.turn()
        passed()

    async def _out(
        self, delivery: Delivery, outgoing: Outgoing, where: int, posted: int | None
    ) -> int:
        if delivery.kind is Kind.EDIT and posted is not None:
            await self._messenger.edit(where, posted, outgoing)
            return posted
        there = await self._there_already(delivery, outgoing, where)
        return there or await self._messenger.send(delivery, outgoing, where)

    async def _there_already(
        self, delivery: Delivery, outgoing: Outgoing, where: int
    ) -> int | None:
        """Return the message that an earlier try made after all, where no nonce tells."""
        tried, key = delivery.tried_at, outgoing.message.key
        if delivery.attempts < 2 or tried is None or key is None:
            return None
        guarded = timedelta(0) <= self._clock() - tried <= NONCES_KEPT
        if guarded and not _opens_post(delivery, where):
            return None
        # What it says may have become less since: an alert of which a part was withdrawn.
        first = " ".join(delivery.milestones)
        keys = (key, first) if _is_alert(delivery) else (key,)
        found = await self._look(delivery, keys, where)
        await self._pace.turn()  # for the request that looked
        return found

    async def _look(self, delivery: Delivery, keys: tuple[str, ...], where: int) -> int | None:
        try:
            found = await self._messenger.find(delivery, keys, where)
            others = await self._others(delivery) if found else frozenset()
            return next((message for message in found if message not in others), None)
        except HistoryHidden as error:
            hidden = str(error)
        except SendLater as error:
            if self._clock() - (delivery.tried_at or self._clock()) <= _LONGEST_LOOK:
                raise
            hidden = str(error)
        self._log.warning(
            "a repeat may be the second of its kind",
            channel=delivery.channel_id,
            problem=short(hidden),
        )
        return None

    async def _others(self, delivery: Delivery) -> frozenset[int | None]:
        """Return the messages in its channel that others became which may bear the same key.

        They tell the same in another language, or correct it there.
        """
        if delivery.about is None:
            rows = await self._store.posts(delivery.created_at, delivery.guild_id)
        else:
            what = delivery.key.removeprefix(delivery.about)
            told = await self._store.about(delivery.milestones[0], delivery.channel_id)
            rows = await self._store.deliveries([alert.key + what for alert in told])
        others = (row for row in rows if row.key != delivery.key)
        return frozenset(row.message_id for row in others if row.channel_id == delivery.channel_id)

    async def _posted(self, delivery: Delivery) -> int:
        """Return the message that the alert became which a delivery is about."""
        if delivery.target is not None:
            return delivery.target
        found = await self._store.deliveries([delivery.about or ""])
        if not found or found[0].state is DeliveryState.DEAD:
            raise NothingToSay("the alert that this is about never went out")
        if found[0].message_id is None:
            raise SendLater("the alert that this is about is still on its way")
        return found[0].message_id

    async def _closed(self, delivery: Delivery, closed: PlaceClosed) -> Delivery:
        """Pause a channel, tell its server, and let the delivery wait."""
        if _in_post(delivery) and closed.reason is PauseReason.FORBIDDEN:
            # That somebody locked a post says nothing of its forum, and they may open it again.
            return self._later(delivery, str(closed))
        if _in_post(delivery) or delivery.kind in (Kind.PUBLISH, Kind.NOTICE):
            return self._dead(delivery, str(closed))
        now, channel, guild = self._clock(), delivery.channel_id, delivery.guild_id
        try:
            known = {one.channel_id: one for one in await self._store.channels(guild)}
            if channel not in known:
                return self._dead(delivery, str(closed))
            pause = Pause(closed.reason, now, short(str(closed)))
            async with self._pausing:  # so that the next one sees the notice of this one
                notices = await self._notices(known[channel], delivery.language, now)
                if await self._store.pause(channel, pause, notices):
                    self._log.warning("channel paused", channel=channel, problem=pause.said)
        except (StoreError, SendLater, SendRefused) as error:
            return self._later(delivery, str(error))
        return waiting(delivery, str(closed))

    async def _notices(
        self, channel: Channel, language: str, now: datetime
    ) -> tuple[Delivery, ...]:
        """Return what tells a server of a pause; what waits there already tells of all of them."""
        place = await self._messenger.system_channel(channel.guild_id)
        if place is None:
            return ()
        there = await self._store.open_deliveries(place)
        if any(row.kind is Kind.NOTICE for row in there):
            return ()
        return pause_notice(channel, language, place, now)

    def _later(self, delivery: Delivery, reason: str, after: timedelta | None = None) -> Delivery:
        found = after_fault(delivery, reason, self._clock(), self._chance(), after)
        if found.state is DeliveryState.DEAD:
            return self._dead(delivery, found.reason or reason)
        if delivery.attempts == 1:
            self._log.warning(
                f"{delivery.kind} not sent yet", channel=delivery.channel_id, problem=short(reason)
            )
        return found

    def _dead(self, delivery: Delivery, reason: str) -> Delivery:
        self._log.error(
            f"{delivery.kind} given up", channel=delivery.channel_id, problem=short(reason)
        )
        return dead(delivery, reason)


def _is_alert(delivery: Delivery) -> bool:
    return delivery.kind is Kind.ALERT and delivery.form is Form.ALERT


def _where(delivery: Delivery, posted: int | None) -> int:
    """Return where a delivery goes: in a forum, what is about an alert goes into its post."""
    return posted if delivery.manner.forum and posted is not None else delivery.channel_id


def _opens_post(delivery: Delivery, where: int) -> bool:
    return delivery.manner.forum and where == delivery.channel_id


def _in_post(delivery: Delivery) -> bool:
    return delivery.manner.forum and delivery.about is not None
