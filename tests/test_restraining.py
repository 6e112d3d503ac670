"""What may hold messages back, as it is read from the store."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.backtest import backtest
from bot.boards import MODELS
from bot.delivery import Delivery, DeliveryState
from bot.hush import Likes, Restraints
from bot.model import BOARD_MODELS
from bot.openness import directory
from bot.packaged import read_registry
from bot.restraining import likes, restraints
from bot.rules import discover
from bot.subscription import Channel, QuietHours, Subscription, Wish
from storage.tinydb_store import TinyDBStore
from tests.cogs.stored import figures, polled_at

KNOWN = directory(read_registry(), ())
QUIET = QuietHours(22, 7, "UTC")


async def _store(folder: Path, *channels: Channel) -> TinyDBStore:
    store = TinyDBStore(folder, writable=True)
    await store.put_days(BOARD_MODELS, figures())
    for channel in channels:
        at = channel.channel_id
        day = figures()[-1].date
        await store.subscribe(Subscription(at, 1, Wish(), day, polled_at(figures()[-1]), 1))
        await store.put_channel(channel)
    return store


async def test_channels_that_hold_nothing_back_cost_no_backtest_and_no_look_at_messages(
    tmp_path: Path,
) -> None:
    now = polled_at(figures()[-1])
    muted, quiet = Channel(1, 1, muted_until=now), Channel(2, 1, quiet=QUIET)
    store = await _store(tmp_path, muted, quiet, Channel(3, 1))
    assert await likes(MODELS, store, KNOWN, discover()) is None
    found = await restraints(BOARD_MODELS, None, store, now)
    assert found == Restraints({1: muted, 2: quiet})
    await store.close()


async def test_with_a_budget_there_is_how_often_the_backtest_saw_what_and_what_was_sent(
    tmp_path: Path,
) -> None:
    now, rationed = polled_at(figures()[-1]), Channel(1, 1, budget=3)
    store = await _store(tmp_path, rationed)
    sent = [
        Delivery(f"1:en:{n}", 1, 1, (), "n", now - timedelta(days=n), "en") for n in (1, 6, 8, 20)
    ]
    await store.owe(sent)
    settled = [replace(row, state=DeliveryState.SENT, sent_at=row.created_at) for row in sent]
    await store.save_deliveries(settled)
    seen = await likes(MODELS, store, KNOWN, discover())
    found = await restraints(BOARD_MODELS, seen, store, now)
    days = {day.date: day for day in figures()}
    hits = Counter(
        (one.rule, one.severity)
        for one in backtest(BOARD_MODELS, days, KNOWN, discover())
        if one.told
    )
    assert len(hits) > 3
    assert found == Restraints({1: rationed}, {1: 2}, {BOARD_MODELS: Likes(hits, len(days) - 6)})
    await store.close()
