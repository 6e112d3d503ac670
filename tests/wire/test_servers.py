"""What the gateway tells: paused channels go on once we may post there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.subscription import PauseReason, Subscription, Wish
from tests.made import START, at, directory
from tests.waiting import until
from tests.wire.discord_schema import ADMINISTRATOR, EVERYDAY, SEND, VIEW, Channel, Overwrite
from tests.wire.inprocess import (
    FORBIDDEN,
    GONE,
    Connected,
    connected,
    guild_of,
    subscribed,
    typed,
)
from tests.wire.running import texts

NOW = at(START + timedelta(days=15))


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a bot without data that is ready."""
    async with connected(tmp_path, directory(), NOW, monkeypatch) as found:
        await until(found.client.is_ready)
        yield found


def ours(bot: Connected, deny: int) -> tuple[Overwrite, ...]:
    """Return what denies the bot something in a channel."""
    return (Overwrite(bot.discord.settings.bot_id, deny=deny, member=True),)


async def paused(bot: Connected) -> set[int]:
    """Return the channels that are paused."""
    return {each.channel_id for each in await bot.store.channels() if each.paused}


async def heard(bot: Connected) -> None:
    """Wait until the bot has heard all that the gateway told before."""
    await typed(bot, "subscriptions")


async def gone_on(bot: Connected, place: Channel) -> None:
    """Wait until a channel is paused no longer."""
    async with asyncio.timeout(5):
        while place.id in await paused(bot):
            await asyncio.sleep(0)


async def looked(bot: Connected) -> None:
    """Wait until the bot has looked at its server once more, and acted on what it saw."""
    marker = bot.discord.add_channel(guild_of(bot), "marker")
    await heard(bot)
    await subscribed(bot, marker.id, FORBIDDEN)
    bot.discord.put_channel(replace(marker, name="changed"))
    await gone_on(bot, marker)


Change: TypeAlias = Callable[[Connected, Channel], object]


def _allow_in_channel(bot: Connected, place: Channel) -> object:
    return bot.discord.put_channel(replace(place, overwrites=()))


def _make_own_role_administrator(bot: Connected, _: Channel) -> object:
    own = guild_of(bot).roles[1]
    return bot.discord.put_role(guild_of(bot), replace(own, permissions=ADMINISTRATOR))


def _take_the_role_away(bot: Connected, place: Channel) -> object:
    role = next(each for each in guild_of(bot).roles if each.name == "muted")
    bot.discord.put_channel(replace(place, overwrites=(Overwrite(role.id, deny=SEND),)))
    return bot.discord.give_roles(guild_of(bot), guild_of(bot).roles[1])


def _give_a_role_that_may_all(bot: Connected, _: Channel) -> object:
    role = bot.discord.add_role(guild_of(bot), "trusted", ADMINISTRATOR)
    return bot.discord.give_roles(guild_of(bot), guild_of(bot).roles[1], role)


def _come_back_from_an_outage(bot: Connected, place: Channel) -> object:
    guild = guild_of(bot)
    bot.discord.lose_guild(guild)
    bot.discord.world.place(replace(place, overwrites=()))
    return bot.discord.return_guild(guild)


def _start_anew(bot: Connected, place: Channel) -> object:
    bot.discord.world.place(replace(place, overwrites=()))
    return bot.discord.gateway.invalidate(resumable=False)


CHANGES: dict[str, Change] = {
    "the channel allows it": _allow_in_channel,
    "our role allows all": _make_own_role_administrator,
    "a role that denied it is taken from us": _take_the_role_away,
    "a role that allows all is given to us": _give_a_role_that_may_all,
    "the server is back from an outage": _come_back_from_an_outage,
    "the session begins anew": _start_anew,
}


async def closed(bot: Connected) -> Channel:
    """Close a channel to the bot, by overwrites for it and for a role of its own."""
    guild = guild_of(bot)
    muted = bot.discord.add_role(guild, "muted")
    bot.discord.give_roles(guild, guild.roles[1], muted)
    place = bot.discord.add_channel(guild, "closed", overwrites=ours(bot, SEND))
    await heard(bot)
    await subscribed(bot, place.id, FORBIDDEN)
    return place


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_paused_channel_goes_on_once_we_may_post_there_again(
    bot: Connected, change: Change
) -> None:
    place = await closed(bot)
    requests = len(bot.discord.requests)
    change(bot, place)
    await until(bot.woken.is_set, within=20)
    assert await paused(bot) == set()
    tried = [each.path for each in bot.discord.requests[requests:] if "channels" in each.path]
    assert tried == []


async def test_what_changed_while_we_were_away_is_seen_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(tmp_path, directory(), NOW, monkeypatch) as starting:
        await subscribed(starting, starting.channel.id, FORBIDDEN)
        assert not starting.client.is_ready()
        await until(starting.woken.is_set)
        assert await paused(starting) == set()


async def test_a_change_that_does_not_help_changes_nothing(bot: Connected) -> None:
    place = await closed(bot)
    role = bot.discord.add_role(guild_of(bot), "of others", ADMINISTRATOR)
    bot.discord.put_role(guild_of(bot), replace(role, permissions=EVERYDAY))
    bot.discord.put_channel(replace(place, name="renamed"))
    bot.discord.put_channel(replace(place, overwrites=ours(bot, VIEW)))
    await looked(bot)
    assert await paused(bot) == {place.id}


async def test_only_the_server_that_changed_is_looked_at_and_all_of_its_channels(
    bot: Connected,
) -> None:
    guild = guild_of(bot)
    places = [bot.discord.add_channel(guild, f"place-{n}") for n in range(3)]
    other = bot.discord.add_channel(bot.discord.add_guild("another"), "elsewhere")
    await heard(bot)
    for place in places:
        await subscribed(bot, place.id, FORBIDDEN)
    elsewhere = Subscription(other.id, other.guild_id or 0, Wish(), START, NOW, 1)
    await bot.store.subscribe(elsewhere)
    await bot.store.pause(other.id, FORBIDDEN)
    await looked(bot)
    assert await paused(bot) == {other.id}


async def test_a_channel_that_is_there_after_all_goes_on_and_a_deleted_one_does_not(
    bot: Connected,
) -> None:
    await subscribed(bot, bot.channel.id, GONE)
    await subscribed(bot, 10**18, GONE)
    bot.discord.put_channel(replace(bot.channel, name="renamed"))
    await until(bot.woken.is_set)
    assert await paused(bot) == {10**18}
    assert all("/channels/" not in each.path for each in bot.discord.requests)


async def test_who_takes_no_messages_is_not_helped_by_permissions(bot: Connected) -> None:
    await subscribed(bot, bot.channel.id, replace(FORBIDDEN, reason=PauseReason.UNWELCOME))
    await looked(bot)
    assert await paused(bot) == {bot.channel.id}


async def test_a_channel_that_is_made_known_after_all_goes_on(bot: Connected) -> None:
    await subscribed(bot, 10**18, GONE)
    bot.discord.put_channel(Channel(10**18, guild_of(bot).id, "back"))
    await until(bot.woken.is_set)
    assert await paused(bot) == set()


async def test_an_archived_thread_that_we_do_not_know_is_looked_up_once(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel)
    bot.discord.change_thread(thread, archived=True)
    await until(lambda: bot.client.get_channel(thread.id) is None)
    await heard(bot)
    await subscribed(bot, thread.id, FORBIDDEN)
    bot.discord.put_channel(replace(bot.channel, name="renamed"))
    await until(bot.woken.is_set)
    assert await paused(bot) == set()
    asked = [each for each in bot.discord.requests if each.path == f"/channels/{thread.id}"]
    assert [each.method for each in asked] == ["GET"]


async def test_a_thread_that_cannot_be_looked_up_stays_paused(bot: Connected) -> None:
    await subscribed(bot, 10**18, FORBIDDEN)
    await subscribed(bot, bot.channel.id, FORBIDDEN)
    bot.discord.put_channel(replace(bot.channel, name="renamed"))
    await until(bot.woken.is_set)
    assert await paused(bot) == {10**18}


async def test_a_private_thread_goes_on_once_it_lets_us_in(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel, private=True)
    await subscribed(bot, thread.id, FORBIDDEN)
    await looked(bot)
    assert await paused(bot) == {thread.id}
    bot.discord.change_thread(thread, joined=True)
    await gone_on(bot, thread)


async def test_a_private_thread_that_we_had_to_leave_stays_paused(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel, private=True, joined=True)
    await until(lambda: bot.client.get_channel(thread.id))
    bot.discord.change_thread(thread, joined=False)
    await subscribed(bot, thread.id, FORBIDDEN)
    await looked(bot)
    assert bot.client.get_channel(thread.id)
    assert await paused(bot) == {thread.id}


async def test_a_locked_thread_goes_on_once_it_is_unlocked(bot: Connected) -> None:
    thread = bot.discord.add_thread(bot.channel)
    locked = bot.discord.change_thread(thread, locked=True)
    await heard(bot)
    await subscribed(bot, locked.id, FORBIDDEN)
    listed = "".join(texts((await typed(bot, "subscriptions")).components))
    assert "there I lack Manage Threads." in listed
    bot.discord.change_thread(locked, locked=False)
    await until(bot.woken.is_set)
    assert await paused(bot) == set()


async def test_a_burst_of_changes_does_not_look_a_thread_up_for_each_of_them(
    bot: Connected,
) -> None:
    await subscribed(bot, 10**18, FORBIDDEN)
    for number in range(30):
        bot.discord.put_channel(replace(bot.channel, name=f"name-{number}"))
    await looked(bot)
    assert sum(each.path == f"/channels/{10**18}" for each in bot.discord.requests) == 1
