"""Subscriptions and channels are decoded once, and again when one of them changes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import StoreDamaged, StoreError
from bot.subscription import Channel
from storage._files import ReplacedFile
from storage.tinydb_store import TinyDBStore
from tests.contract.nouns import PAUSE, amended, changed, everything, subscription
from tests.storage.opened import filled, reopened


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[TinyDBStore]:
    """Return a store that holds some of everything."""
    opened = await filled(tmp_path)
    yield opened
    await opened.close()


async def test_what_does_not_change_is_decoded_once(store: TinyDBStore) -> None:
    subscriptions, channels = await store.subscriptions(), await store.channels()
    await store.put_synced_commands("x")
    await store.put_change(changed(5))
    assert await store.subscriptions() is subscriptions
    assert await store.channels() is channels
    assert (await store.subscriptions(11))[0] is subscriptions[2]


async def test_of_what_changes_the_others_stay_decoded(store: TinyDBStore) -> None:
    before = await store.subscriptions()
    await store.amend(amended(2, number=2))
    after = await store.subscriptions()
    assert after == (before[0], amended(2, number=2), before[2])
    assert after[0] is before[0]
    assert after[2] is before[2]


async def test_equal_wishes_are_the_same_object(store: TinyDBStore, tmp_path: Path) -> None:
    await store.amend(amended(3, 11))
    await store.subscribe(amended(7))
    for each in (store, reopened(store, tmp_path)):
        plain, other, first, second = [one.wish for one in await each.subscriptions()]
        assert plain is other
        assert first is second
        assert (plain, first) == (subscription().wish, amended().wish)
        await each.amend(subscription(7))
        assert (await each.subscriptions())[-1].wish is plain


async def test_a_pause_is_seen_at_once_and_so_is_its_end(store: TinyDBStore) -> None:
    for channel in (2, 7):
        await store.subscribe(subscription(channel))
    for _ in range(2):
        await store.pause(2, PAUSE)
        assert [each.channel_id for each in await store.channels() if each.paused] == [2, 3]
        assert await store.open_deliveries(2) == ()
        await store.resume(2, PAUSE.since)
        assert [row.key for row in await store.open_deliveries(2)] == ["d3"]


async def test_a_channel_that_is_something_else_is_damage(tmp_path: Path) -> None:
    file = ReplacedFile(tmp_path / "state.json", writable=True, warn=str)
    draft = file.draft()
    draft.put("channels", "1", {"channel_id": 1, "guild_id": "of them"})
    file.save(draft)
    store = TinyDBStore(tmp_path, writable=True)
    for _ in range(2):
        with pytest.raises(StoreDamaged, match="a stored Channel: guild_id: "):
            await store.channels()
    await store.close()


async def test_what_fails_to_be_saved_is_not_believed(store: TinyDBStore, tmp_path: Path) -> None:
    before = await everything(store)
    (tmp_path / "state.json.new").mkdir()
    for call in (
        store.put_channel(Channel(2, 10, budget=9), changed(1)),
        store.subscribe(subscription(7), changed(1)),
        store.unsubscribe(2, 1, changed(1)),
    ):
        with pytest.raises(StoreError, match="cannot be written"):
            await call
        assert await everything(store) == before
