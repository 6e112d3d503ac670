"""One run of several processes on a database: whoever holds an office dies, or the server does."""

import asyncio
import random
import re
import shutil
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.delivery import Delivery
from bot.errors import StoreError
from storage.moving import move
from storage.offices import Office
from storage.postgres.schema import migrate
from storage.postgres_store import PostgresStore
from storage.tinydb_store import TinyDBStore
from tests.chaos.nursery import Bot
from tests.chaos.plan import POINTS, Life
from tests.chaos.run import LONGEST, STOPS_WITHIN, Run
from tests.chaos.trouble import trouble_life
from tests.postgres import Server

PROCESSES = 3
LONGEST_TAKE_OVER = 10.0
"""Seconds within which others hold the offices of what was killed."""

DATABASE = "database"
_TAKEN = re.compile(r"office taken.*office=(\w+).*term=(\d+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LOOKED = 0.1
_LONGEST_ABSENCE = 3.0


class Together(Run):
    """Three processes with a shard each, and a server of their own."""

    longest = 3 * LONGEST

    server: Server
    url: str
    taking_over: list[tuple[str, float]]

    async def prepare(self, rows: tuple[Delivery, ...]) -> None:
        """Make the places, and a database in which they were told what will be withdrawn."""
        await super().prepare(rows)
        self.taking_over = []
        self._stopping = False
        self._bots: dict[int, Bot] = {}
        self.server = Server(durable=True)
        await asyncio.to_thread(self.server.start)
        self.url = self.server.make("chaos")
        migrate(self.url)
        source = TinyDBStore(self.folder / "data", writable=True)
        await move(source, self.url, datetime.now(UTC))
        await source.close()
        shutil.rmtree(self.folder / "data")

    async def judge(self) -> None:
        """See Run; and nobody took too long to take over."""
        try:
            await super().judge()
        finally:
            await asyncio.to_thread(self.server.stop)
        self.outcome.arrived.wrong += [
            f"{what}: taken over after {seconds:.1f} s"
            for what, seconds in self.taking_over
            if seconds > LONGEST_TAKE_OVER
        ]
        self.outcome.taking_over += [seconds for _, seconds in self.taking_over]

    async def open_rows(self) -> tuple[Delivery, ...]:
        store = await PostgresStore.open(self.url, writable=False)
        try:
            return await store.open_deliveries()
        finally:
            await store.close()

    async def _lives(self) -> None:
        chance = random.Random(self.plan.name)
        lives = [each for each in self.plan.lives if each.point in POINTS]
        first = dict(enumerate([*lives[:1], *([Life(None)] * PROCESSES)][:PROCESSES]))
        trouble_life(self._discord, self.plan, 0)
        keeping = [asyncio.create_task(self._keep(at, first[at], chance)) for at in first]
        try:
            await self._strikes(chance)
            await self._settled()
            await self._stop_all()
        finally:
            for each in keeping:
                each.cancel()
            await asyncio.wait(keeping)
            for bot in self._bots.values():
                bot.send(signal.SIGKILL)
                await bot.ended()

    async def _keep(self, number: int, life: Life, chance: random.Random) -> None:
        """Start a process again whenever it has ended, as whoever runs it would do."""
        while not self._stopping:
            bot = self._bots[number] = self._nursery.start(
                self._environment_of(number), life, self._log(number), *self._options(number)
            )
            code = await bot.ended()
            if not self._stopping:
                if code != -signal.SIGKILL:
                    self.outcome.arrived.wrong.append(f"a bot ended by itself: code {code}")
                elif life.point is not None:
                    self.outcome.deaths.append(life.point)
                await asyncio.sleep(chance.uniform(0, _LONGEST_ABSENCE))
            life = Life(None)

    async def _strikes(self, chance: random.Random) -> None:
        """Kill holders of offices and the server, each time after a poll or two."""
        await self._held(dict.fromkeys(Office, 0))
        for number in range(chance.randint(2, 4)):
            victim = chance.choice([*Office, *Office, DATABASE])
            await self._more_polls(chance.randint(1, 2))
            await asyncio.sleep(chance.random())
            trouble_life(self._discord, self.plan, number + 1)
            terms = {office: self._holder(office)[0] for office in Office}
            if victim == DATABASE:
                await asyncio.to_thread(self.server.kill)
                await asyncio.sleep(chance.uniform(0.2, _LONGEST_ABSENCE))
                await asyncio.to_thread(self.server.start)
                lost = set(Office)
            else:
                holder = self._holder(victim)[1]
                lost = {each for each in Office if self._holder(each)[1] == holder}
                self._bots[holder].send(signal.SIGKILL)
            began = time.monotonic()
            self.outcome.deaths.append(str(victim))
            await self._held({office: terms[office] for office in lost})
            self.taking_over.append((str(victim), time.monotonic() - began))

    async def _held(self, terms: Mapping[Office, int]) -> None:
        """Wait until each of these offices is held in a later term."""
        while any(self._holder(office)[0] <= term for office, term in terms.items()):
            await asyncio.sleep(_LOOKED)

    def _holder(self, office: str) -> tuple[int, int]:
        """Return the newest term of an office, and whose it is."""
        found = [(0, 0)]
        for number in range(PROCESSES):
            path = self._log(number)
            said = _ANSI.sub("", path.read_text()) if path.exists() else ""
            found += [(int(term), number) for name, term in _TAKEN.findall(said) if name == office]
        return max(found)

    async def _stop_all(self) -> None:
        self._stopping = True
        for bot in self._bots.values():
            bot.send(signal.SIGTERM)
        for bot in self._bots.values():
            try:
                async with asyncio.timeout(STOPS_WITHIN):
                    code = await bot.ended()
            except TimeoutError:
                self.outcome.arrived.wrong.append(f"SIGTERM: alive after {STOPS_WITHIN:g} s")
                continue
            if code not in {0, -signal.SIGKILL}:
                self.outcome.arrived.wrong.append(f"a bot ended by itself: code {code}")

    async def _settled(self) -> None:
        """See Run; the server may be away meanwhile."""
        await self._all_there()
        while True:
            await self._more_polls(1)
            with suppress(StoreError):
                if not await self.open_rows():
                    return

    def _log(self, number: int) -> Path:
        return self.folder / f"log-{number}.txt"

    def _environment_of(self, number: int) -> dict[str, str]:
        folder = str(self.folder / f"data-{number}")
        more = {"RANKSHIFT_DATABASE_URL": self.url, "RANKSHIFT_DATA_DIR": folder}
        return {**self._environment(), **more}

    def _options(self, number: int) -> list[str]:
        options = [name for name in ("forgetful", "draws") if getattr(self.plan, name)]
        return [*options, f"shard {number} of {PROCESSES}"]
