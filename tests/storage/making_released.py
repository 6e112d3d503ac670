"""Make the data folder of this version that later ones must open: see `docs/operating.md`.

`python -m tests.storage.making_released 0.1.0` lives some weeks on the demo's figures, with some of
everything that a folder can hold, and writes `released/0.1.0.zip`, a backup of it, and
`released/0.1.0.json`, what it says. What is there already is never made anew: it is what people
have. `format-2`, the one older format that this version reads, is made by its description.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from bot import rules
from bot.boards import MODELS
from bot.delivery import Delivery
from bot.demo import read_figures
from bot.errors import PlaceClosed, SendFailed, SendRefused, SourceError, SourceUnreachable
from bot.knowledge import CatalogueEntry, HubCheck, Price, Rater, Score, Verdict
from bot.message import Message, Outgoing
from bot.model import Day, Openness, Row, Severity
from bot.openness import Directory, Registry
from bot.outbox import Outbox
from bot.pace import Pace
from bot.poller import BoardPoll
from bot.sources import Snapshot
from bot.standings import base_model, newest_judged
from bot.subscription import (
    DIRECT,
    Change,
    Channel,
    Deed,
    Digest,
    Manner,
    PauseReason,
    QuietHours,
    Subscription,
    Wish,
)
from bot.tending import tend
from bot.turns import claimed
from bot.upkeep import upkeep
from storage.backup import back_up
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore
from tests.storage.older import as_format_2
from tests.storage.released import FOLDER, described

HELD_OUT = 8
"""Days of the figures that are not in the folder, so that whoever opens it can go on."""

WRONG = {20: 22, 21: 22, 62: 64, 63: 64}
"""Days, counted from the oldest, and as of which day they do not read otherwise any more."""

NOTHING_WRONG: Mapping[int, int] = MappingProxyType({})
PERSON = 2**63 + 5
_FEW = Manner(mentions=(5,))
Subscribed = tuple[Subscription, ...]


def figures() -> tuple[Day, ...]:
    """Return the demo's seven weeks, and seven more before them with half of their tokens."""
    days = read_figures(datetime(2026, 8, 22, tzinfo=UTC))
    before = (
        replace(
            day,
            date=day.date - timedelta(days=len(days)),
            rows=tuple(Row(row.model, row.tokens // 2) for row in day.rows),
            other=None if day.other is None else day.other // 2,
        )
        for day in days
    )
    return tuple(replace(day, as_of=_over(day.date, 2)) for day in (*before, *days))


def known(days: Sequence[Day]) -> Directory:
    """Return what is known of the models: made up, by their names' lengths, one unknown."""
    models = sorted({base_model(row.model) for day in days for row in day.rows})
    kinds = (Openness.OPEN, Openness.CLOSED)
    said = {m: Verdict(kinds[len(m) % 2], None, "made up") for m in models[1:]}
    return Directory(Registry("released", {}, said, {}), {})


def _over(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC) + timedelta(days=1)


class Growing:
    """A source that gives the days up to one, some of them otherwise at first."""

    keyed = False

    def __init__(self, days: Sequence[Day], wrong: Mapping[int, int] = NOTHING_WRONG) -> None:
        """Take the days, and which of them read otherwise until which is out, by number."""
        self._days, self._wrong = days, wrong
        self.through = 0
        self.down = False

    async def fetch(self, seen: str | None, now: datetime) -> Snapshot | None:
        """Return the snapshot of the newest thirty days."""
        if self.down:
            raise SourceUnreachable("it is down")
        mark = str(self.through)
        first = max(0, self.through - 29)
        shown = tuple(self._as_read(number) for number in range(first, self.through + 1))
        return None if mark == seen else Snapshot(f"export of {now:%Y-%m-%d}", shown, mark)

    def _as_read(self, number: int) -> Day:
        day = self._days[number]
        if number not in self._wrong:
            return day
        if (right := self._wrong[number]) <= self.through:
            return replace(day, as_of=self._days[right].as_of)
        raised = [Row(row.model, row.tokens * 20) for row in day.rows[6:8]]
        kept = [row for row in day.rows if row.model not in {one.model for one in raised}]
        return replace(day, rows=tuple(sorted([*raised, *kept], key=lambda row: -row.tokens)))


class Taking:
    """A Discord as a value: it takes what it is sent, but not in some channels."""

    def __init__(self) -> None:
        """Take everything so far."""
        self.taken: list[Delivery] = []
        self.refused: dict[int, SendFailed] = {}

    async def send(self, delivery: Delivery, outgoing: Outgoing, where: int) -> int:
        """Post."""
        assert outgoing.message.title == " ".join(delivery.milestones)
        if where in self.refused:
            raise self.refused[where]
        self.taken.append(delivery)
        return 10**18 + len(self.taken)

    async def edit(self, where: int, message_id: int, outgoing: Outgoing) -> None:
        """Edit."""

    async def publish(self, where: int, message_id: int) -> None:
        """Publish."""

    async def find(self, delivery: Delivery, keys: Sequence[str], where: int) -> tuple[int, ...]:
        """Return nothing: whoever looks has never sent it."""
        assert delivery.tried_at is not None
        return tuple(0 for key in keys if where == DIRECT and not key)

    async def system_channel(self, guild_id: int) -> int | None:
        """Return the channel that hears of pauses."""
        return 99 if guild_id == 10 else None


async def keys_only(delivery: Delivery) -> Outgoing:
    """Say the keys and nothing else."""
    return Outgoing(Message(" ".join(delivery.milestones), (), "", (), (), ""), None)


def sending(store: Store, discord: Taking, clock: Callable[[], datetime]) -> Outbox:
    """Return an outbox that waits for nothing."""
    return Outbox(store, keys_only, discord, clock, Pace(10**6), lambda: 1.0)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[TinyDBStore]:
    """Open a data folder, and close it."""
    store = TinyDBStore(folder, writable=True)
    try:
        yield store
    finally:
        await store.close()


async def lived(folder: Path, settle: Callable[[Store, datetime], Awaitable[None]]) -> None:
    """Live the weeks up to those held out; `settle` sets what people want, on the eighth day."""
    days = figures()
    source, directory, discord = Growing(days, WRONG), known(days), Taking()
    now = _over(days[0].date, 3)

    async def know() -> Directory:
        return directory

    async with opened(folder) as store:
        polls = BoardPoll(MODELS, source, store, know, rules.discover())
        outbox = sending(store, discord, lambda: now)
        for number, day in enumerate(days[:-HELD_OUT]):
            source.through, now = number, _over(day.date, 4)
            if number == 8:
                await settle(store, now)
            await polls(now)
            if number == len(days) - HELD_OUT - 1:
                break
            _refuse(discord, number)
            await tend(store, now)
            await outbox.drain()
            await upkeep(store, now)
        await _leave_open(store, now)
        source.down = True
        with suppress(SourceError):
            await polls(now + timedelta(hours=1))


def _refuse(discord: Taking, number: int) -> None:
    """Have one message refused for good, and from a day on have a channel closed."""
    discord.refused = {3: SendRefused("400: no")} if number == 15 else {}
    if number >= 90:
        discord.refused[4] = PlaceClosed(PauseReason.FORBIDDEN, "403: Missing Access")


async def _leave_open(store: Store, now: datetime) -> None:
    """Claim one of what is owed, as a bot that dies then does, soon after a server removed it."""
    await store.note_absences({12: now}, ())
    rows = await store.open_deliveries()
    await store.save_deliveries([claimed(row, now) for row in rows[:1]])


async def everything_set(store: Store, now: datetime) -> None:
    """Set some of all that can be set, and keep what is known besides."""
    after = newest_judged(now)
    lightest = Wish(least=Severity.MINOR)
    made = (
        Subscription(1, 10, Wish(), after, now, PERSON),
        Subscription(2, 10, lightest, after, now, PERSON, "tr", _FEW),
        Subscription(2, 10, Wish(rules=("leader",)), after, now, PERSON, number=2),
        Subscription(3, 11, Wish(), after, now, 7, manner=Manner(publish=True)),
        Subscription(4, 11, lightest, after, now, 7, manner=Manner(forum=True)),
        Subscription(5, 11, lightest, after, now, 7),
        Subscription(6, DIRECT, Wish(least=Severity.MINOR, only=("openai/",)), after, now, 6),
        Subscription(7, 12, Wish(), after, now, 7, stopped=now),
    )
    for each in made:
        await store.subscribe(each, _change(each, now))
    digest = Digest(0, 9, "Europe/Istanbul", (MODELS.name,), "tr", now)
    for channel in (
        Channel(2, 10, quiet=QuietHours(22, 7, "Asia/Kathmandu")),
        Channel(5, 11, budget=2, digest=digest),
        Channel(8, 12, digest=replace(digest, language="en", timezone="America/New_York")),
    ):
        where = (channel.guild_id, channel.channel_id)
        await store.put_channel(channel, Change(now, 7, *where, Deed.QUIET))
    await _keep_the_rest(store, now)


def _change(each: Subscription, now: datetime) -> Change:
    said = {"boards": ",".join(each.wish.boards), "least": each.wish.least.value}
    place = (each.guild_id, each.channel_id, Deed.SUBSCRIBED, each.number)
    return Change(now, each.created_by, *place, said)


async def _keep_the_rest(store: Store, now: datetime) -> None:
    """Keep a catalogue, moments of requests, and the commands' fingerprint."""
    models = sorted({base_model(row.model) for day in figures() for row in day.rows})
    listed = now.date() - timedelta(days=9)
    hub = HubCheck(now.date(), public=True, weights=True, licence="apache-2.0")
    score = Score(Rater.DESIGN_ARENA, "3d", Decimal("1204.5"), 3)
    price = Price(Decimal("0.20"), Decimal("1E-7"))
    await store.put_catalogue(
        [
            CatalogueEntry(m, m.title(), listed, m, listed, listed, hub, 2**17, price, (score,))
            for m in models
        ]
    )
    await store.put_requests([now - timedelta(hours=hours) for hours in (9, 5, 1)])
    await store.put_synced_commands("of the day")


async def set_as_in_format_2(store: Store, now: datetime) -> None:
    """Set what a channel could have in format 2: one subscription, of one board."""
    after = newest_judged(now)
    for each in (
        Subscription(1, 10, Wish(), after, now, PERSON),
        Subscription(2, 10, Wish(least=Severity.MINOR), after, now, PERSON, "tr", _FEW),
        Subscription(3, 11, Wish(), after, now, 7, manner=Manner(publish=True)),
        Subscription(4, 11, Wish(least=Severity.MINOR), after, now, 7, manner=Manner(forum=True)),
    ):
        await store.subscribe(each)
    await _keep_the_rest(store, now)


async def make(name: str) -> None:
    """Write a folder's backup and what it says. Raises InputError where it is there already."""
    old = name == "format-2"
    with TemporaryDirectory() as beside:
        folder = Path(beside) / "data"
        await lived(folder, set_as_in_format_2 if old else everything_set)
        told = await described(TinyDBStore(folder, writable=False))
        if old:
            as_format_2(folder)
        back_up(folder, FOLDER / f"{name}.zip", datetime(2026, 8, 22, tzinfo=UTC))
    text = json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(make(sys.argv[1]))
