"""How often paused channels are looked at: of ourselves too, and never so that it is a burden."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cogs.servers import FETCHED_EVERY, RESUMED_EVERY, Servers
from tests.made import START, at, directory
from tests.waiting import until
from tests.wire.discord_json import member_json
from tests.wire.discord_schema import SEND, SEND_IN_THREADS, Channel
from tests.wire.inprocess import FORBIDDEN, Connected, connected, guild_of, subscribed
from tests.wire.test_servers import gone_on, looked, ours, paused

NOW = at(START + timedelta(days=15))
MOMENT = timedelta(microseconds=1)


@dataclass(slots=True)
class Clock:
    """A clock that is put forward by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a bot without data that is ready; its own clock stands."""
    async with connected(tmp_path, directory(), NOW, monkeypatch) as found:
        await until(found.client.is_ready)
        yield found


def watcher(bot: Connected, clock: Clock) -> Servers:
    """Return one that looks at the bot's servers by another clock."""
    return Servers(bot.client, bot.store, clock, bot.woken.set)


def own(bot: Connected) -> Servers:
    """Return the one that hears the bot's events."""
    found = bot.client.get_cog("Servers")
    assert isinstance(found, Servers)
    return found


def fetches(bot: Connected, *places: Channel) -> list[int]:
    """Return how often each of these was asked for."""
    paths = [each.path for each in bot.discord.requests if each.method == "GET"]
    return [paths.count(f"/channels/{place.id}") for place in places]


async def test_a_server_cannot_make_us_fetch_its_private_threads_again_and_again(
    bot: Connected,
) -> None:
    threads = [bot.discord.add_thread(bot.channel, private=True) for _ in range(5)]
    for thread in threads:
        await subscribed(bot, thread.id, FORBIDDEN)
    role = bot.discord.add_role(guild_of(bot), "edited")
    for number in range(6):
        bot.discord.put_role(guild_of(bot), replace(role, name=f"edited-{number}"))
        await looked(bot)
    assert fetches(bot, *threads) == [1] * 5


async def test_a_place_is_fetched_again_an_hour_later(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel, private=True)
    await subscribed(bot, thread.id, FORBIDDEN)
    servers = watcher(bot, clock := Clock())
    await servers.look_again()
    clock.now += FETCHED_EVERY - MOMENT
    await servers.look_again()
    assert fetches(bot, thread) == [1]
    clock.now += MOMENT
    await servers.look_again()
    assert fetches(bot, thread) == [2]
    assert timedelta(hours=1) == FETCHED_EVERY


async def test_what_was_fetched_is_forgotten_once_its_channel_is_paused_no_longer(
    bot: Connected,
) -> None:
    thread = bot.discord.add_thread(bot.channel, private=True)
    await subscribed(bot, thread.id, FORBIDDEN)
    servers = watcher(bot, Clock())
    await servers.look_again()
    await bot.store.resume(thread.id, NOW)
    await servers.look_again()
    await bot.store.pause(thread.id, FORBIDDEN)
    await servers.look_again()
    assert fetches(bot, thread) == [2]


async def test_what_was_fetched_is_judged_by_what_is_allowed_now(bot: Connected) -> None:
    around = bot.discord.add_channel(guild_of(bot), "around", overwrites=ours(bot, SEND_IN_THREADS))
    thread = bot.discord.add_thread(around)
    bot.discord.change_thread(thread, archived=True)
    await until(lambda: bot.client.get_channel(thread.id) is None)
    await subscribed(bot, thread.id, FORBIDDEN)
    await looked(bot)
    assert await paused(bot) == {thread.id}
    bot.discord.put_channel(replace(around, overwrites=()))
    await gone_on(bot, thread)
    assert fetches(bot, thread) == [1]


async def test_a_channel_that_is_refused_for_no_cause_we_see_goes_on_by_itself_once_in_six_hours(
    bot: Connected,
) -> None:
    await subscribed(bot, bot.channel.id, FORBIDDEN)
    bot.discord.put_channel(replace(bot.channel, name="renamed"))
    await gone_on(bot, bot.channel)
    await bot.store.pause(bot.channel.id, FORBIDDEN)
    for name in ("again", "and again"):
        bot.discord.put_channel(replace(bot.channel, name=name))
        await looked(bot)
    assert await paused(bot) == {bot.channel.id}


async def test_six_hours_later_it_is_tried_once_more(bot: Connected) -> None:
    await subscribed(bot, bot.channel.id, FORBIDDEN)
    servers = watcher(bot, clock := Clock())
    await servers.look_again()
    assert await paused(bot) == set()
    await bot.store.pause(bot.channel.id, FORBIDDEN)
    clock.now += RESUMED_EVERY - MOMENT
    await servers.look_again()
    assert await paused(bot) == {bot.channel.id}
    clock.now += MOMENT
    await servers.look_again()
    assert await paused(bot) == set()
    assert timedelta(hours=6) == RESUMED_EVERY


async def test_what_went_on_long_ago_does_not_hold_up_what_went_on_lately(bot: Connected) -> None:
    other = bot.discord.add_channel(guild_of(bot), "other")
    await until(lambda: bot.client.get_channel(other.id))
    servers = watcher(bot, clock := Clock())
    for place in (bot.channel, other):
        await subscribed(bot, place.id, FORBIDDEN)
        await servers.look_again()
        clock.now += RESUMED_EVERY / 2
    for place in (bot.channel, other):
        await bot.store.pause(place.id, FORBIDDEN)
    await servers.look_again()
    assert await paused(bot) == {other.id}


async def test_what_came_without_an_event_is_seen_when_we_look_again(bot: Connected) -> None:
    other = bot.discord.add_channel(bot.discord.add_guild("another"), "elsewhere")
    shut = bot.discord.add_channel(guild_of(bot), "shut", overwrites=ours(bot, SEND))
    await until(lambda: bot.client.get_channel(other.id) and bot.client.get_channel(shut.id))
    for place in (bot.channel, shut):
        await subscribed(bot, place.id, FORBIDDEN)
    (asked, _) = await bot.store.subscriptions()
    elsewhere = replace(asked, channel_id=other.id, guild_id=other.guild_id or 0)
    unknown = replace(asked, channel_id=10**18, guild_id=10**17)
    for each in (elsewhere, unknown):
        await bot.store.subscribe(each)
        await bot.store.pause(each.channel_id, FORBIDDEN)
    await own(bot).look_again()
    assert await paused(bot) == {shut.id, unknown.channel_id}
    assert bot.woken.is_set()


async def test_the_end_of_a_time_out_is_seen_when_we_look_again(bot: Connected) -> None:
    guild = guild_of(bot)
    until_when = {"communication_disabled_until": "2999-01-01T00:00:00+00:00"}
    shown = member_json(bot.discord.world, guild) | {"guild_id": str(guild.id)} | until_when
    bot.discord.gateway.dispatch("GUILD_MEMBER_UPDATE", shown, guild.id)
    known = bot.client.get_guild(guild.id)
    assert known is not None
    await until(known.me.is_timed_out)
    await subscribed(bot, bot.channel.id, FORBIDDEN)
    await own(bot).look_again()
    assert await paused(bot) == {bot.channel.id}
    known.me.timed_out_until = at(START)  # as time goes by: nothing is told of it
    await own(bot).look_again()
    assert await paused(bot) == set()


async def test_a_server_in_an_outage_is_not_asked_for_its_threads(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel, private=True)
    await subscribed(bot, thread.id, FORBIDDEN)
    bot.discord.lose_guild(guild_of(bot))
    known = bot.client.get_guild(guild_of(bot).id)
    assert known is not None
    await until(lambda: known.unavailable)
    await own(bot).look_again()
    assert fetches(bot, thread) == [0]
