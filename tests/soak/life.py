"""A life of the bot by the hour: polls, upkeep, restarts, and clocks that jump."""

import gc
from collections import Counter
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import structlog

from bot import rules
from bot.alerts import Composer
from bot.boards import MODELS
from bot.delivery import Delivery, Kind
from bot.errors import SendFailed, SourceError
from bot.openness import Directory
from bot.outbox import Outbox
from bot.pace import Pace
from bot.packaged import read_languages
from bot.poller import BoardPoll
from bot.render import Renderer
from bot.tending import tend
from bot.turns import claimed
from bot.upkeep import upkeep
from storage.tinydb_store import TinyDBStore
from tests.made import START, at
from tests.soak.account import Account
from tests.soak.edges import Published, Recorder
from tests.soak.people import GUESTS, People, without_digest
from tests.soak.world import HOUR, Past, past

BEFORE = 20
"""Days of history before the bot is started."""

QUARTER = 91
LOOKED_BACK = timedelta(days=40)
"""Nothing is found that is dated longer ago, but at the start."""

_RULES = rules.discover()


@dataclass(frozen=True, slots=True)
class Size:
    """What the bot takes after so many days: memory, files, and the folder."""

    day: int
    rss_mb: float
    files: int
    monthly: int
    folder_kb: int


@dataclass
class Life:
    """One bot, its data folder, the world around it, and what chance does to them."""

    folder: Path
    seed: int
    days: int
    loses: Callable[[Delivery], bool] = lambda _: False
    polls: int = 0
    restarts: int = 0
    crashes: int = 0
    jumps: int = 0
    sizes: list[Size] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Begin, the bot not yet started."""
        self.chance = Random(f"life {self.seed}")
        self.waits = Random(f"waits {self.seed}")  # its own: sends are not always in one order
        self.past: Past = past(self.seed, self.days + BEFORE)
        self.true, self.offset = at(START + timedelta(days=BEFORE), 4, 0), timedelta(0)
        self.ended = self.true
        self.people, self.account = People(self.chance), Account()
        self.source = Published(self.past, lambda: self.true)
        self.discord = Recorder(self.past, lambda: self.true, self.now, loses=self.loses)
        self.languages, self.renderer = read_languages(), Renderer()
        self.renderer.close()  # alerts go out without pictures then
        self._reopens: dict[int, datetime] = {}
        self._open()

    def now(self) -> datetime:
        """Return what the machine's clock says."""
        return self.true + self.offset

    async def live(self) -> None:
        """Live all days."""
        await self._poll()
        await self.people.arrive(self.store, self.now())
        for hour in range(1, self.days * 24):
            self.true += HOUR
            await self._happen()
            if hour % 3 == 0:
                await self._poll()
            await self._maybe_die()
            await tend(self.store, self.now())
            await self.outbox.drain()
            if hour % 24 == 0:
                await self._upkeep()
            if hour % (QUARTER * 24) == 0 or hour == self.days * 24 - 1:
                self.sizes.append(self._size(hour // 24))
        await self._end()

    def _open(self) -> None:
        self.store = TinyDBStore(self.folder, writable=True)
        self.composer = Composer(self.store, self.renderer, _RULES, self._known, self.languages)
        self.outbox = Outbox(
            self.store, self.composer, self.discord, self.now, Pace(10**6), self.waits.random
        )
        self.poll = BoardPoll(MODELS, self.source, self.store, self._known, _RULES)

    async def _known(self) -> Directory:
        return self.past.directory(self.true.date())

    async def _poll(self) -> None:
        self.polls += 1
        with suppress(SourceError):  # what is stored is judged all the same
            await self.poll(self.now())
        now, people = self.now(), self.people
        lately = await self.store.milestones(MODELS.name, now.date() - LOOKED_BACK)
        self.account.polled(lately, people.all(), now)
        self.account.heard(await self.store.open_deliveries(), people.channels, now)

    async def _happen(self) -> None:
        """Let happen what happens: each of it now and then."""
        if self.chance.random() < 1 / (24 * 9):
            self._jump()
        if self.chance.random() < 1 / (24 * 3):
            self._left(await self.people.come_or_go(self.store, self.now()))
        if self.chance.random() < 1 / (24 * 15):
            await self.people.mute(self.store, self.now())
        if self.chance.random() < 1 / (24 * 25):
            await self.people.remove_us(self.store, self.now())
        await self._close_a_channel()

    def _jump(self) -> None:
        """Set the machine's clock forth or back, or right again."""
        self.jumps += 1
        minutes = self.chance.randint(-6 * 60, 6 * 60)
        self.offset = timedelta(0) if self.offset else timedelta(minutes=minutes)

    async def _close_a_channel(self) -> None:
        """Take the right to post away for some hours, and give it back."""
        for channel, when in list(self._reopens.items()):
            if self.true >= when:
                del self._reopens[channel]
                self.discord.closed.discard(channel)
                await self.store.resume(channel, self.now())
        if self.chance.random() < 1 / (24 * 10):
            channel = self.chance.randint(1, 12)
            self.discord.closed.add(channel)
            self._reopens[channel] = self.true + HOUR * self.chance.randint(1, 9)

    async def _maybe_die(self) -> None:
        draw = self.chance.random()
        if draw < 1 / (24 * 30):
            self.restarts += 1
            await self.store.close()
            self._open()
        elif draw < 1 / (24 * 8) or (draw < 0.3 and await self.store.open_deliveries()):
            self.crashes += 1
            await self._send_and_forget()
            self._leave_half_a_write()
            self.store._unlock()
            # Long enough, at times, for Discord to forget what it was sent.
            self.true += timedelta(minutes=self.chance.randint(0, 30))
            self._open()
        else:
            return
        await self._assert_settings_stand()

    async def _send_and_forget(self) -> None:
        """Have Discord take a message of which the bot that dies records the claim alone."""
        rows = [row for row in await self.store.open_deliveries() if row.kind is Kind.ALERT]
        if not rows:
            return
        row = claimed(rows[0], self.now())
        await self.store.save_deliveries([row])
        try:
            await self.discord.send(row, await self.composer(row), row.channel_id)
        except SendFailed:
            return

    def _leave_half_a_write(self) -> None:
        """Leave what a death in the middle of a write leaves."""
        for name in ("state.json", "states.json"):
            content = (self.folder / name).read_bytes()
            (self.folder / f"{name}.new").write_bytes(content[: len(content) // 2])
        with (self.folder / "outbox.jsonl").open("ab") as log:
            log.write(b'0123abcd {"key":"ha')

    async def _assert_settings_stand(self) -> None:
        assert await self.store.subscriptions() == self.people.all()
        kept = {each.channel_id: without_digest(each) for each in await self.store.channels()}
        set_here = {n: without_digest(each) for n, each in self.people.channels.items()}
        assert {n: kept[n] for n in set_here} == set_here

    async def _upkeep(self) -> None:
        now = self.now()
        left = self.people.purged(await self.store.absences(), now)
        await upkeep(self.store, now)
        self._left(left)

    def _left(self, channels: tuple[int, ...]) -> None:
        self.account.left(channels, self.discord.arrived)

    async def _end(self) -> None:
        """Let everything arrive that is still on its way, or held back."""
        self.ended = self.now()
        for channel in range(1, GUESTS.stop):
            self.discord.closed.discard(channel)
            await self.store.resume(channel, self.now())
        await self.people.calm(self.store)
        for _ in range(12):
            self.true += HOUR
            await tend(self.store, self.now())
            await self.outbox.drain()

    def _size(self, day: int) -> Size:
        gc.collect()
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        monthly = [path for path in files if path.parent != self.folder]
        kept = sum(path.stat().st_size for path in files)
        return Size(day, resident_mb(), len(files), len(monthly), kept // 1024)


def resident_mb() -> float:
    """Return how much memory this process has."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def hushed(errors: Counter[str]) -> None:
    """Write no log; count the errors in it."""

    def count(_: object, level: str, event: MutableMapping[str, Any]) -> NoReturn:
        if level in {"error", "critical"}:
            errors[str(event["event"])] += 1
        raise structlog.DropEvent

    structlog.configure(processors=[count])
