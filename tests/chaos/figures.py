"""The days that are published in a run, and what has to be told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import rules
from bot.boards import MODELS
from bot.delivery import Delivery, DeliveryState, Kind
from bot.model import Day
from bot.openness import Directory, directory
from bot.packaged import read_registry
from bot.pipeline import poll
from bot.standings import newest_judged
from bot.subscription import Subscription
from storage.tinydb_store import TinyDBStore
from tests.following import Given
from tests.made import at, day
from tests.wire.openrouter_server import LoopbackOpenRouter

FIRST, WRONG, SECOND, THIRD, FOURTH = (f"maker-{n}/model-{n}-20260101" for n in range(1, 6))
QUIET = {FIRST: 1_000, WRONG: 900, SECOND: 800, THIRD: 700, FOURTH: 600}
LEADS = 20_000
TOLD_WRONGLY = timedelta(days=6)
"""So long before the last day one leads who never did, by the figures published later."""

BACK = tuple(map(timedelta, (4, 2, 0)))
"""The days of milestones, as so many days before the last one."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Days up to `last`, the newest that can be judged."""

    last: date

    def published(self, through: date) -> dict[date, Day]:
        """Return the days as they are published: on each of BACK another leads anew."""
        return self._days(through, {})

    def wrong(self) -> dict[date, Day]:
        """Return the days as they were read first, up to the one that is told wrongly."""
        day = self.last - TOLD_WRONGLY
        return self._days(day, {WRONG: day})

    def ends(self) -> list[date]:
        """Return the days of milestones, oldest first."""
        return [self.last - back for back in BACK]

    def _days(self, through: date, others: Mapping[str, date]) -> dict[date, Day]:
        # A leader is told of on the second day that it leads.
        leaders = {**dict(zip((SECOND, THIRD, FOURTH), self.ends(), strict=True)), **others}
        start, made = self.last - timedelta(days=24), {}
        for number in range((through - start).days + 1):
            when = start + timedelta(days=number)
            grown = {
                model: LEADS * 3 ** list(leaders).index(model)
                for model, end in leaders.items()
                if end - timedelta(days=1) <= when
            }
            made[when] = day(when, {**QUIET, **grown}, as_of=at(when + timedelta(days=1), 1))
        return made


def current() -> Figures:
    """Return the figures of today."""
    return Figures(newest_judged(datetime.now(UTC)))


def publish(source: LoopbackOpenRouter, figures: Figures, through: date) -> None:
    """Publish the days up to one, on the morning after it."""
    rows = {
        when: [*((row.model, row.tokens) for row in each.rows), ("other", each.other or 0)]
        for when, each in figures.published(through).items()
    }
    snapshot = through + timedelta(days=1)
    source.publish(rows, snapshot, at(snapshot, 1))


def known() -> Directory:
    """Return what is known of the models: nothing."""
    return directory(read_registry(), ())


async def told(folder: Path, figures: Figures, subscriptions: Sequence[Subscription]) -> None:
    """Fill a data folder as it was after the day that was told wrongly; all of it is still owed."""
    store = TinyDBStore(folder, writable=True)
    for each in subscriptions:
        await store.subscribe(each)
    day, found = figures.last - TOLD_WRONGLY, rules.discover()
    for through in (day - timedelta(days=1), day):
        days = {when: each for when, each in figures.wrong().items() if when <= through}
        now = at(through + timedelta(days=1), 4)
        await poll(MODELS, Given(days), store, known(), found, now)
    await store.close()


async def settle(folder: Path, messages: Mapping[int, int]) -> None:
    """Note what is owed as sent, by channel and message."""
    store = TinyDBStore(folder, writable=True)
    rows = await store.open_deliveries()
    await store.save_deliveries(
        [
            replace(
                row,
                state=DeliveryState.SENT,
                attempts=1,
                tried_at=row.created_at,
                message_id=messages[row.channel_id],
            )
            for row in rows
        ]
    )
    await store.close()


async def owed(
    folder: Path, figures: Figures, subscription: Subscription, ends: Sequence[date]
) -> list[Delivery]:
    """Return what a channel that was told wrongly is owed if the days to `ends` are polled."""
    await told(folder, figures, [subscription])
    await settle(folder, {subscription.channel_id: 1})
    store, found, rows = TinyDBStore(folder, writable=True), rules.discover(), []
    for end in ends:
        days, now = figures.published(end), datetime.now(UTC)
        done = await poll(MODELS, Given(days), store, known(), found, now)
        rows += done.deliveries
    await store.close()
    return rows


def keys(rows: Sequence[Delivery], kind: Kind) -> list[str]:
    """Return the last lines of the messages of a kind."""
    end = " correction" if kind is Kind.CORRECTION else ""
    return [" ".join(row.milestones) + end for row in rows if row.kind is kind]
