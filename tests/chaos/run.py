"""One run: the bot lives, dies and lives again, and in the end all is looked at."""

import asyncio
import signal
import traceback
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.delivery import Delivery, Kind
from bot.errors import StoreError
from storage.tinydb_store import TinyDBStore
from tests.chaos.figures import FIRST, Figures, keys, publish, settle, told
from tests.chaos.nursery import Bot, Nursery
from tests.chaos.place import Arrived, Owed, Place, all_there, look, make_places, post_old
from tests.chaos.plan import POINTS, TERM, Life, Plan
from tests.chaos.trouble import trouble_gateway, trouble_life, trouble_source
from tests.wire.discord_schema import Settings
from tests.wire.discord_server import LoopbackDiscord
from tests.wire.openrouter_server import LoopbackOpenRouter

LONGEST = 75.0
"""Seconds after which a run is stuck: far beyond the back-off of the faults that there can be."""

STOPS_WITHIN = 10.0


@dataclass(slots=True)
class Outcome:
    """What a run came to; `deaths` are the ends of lives that took place.

    `taking_over` has the seconds after which others did what the dead had done.
    """

    plan: Plan
    arrived: Arrived = field(default_factory=Arrived)
    deaths: list[str] = field(default_factory=list)
    taking_over: list[float] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Say whether anything is not as it has to be."""
        found = self.arrived
        unseen = found.unseen and not self.plan.forgetful
        return bool(found.lost or found.repeated or found.wrong or unseen)


class Run:
    """Both servers, the places of one Discord, and the data folder of one bot."""

    longest = LONGEST

    def __init__(
        self,
        plan: Plan,
        folder: Path,
        nursery: Nursery,
        servers: tuple[LoopbackDiscord, LoopbackOpenRouter],
        figures: Figures,
    ) -> None:
        self.plan = plan
        self.folder = folder
        self.outcome = Outcome(plan)
        self.places: list[Place] = []
        self.owed = Owed((), (), ())
        self._nursery = nursery
        self._discord, self._source = servers
        self._figures = figures

    async def prepare(self, rows: tuple[Delivery, ...]) -> None:
        """Make the places and a data folder in which they were told what will be withdrawn."""
        data, last = self.folder / "data", self._figures.last
        self.places = make_places(self._discord, self.plan.places)
        await told(data, self._figures, [each.subscription(last) for each in self.places])
        store = TinyDBStore(data, writable=False)
        (old,) = set(keys(await store.open_deliveries(), Kind.ALERT))
        await store.close()
        self.owed = Owed.of([old], rows)
        posted = {each.channel.id: post_old(self._discord, each, old) for each in self.places}
        await settle(data, posted)

    async def live(self) -> None:
        """Let the bot have all its lives; the last ends when all is settled, by SIGTERM."""
        trouble_source(self._source, self.plan)
        async with asyncio.timeout(self.longest), asyncio.TaskGroup() as beside:
            tasks = [
                beside.create_task(self._publish()),
                beside.create_task(trouble_gateway(self._discord, self.plan)),
                beside.create_task(self._tell_of_roles()),
            ]
            await self._lives()
            for each in tasks:
                each.cancel()

    async def judge(self) -> None:
        """Look at what stands in the places, and in the data folder."""
        found = look(self._discord, self.places, self.owed)
        found.wrong += self.outcome.arrived.wrong
        found.wrong += [f"violation: {each}" for each in self._discord.violations]
        found.wrong += [f"unsettled: {row.key}: {row.state}" for row in await self.open_rows()]
        self.outcome.arrived = found

    async def open_rows(self) -> tuple[Delivery, ...]:
        """Return what is still owed."""
        return await TinyDBStore(self.folder / "data", writable=False).open_deliveries()

    async def _lives(self) -> None:
        # One that ends by itself is wrong, and is started again, as whoever runs it would do.
        for number, life in enumerate((*self.plan.lives, Life(None), Life(None))):
            trouble_life(self._discord, self.plan, number)
            bot = self._start(life)
            try:
                if await self._outlives(bot, life) and await self._stops(bot, life):
                    return
            finally:
                bot.send(signal.SIGKILL)
                await bot.ended()

    def _start(self, life: Life) -> Bot:
        options = [name for name in ("forgetful", "draws") if getattr(self.plan, name)]
        return self._nursery.start(self._environment(), life, self.folder / "log.txt", *options)

    async def _outlives(self, bot: Bot, life: Life) -> bool:
        """Return whether all is settled before the bot dies as its life's point demands."""
        ending = asyncio.create_task(bot.ended())
        settled = asyncio.create_task(self._settled())
        asked = asyncio.create_task(self._asked_to_stop(life))
        every = {ending, settled, asked}
        try:
            await asyncio.wait(every, return_when=asyncio.FIRST_COMPLETED)
            if ending.done():
                self._note_death(life, ending.result())
                return False
            if asked.done():
                if await self._stops(bot, life):
                    self.outcome.deaths.append(TERM)
                return False
            settled.result()
            return True
        finally:
            for each in every:
                each.cancel()
            await asyncio.wait(every)

    def _note_death(self, life: Life, code: int) -> None:
        if code == -signal.SIGKILL and life.point in POINTS:
            self.outcome.deaths.append(life.point)
        else:
            self.outcome.arrived.wrong.append(f"the bot ended by itself: code {code}")

    async def _asked_to_stop(self, life: Life) -> None:
        after = len(self._discord.requests) + life.passing
        if life.point != TERM:
            await asyncio.Event().wait()
        await self._discord.until(lambda: len(self._discord.requests) >= after, within=2 * LONGEST)

    async def _stops(self, bot: Bot, life: Life) -> bool:
        """Ask the bot to stop and say whether it did; it may pass its point of death meanwhile."""
        bot.send(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOPS_WITHIN):
                code = await bot.ended()
        except TimeoutError:
            self.outcome.arrived.wrong.append(f"SIGTERM: alive after {STOPS_WITHIN:g} s")
            return True
        if code != 0:
            self._note_death(life, code)
        return code == 0

    async def _settled(self) -> None:
        """Return when everything has arrived, and the data folder owes nothing any more."""
        await self._all_there()
        while True:
            await self._more_polls(1)
            with suppress(StoreError):  # it is being written at this moment
                if not await self.open_rows():
                    return

    async def _all_there(self) -> None:
        await self._discord.until(
            lambda: all_there(self._discord, self.places, self.owed), within=2 * LONGEST
        )

    async def _publish(self) -> None:
        for polls, end in zip(self.plan.days, self._figures.ends(), strict=True):
            await self._polled(polls)
            publish(self._source, self._figures, end)

    async def _tell_of_roles(self) -> None:
        """Send now and then what makes the bot look whether a paused place is open again."""
        while True:
            await self._more_polls(3)
            for guild in list(self._discord.world.guilds.values()):
                self._discord.put_role(guild, guild.roles[0])

    async def _polled(self, count: int) -> None:
        await self._source.until(lambda: self._polls() >= count, within=2 * LONGEST)

    async def _more_polls(self, count: int) -> None:
        await self._polled(self._polls() + count)

    def _polls(self) -> int:
        return sum("latest.manifest" in request.path for request in self._source.requests)

    def _environment(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self._discord.settings.token,
            "RANKSHIFT_DATA_DIR": str(self.folder / "data"),
            "RANKSHIFT_DISCORD_API_URL": self._discord.api_url,
            "RANKSHIFT_DISCORD_GATEWAY_URL": self._discord.gateway_url,
            "RANKSHIFT_OPENROUTER_URL": self._source.base_url,
            "RANKSHIFT_HUGGINGFACE_URL": "http://127.0.0.1:9",  # nobody listens there
            "RANKSHIFT_POLL_MINUTES": "0.01",
            "RANKSHIFT_OPERATIONS_BIND": "127.0.0.1:0",  # bots side by side
        }


@asynccontextmanager
async def _run(
    plan: Plan, folder: Path, nursery: Nursery, figures: Figures, kind: type[Run]
) -> AsyncIterator[Run]:
    settings = Settings(
        nonce_span=-1.0 if plan.forgetful else 300.0,
        channel_limit=(5, 2.0),
        thread_limit=(5, 2.0),
        global_limit=(50, 1.0),
        shards=3,
        at_once=3,
    )
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(LoopbackDiscord(settings))
        source = await stack.enter_async_context(LoopbackOpenRouter())
        source.catalogue([{"id": "a/b", "canonical_slug": FIRST, "name": "A: B", "created": 1}])
        yield kind(plan, folder, nursery, (discord, source), figures)


async def run(
    plan: Plan,
    folder: Path,
    nursery: Nursery,
    figures: Figures,
    rows: tuple[Delivery, ...],
    kind: type[Run] = Run,
) -> Outcome:
    """Do what a plan says in a folder and return what it came to.

    `rows` are what one channel is owed; `kind` is of what processes and store it is.
    """
    async with _run(plan, folder, nursery, figures, kind) as one:
        await one.prepare(rows)
        try:
            await one.live()
        except TimeoutError:
            one.outcome.arrived.wrong.append(f"not settled after {kind.longest:g} s")
        except BaseExceptionGroup as error:
            one.outcome.arrived.wrong.append("".join(traceback.format_exception(error)))
        await one.judge()
        return one.outcome
