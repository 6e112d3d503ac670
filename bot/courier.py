"""The courier: sends what is owed for as long as this process holds that office."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeAlias

from bot.delivery import Delivery
from bot.errors import SendLater
from bot.message import Outgoing
from bot.outbox import Outbox
from bot.sender import Messenger
from storage.offices import Office, Offices, Term

MakeOutbox: TypeAlias = Callable[[Term], Outbox]


class Courier:
    """Serve an outbox in each term; in between another process may send."""

    def __init__(self, offices: Offices, make_outbox: MakeOutbox) -> None:
        """Take the offices to run for, and what makes the outbox of a term."""
        self._offices = offices
        self._make_outbox = make_outbox
        self._outbox: Outbox | None = None
        self._stopping = False
        self._settled = asyncio.Event()

    @property
    def blocked(self) -> bool:
        """Say whether we are to send, and the store could not be used at the last step."""
        return self._outbox is not None and self._outbox.blocked

    @property
    def refused(self) -> bool:
        """Say whether we are to send, and Discord does not take our token any more."""
        return self._outbox is not None and self._outbox.refused

    def wake(self) -> None:
        """Look for new deliveries now, if we are to send."""
        if self._outbox is not None:
            self._outbox.wake()

    async def run(self) -> None:
        """Serve until `stop`, whenever the office is ours."""
        await self._offices.serve(Office.COURIER, self._serve, self.wake)

    async def stop(self) -> None:
        """Start nothing new and let the sends under way settle for some seconds."""
        self._stopping = True
        if self._outbox is not None:
            await self._outbox.stop()
        self._settled.set()

    async def _serve(self, term: Term) -> None:
        if self._stopping:
            return
        self._outbox = outbox = self._make_outbox(term)
        try:
            await outbox.run()
            await self._settled.wait()  # in office until then
        except asyncio.CancelledError:
            await outbox.stop(timedelta(0))
            raise
        finally:
            self._outbox = None


class Leased:
    """A messenger that acts no more once its term is over."""

    def __init__(self, messenger: Messenger, goes_on: Callable[[], bool]) -> None:
        """Take the messenger to act through, and what says whether the term goes on."""
        self._messenger = messenger
        self._goes_on = goes_on

    async def send(self, delivery: Delivery, outgoing: Outgoing, where: int) -> int:
        """See Messenger."""
        self._check()
        return await self._messenger.send(delivery, outgoing, where)

    async def edit(self, where: int, message_id: int, outgoing: Outgoing) -> None:
        """See Messenger."""
        self._check()
        await self._messenger.edit(where, message_id, outgoing)

    async def publish(self, where: int, message_id: int) -> None:
        """See Messenger."""
        self._check()
        await self._messenger.publish(where, message_id)

    async def find(self, delivery: Delivery, keys: Sequence[str], where: int) -> tuple[int, ...]:
        """See Messenger."""
        return await self._messenger.find(delivery, keys, where)

    async def system_channel(self, guild_id: int) -> int | None:
        """See Messenger."""
        return await self._messenger.system_channel(guild_id)

    def _check(self) -> None:
        if not self._goes_on():
            raise SendLater("another process may be sending by now")
