"""What the gateway tells: which servers we are in, and since when not any more."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.subscription import Subscription, Wish
from cogs.servers import absent
from storage.tinydb_store import TinyDBStore
from tests.made import START, at, directory
from tests.waiting import until
from tests.wire.discord_json import guild_json
from tests.wire.inprocess import FORBIDDEN, Connected, connected, guild_of, subscribed

NOW = at(START + timedelta(days=15))
EARLIER = NOW - timedelta(days=3)


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a bot without data that is ready."""
    async with connected(tmp_path, directory(), NOW, monkeypatch) as found:
        await until(found.client.is_ready)
        yield found


async def test_a_server_that_removes_us_is_noted_until_it_has_us_again(bot: Connected) -> None:
    left, other = bot.discord.add_guild("left"), bot.discord.add_guild("another")
    place = bot.discord.add_channel(left, "news")
    await until(lambda: bot.client.get_guild(other.id) and bot.client.get_channel(place.id))
    for guild in (left, other):
        bot.discord.remove_guild(guild)
    await _absences(bot, {left.id: NOW, other.id: NOW})
    await bot.store.subscribe(Subscription(place.id, left.id, Wish(), START, EARLIER, 1))
    await bot.store.pause(place.id, FORBIDDEN)
    bot.discord.world.guilds[left.id] = left
    bot.discord.world.place(place)
    bot.discord.gateway.dispatch("GUILD_CREATE", guild_json(bot.discord.world, left), left.id)
    await _absences(bot, {other.id: NOW})
    await until(bot.woken.is_set)
    (kept,) = await bot.store.channels()
    assert kept.paused is None


async def test_an_outage_is_no_removal_not_even_when_the_session_begins_anew(
    bot: Connected,
) -> None:
    await subscribed(bot, bot.channel.id)
    bot.discord.lose_guild(guild_of(bot))
    bot.discord.gateway.invalidate(resumable=False)
    await bot.client.wait_for("ready", timeout=20)
    removed = bot.discord.add_guild("marks the end")
    await until(lambda: bot.client.get_guild(removed.id))
    bot.discord.remove_guild(removed)
    await _absences(bot, {removed.id: NOW})


async def test_what_happened_while_we_were_away_is_noted_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TinyDBStore(tmp_path, writable=True)
    await store.subscribe(Subscription(1, 66, Wish(), START, EARLIER, 1))
    await store.note_absences({77: EARLIER}, ())
    await store.close()
    async with connected(tmp_path, directory(), NOW, monkeypatch) as bot:
        await _absences(bot, {66: NOW, 77: EARLIER})
        await bot.store.note_absences({66: NOW, 77: EARLIER, guild_of(bot).id: EARLIER}, ())
        bot.discord.gateway.invalidate(resumable=False)
        await _absences(bot, {66: NOW, 77: EARLIER})


async def _absences(bot: Connected, expected: dict[int, datetime]) -> None:
    async with asyncio.timeout(20):
        while await bot.store.absences() != expected:
            await asyncio.sleep(0)


GUILDS = st.frozensets(st.integers(1, 9))
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=90)).map(lambda span: NOW - span)


@given(GUILDS, GUILDS, GUILDS)
def test_absent_is_who_something_is_held_of_and_is_not_here_and_was_not_known(
    known: frozenset[int], held: frozenset[int], present: frozenset[int]
) -> None:
    gone, back = absent(known, held, present)
    assert gone == {guild for guild in held if guild not in present and guild not in known}
    assert back == {guild for guild in known if guild in present}
    assert absent(known - back | gone, held, present) == (set(), set())
