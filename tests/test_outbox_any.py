"""Whatever fails, and whenever the bot dies: each alert stands once in its channel, in order."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery import Delivery
from bot.errors import BodyRefused, SendLater
from bot.message import Outgoing
from bot.routing import nonce
from bot.sender import NONCES_KEPT
from bot.subscription import Manner
from storage.tinydb_store import TinyDBStore
from tests.sending import Channels, Clock, outbox, owed, record

FORUM = 3
CHANNELS = (1, 2, FORUM)
FAULTS = ("lost", "taken", "bad body", "dies before", "dies after")


class Death(BaseException):
    """The process ends here."""


@dataclass
class Discord(Channels):
    """It remembers nonces for as long as it surely does, in a forum none, and has its faults."""

    clock: Clock = field(default_factory=Clock)
    faults: list[str | None] = field(default_factory=list)
    stands: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    nonces: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    died: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, delivery: Delivery, outgoing: Outgoing, where: int) -> int:
        fault = self.faults.pop() if self.faults else None
        if fault == "bad body" and not outgoing.plain:
            raise BodyRefused("50035")
        if fault == "lost":
            raise SendLater("503")
        self._die_if(fault == "dies before")
        message = self._posted(delivery, where)
        self._die_if(fault == "dies after")
        if fault == "taken":
            raise SendLater("reset")
        return message

    async def find(self, delivery: Delivery, keys: Sequence[str], where: int) -> tuple[int, ...]:  # noqa: ARG002
        there = enumerate(self.stands[where], start=1)
        return tuple(message for message, key in there if key in keys)

    def _die_if(self, condition: object) -> None:
        if condition:
            self.died.set()
            raise Death

    def _posted(self, delivery: Delivery, where: int) -> int:
        at, message = self.nonces.get(delivery.nonce, (self.clock(), 0))
        if where != FORUM and message and self.clock() - at <= NONCES_KEPT:
            return message
        self.stands[where] += delivery.milestones
        self.nonces[delivery.nonce] = (self.clock(), len(self.stands[where]))
        return len(self.stands[where])


async def _live(folder: Path, discord: Discord) -> bool:
    """Serve what is due from one start to its end; False if the bot died."""
    store = TinyDBStore(folder, writable=True)
    box = outbox(store, discord, discord.clock)
    discord.died = asyncio.Event()
    life = asyncio.create_task(box.drain())
    death = asyncio.create_task(discord.died.wait())
    await asyncio.wait([life, death], return_when=asyncio.FIRST_COMPLETED)
    left = [life, death, *box._busy.values()]
    for task in left:
        task.cancel()
    for task in left:
        with suppress(asyncio.CancelledError, Death):
            await task
    store._unlock()
    return not discord.died.is_set()


def _alert(number: int, channel: int, now: datetime) -> Delivery:
    """Return an alert; each second one may tell what the one before told in another language."""
    made = owed(channel, f"m{number // 2}", now, Manner(forum=channel == FORUM))
    key = f"{made.key}:{number}"
    return replace(made, key=key, nonce=nonce(key), language=("en", "tr")[number % 2])


async def _all_lives(owed_to: list[int], faults: list[str | None], waits: list[int]) -> Discord:
    discord = Discord(faults=faults)
    now = discord.clock()
    rows = [_alert(number, channel, now) for number, channel in enumerate(owed_to)]
    with TemporaryDirectory() as folder:
        store = TinyDBStore(Path(folder), writable=True)
        await record(store, *rows)
        await store.close()
        for wait in waits:
            await _live(Path(folder), discord)
            discord.clock.now += timedelta(seconds=wait)
        discord.faults.clear()
        discord.clock.now += timedelta(minutes=11)
        assert await _live(Path(folder), discord)
        reader = TinyDBStore(Path(folder), writable=False)
        assert await reader.open_deliveries() == ()
    return discord


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=8),
    st.lists(st.sampled_from([*FAULTS, None]), max_size=20),
    st.lists(st.integers(0, 300), max_size=12),
)
def test_each_alert_stands_once_in_its_channel_in_order(
    owed_to: list[int], faults: list[str | None], waits: list[int]
) -> None:
    discord = asyncio.run(_all_lives(owed_to, faults, waits))
    for channel in CHANNELS:
        wanted = [f"m{number // 2}" for number, where in enumerate(owed_to) if where == channel]
        assert discord.stands[channel] == wanted
