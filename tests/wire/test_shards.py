"""Shards: which servers a process hears of, and what it does for those of others."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from hypothesis import given
from hypothesis import strategies as st

import bot.client
from bot.chores import may_be_in
from bot.client import RankshiftClient
from bot.delivery import Kind
from bot.errors import HistoryHidden, InputError, StoreError
from bot.packaged import read_languages
from bot.shards import Sessions, Shards, parse_shards, shard_of
from bot.subscription import Subscription, Wish
from cogs.delivery import DiscordMessenger
from storage.offices import IDENTIFY_GAP, Alone
from storage.postgres import offices as offices_of_postgres
from storage.postgres.offices import PostgresOffices
from storage.postgres.schema import migrate
from storage.postgres_store import PostgresStore
from storage.tinydb_store import TinyDBStore
from tests import postgres
from tests.made import START, at, directory
from tests.postgres import Server
from tests.sending import owed
from tests.waiting import until
from tests.wire.discord_limits import Fault
from tests.wire.discord_schema import HISTORY, SEND, Channel, Guild, Overwrite, Settings
from tests.wire.discord_server import LoopbackDiscord
from tests.wire.inprocess import Connected, connected, guild_of
from tests.wire.running import Servers, running, servers, subscribed, texts
from tests.wire.test_path import LAST, publish

NOW = at(START + timedelta(days=15))
ALL = st.integers(1, 300)


@given(ALL, st.data())
def test_what_is_said_names_shards_of_all(of: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, of - 1))
    last = data.draw(st.integers(first, of - 1))
    found = parse_shards(f"{first}-{last}", of)
    assert found == Shards(first, last, of)
    assert list(found.ids) == list(range(first, last + 1))
    assert found.all == (len(found.ids) == of)
    assert parse_shards(f"{first}", of) == Shards(first, first, of)


@given(ALL, st.integers(0, 2**64 - 1), st.data())
def test_a_server_is_heard_of_by_exactly_one_process(
    of: int, guild: int, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, of - 1))
    processes = [Shards(0, cut, of), Shards(cut + 1, of - 1, of)]
    assert [each.have(guild) for each in processes].count(True) == 1
    assert shard_of(guild, of) in {*processes[0].ids, *processes[1].ids}
    assert processes[0].have(0)  # direct messages


def test_without_options_nothing_is_said() -> None:
    assert parse_shards(None, None) is None


@pytest.mark.parametrize(
    ("span", "of", "why"),
    [
        ("0-3", None, "belong together"),
        (None, 8, "belong together"),
        ("3-1", 8, "1 comes before 3"),
        ("0-8", 8, "numbered from 0 to 7"),
        ("8", 8, "numbered from 0 to 7"),
        ("a-b", 8, "must be a number, or two"),
        ("-1", 8, "must be a number, or two"),
        ("0-", 8, "must be a number, or two"),
        ("", 8, "must be a number, or two"),
    ],
)
def test_what_names_no_shards_is_refused(span: str | None, of: int | None, why: str) -> None:
    with pytest.raises(InputError, match=why):
        parse_shards(span, of)


@pytest.fixture
async def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a bot with the shard, of two, that hears of its server."""
    settings = Settings(shards=2)
    async with connected(tmp_path, directory(), NOW, monkeypatch, settings) as found:
        await until(found.client.is_ready)
        yield found


async def test_all_advised_shards_are_run_and_each_must_be_there(half: Connected) -> None:
    await until(lambda: half.client.connected)
    assert half.client.shards_here == Shards(0, 1, 2)
    assert sorted(one.shard for one in half.discord.gateway.identifies) == [(0, 2), (1, 2)]
    session = next(s for s in half.discord.gateway.sessions.values() if s.shard == (1, 2))
    assert session.connection is not None
    session.connection.abort()
    await until(lambda: not half.client.connected)
    await until(lambda: half.client.connected)


async def test_only_what_its_own_shards_tell_is_known_and_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = Shards(1, 1, 2)
    settings = Settings(shards=2)
    async with connected(tmp_path, directory(), NOW, monkeypatch, settings, shards) as found:
        await until(found.client.is_ready)
        heard = [_guild_of(found.discord, number, 2) for number in (0, 1, 0, 1, 1)]
        ours = [guild for guild in heard if shards.have(guild.id)]
        others = [guild for guild in heard if not shards.have(guild.id)]
        assert (len(ours), len(others)) == (3, 2)
        await until(lambda: all(found.client.get_guild(guild.id) for guild in ours))
        assert not any(found.client.get_guild(guild.id) for guild in others)
        assert all(may_be_in(found.client, guild.id) for guild in ours)
        assert not any(may_be_in(found.client, guild.id) for guild in others)  # others note these
        for guild in heard[:-1]:
            found.discord.remove_guild(guild)
        gone = {guild.id for guild in ours[:-1]}
        async with asyncio.timeout(20):
            while (await found.store.absences()).keys() != gone:
                await asyncio.sleep(0)
        strangers = [others[0].id]
        await found.store.note_absences(dict.fromkeys(strangers, NOW), [])
        await found.store.subscribe(Subscription(1, others[1].id, Wish(), START, NOW, 1))
        found.discord.gateway.invalidate(resumable=False)
        await found.client.wait_for("shard_ready", timeout=20)
        await asyncio.sleep(0.1)
        assert (await found.store.absences()).keys() == gone | set(strangers)


async def test_a_session_begins_once_discord_and_the_store_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.client, "IDENTIFY_AGAIN", 0.01)
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    buckets, troubles = list[int](), [StoreError("away"), StoreError("away")]

    async def identify(bucket: int) -> None:
        buckets.append(bucket)
        if troubles:
            raise troubles.pop()

    store = TinyDBStore(tmp_path, writable=True)
    async with LoopbackDiscord(Settings(shards=4, at_once=3)) as discord:
        bot.client.point_at(discord.api_url, str(discord.gateway_url))
        discord.fail_next(r"GET /gateway/bot", Fault.answer(404))
        sessions = Sessions(Shards(2, 3, 4), identify)
        client = RankshiftClient(store, read_languages(), lambda: (), sessions=sessions)
        await client.close()  # which does nothing yet
        assert may_be_in(client, 2 << 22)
        assert not may_be_in(client, 1 << 22)
        client = RankshiftClient(store, read_languages(), lambda: (), sessions=sessions)
        await client.login(discord.settings.token)
        connecting = asyncio.create_task(client.connect())
        await client.wait_until_ready()
        assert [one.shard for one in discord.gateway.identifies] == [(2, 4), (3, 4)]
        assert buckets == [2, 2, 2, 0]
        await client.close()
        await connecting
    await store.close()


async def test_sessions_of_one_process_begin_in_turn_by_bucket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def note(seconds: float) -> None:
        slept.append(seconds)

    store = TinyDBStore(tmp_path, writable=True)
    offices, gap = Alone(store), IDENTIFY_GAP.total_seconds()
    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "sleep", note)
        for bucket in (0, 1, 0, 0, 1):
            await offices.identify(bucket)
    assert slept == pytest.approx([0, 0, gap, 2 * gap, gap], abs=0.2)
    await store.close()


async def test_sessions_of_several_processes_begin_in_turn(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        slept.append(seconds) if seconds != 0 else None
        await sleep(0)

    url = server.make("turns")
    migrate(url)
    stores = [await PostgresStore.open(url, writable=False) for _ in range(2)]
    one, other = (PostgresOffices(url, each) for each in stores)
    gap = IDENTIFY_GAP.total_seconds()
    with monkeypatch.context() as patched:
        patched.setattr(offices_of_postgres.asyncio, "sleep", note)
        for process, bucket in ((one, 0), (other, 0), (other, 1), (one, 0)):
            await process.identify(bucket)
    assert [each for each in slept if each > 1] == pytest.approx([gap, 2 * gap], abs=0.5)
    for each in stores:
        await each.close()


@pytest.fixture
async def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Return a bot; what sends through it is told that others hear of its server."""
    async with connected(tmp_path, directory(), NOW, monkeypatch) as found:
        await until(found.client.is_ready)
        yield found


async def test_the_system_channel_of_anothers_server_is_asked_for(apart: Connected) -> None:
    guild, messenger = guild_of(apart), DiscordMessenger(apart.client, lambda _: False)
    assert await messenger.system_channel(guild.id) is None
    apart.discord.change_guild(guild, system_channel_id=apart.channel.id)
    assert await messenger.system_channel(guild.id) == apart.channel.id
    _deny(apart, SEND)
    assert await messenger.system_channel(guild.id) is None
    apart.discord.remove_guild(guild)
    assert await messenger.system_channel(guild.id) is None


async def test_an_earlier_message_in_anothers_server_is_looked_for(apart: Connected) -> None:
    messenger = DiscordMessenger(apart.client, lambda _: False)
    row = owed(apart.channel.id, "a", NOW)
    assert await messenger.find(row, ["a"], apart.channel.id) == ()
    _deny(apart, HISTORY)
    with pytest.raises(HistoryHidden):
        await messenger.find(row, ["a"], apart.channel.id)


def _deny(bot: Connected, permission: int) -> None:
    denied = Overwrite(bot.discord.settings.bot_id, deny=permission, member=True)
    bot.discord.put_channel(replace(bot.channel, overwrites=(denied,)))


@pytest.fixture
def server() -> Iterator[Server]:
    with postgres.running() as found:
        yield found


async def test_two_processes_share_shards_begin_in_turn_and_send_for_each_other(
    tmp_path: Path, server: Server
) -> None:
    url = server.make("shards")
    migrate(url)
    async with servers(tmp_path / "data", Settings(shards=4, at_once=2)) as world:
        publish(world, LAST - timedelta(days=1))
        discord = world.discord
        channels = [_of_shard(world, number) for number in range(4)]
        environment = world.environment(RANKSHIFT_DATABASE_URL=url)
        async with (
            running(environment, "run", "--shards", "0-1", "--of", "4") as first,
            running(environment, "run", "--shards", "2-3", "--of", "4") as second,
        ):
            for bot in (first, second):
                await bot.says(r"(connected to Discord)", within=60)
            assert sorted(one.shard for one in discord.gateway.identifies) == [
                (number, 4) for number in range(4)
            ]
            assert discord.gateway.hurried() == []
            for channel in channels:
                await subscribed(_with(world, channel))
            system = [_closed(world, channel) for channel in (channels[0], channels[3])]
            publish(world, LAST)
            for place in channels[1:3]:
                await discord.until(lambda at=place.id: discord.messages(at), within=30)
            await world.more_polls(2)
            assert [len(discord.messages(channel.id)) for channel in channels] == [0, 1, 1, 0]
            assert "MiniMax" in "\n".join(texts(discord.messages(channels[2].id)[0].components))
            assert await _notices(url) == {place.id for place in system}
            logs = [first.log, second.log]
            assert sorted(log.count("office taken") for log in logs) in ([0, 2], [1, 1])
            assert await first.end(signal.SIGTERM) == 0
            assert await second.end(signal.SIGTERM) == 0
        assert discord.violations == []


async def test_a_data_folder_serves_one_process_alone(tmp_path: Path) -> None:
    async with servers(tmp_path / "data") as world:
        for options, why in (
            (("--shards", "0", "--of", "2"), "RANKSHIFT_DATABASE_URL is not set"),
            (("--shards", "0-4", "--of", "2"), "they are numbered from 0 to 1"),
            (("--of", "2"), "belong together"),
        ):
            async with running(world.environment(), "run", *options) as bot:
                assert await bot.wait() == 2
            assert why in bot.log


async def _notices(url: str) -> set[int]:
    """Return where servers will be told of a pause, in a minute."""
    store = await PostgresStore.open(url, writable=False)
    rows = await store.open_deliveries()
    await store.close()
    return {row.channel_id for row in rows if row.kind is Kind.NOTICE}


def _of_shard(world: Servers, number: int) -> Channel:
    """Make a channel in a server of a shard."""
    guild = _guild_of(world.discord, number, 4)
    return world.discord.add_channel(guild, "model-news")


def _closed(world: Servers, channel: Channel) -> Channel:
    """Close a channel to the bot, and return where its server wants to be told so."""
    guild = world.discord.world.guilds[channel.guild_id or 0]
    place = world.discord.add_channel(guild, "system")
    world.discord.change_guild(guild, system_channel_id=place.id)
    world.discord.forbid(channel.id)
    return place


def _guild_of(discord: LoopbackDiscord, which: int, count: int) -> Guild:
    discord.world.next_in_shard(which, count)
    return discord.add_guild(f"server of shard {which}")


def _with(world: Servers, channel: Channel) -> Servers:
    return Servers(world.discord, world.openrouter, channel, world.data)
