"""What stops sending: a refused token, too many refusals, a stop; with the bot as a process."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from discord.http import Route

from bot.client import RankshiftClient
from bot.courier import Courier
from bot.errors import TokenRefused
from bot.pace import MOST_INVALID, Pace
from bot.packaged import read_languages
from bot.service import _beat
from bot.trace import traced
from storage.offices import Alone
from storage.tinydb_store import TinyDBStore
from tests.sending import Channels, Clock, outbox, owed, record
from tests.wire.discord_limits import Fault
from tests.wire.discord_server import LoopbackDiscord
from tests.wire.openrouter_server import Fault as SourceFault
from tests.wire.running import Servers, running
from tests.wire.test_path import LAST, publish, subscribe, world  # noqa: F401 — a fixture

POSTS = "POST /channels/.*/messages"


async def test_a_token_refused_while_sending_stops_sending_alone_and_loses_nothing(
    world: Servers,  # noqa: F811
) -> None:
    discord, channel = world.discord, world.channel.id
    async with running(world.environment()) as bot:
        await subscribe(world)
        discord.fail_next(POSTS, Fault.answer(401), times=9)
        publish(world, LAST)
        await discord.until(lambda: discord.world.statuses[401], within=30)
        await world.more_polls(3)
        assert await bot.end(signal.SIGTERM) == 0
    assert discord.world.statuses[401] == 1, "it is not tried again"
    assert len(re.findall("sending stopped: Discord refused the token", bot.log)) == 1
    discord.rest.faults.clear()
    async with running(world.environment()) as bot:
        await discord.until(lambda: discord.messages(channel), within=30)
        assert await bot.end(signal.SIGTERM) == 0
    assert len(discord.messages(channel)) == 1


async def test_a_stop_lets_the_send_under_way_settle_and_ends_in_ten_seconds(
    world: Servers,  # noqa: F811
) -> None:
    discord, channel, gate = world.discord, world.channel.id, asyncio.Event()
    async with running(world.environment()) as bot:
        await subscribe(world)
        discord.fail_next(POSTS, Fault.slow(gate, accepted=True))
        publish(world, LAST)
        await discord.until(lambda: discord.messages(channel), within=30)
        ending = asyncio.create_task(bot.end(signal.SIGTERM))
        await asyncio.sleep(0)
        gate.set()
        assert await ending == 0
    assert "alert sent" in bot.log
    store = TinyDBStore(world.data, writable=True)
    assert await store.open_deliveries() == ()
    await store.close()


async def test_a_stop_in_the_middle_of_a_poll_is_quick_and_no_failure(
    world: Servers,  # noqa: F811
) -> None:
    held = SourceFault.slow(asyncio.Event())
    async with running(world.environment()) as bot:
        await world.more_polls(1)
        world.openrouter.fail_next("latest.manifest", held)
        await world.more_polls(1)
        assert await bot.end(signal.SIGTERM) == 0
    assert "CancelledError" not in bot.log
    assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        ("GET /users/@me", Fault.truncated(says_so=False)),
        ("GET /users/@me", Fault.truncated()),
        ("GET /users/@me", Fault.limited(90)),
        ("PUT /applications", Fault.limited(90)),
    ],
)
async def test_a_log_in_that_is_answered_badly_is_tried_again(
    world: Servers,  # noqa: F811
    request_: str,
    fault: Fault,
) -> None:
    world.discord.fail_next(request_, fault)
    async with running(world.environment()) as bot:
        await world.discord.until(lambda: world.discord.gateway.sessions, within=30)
        assert await bot.end(signal.SIGTERM) == 0
    assert bot.log.count("log-in to Discord fails") == 1


async def test_commands_that_discord_does_not_take_hold_up_no_alert(
    world: Servers,  # noqa: F811
) -> None:
    async with running(world.environment()) as bot:
        await subscribe(world)
        assert await bot.end(signal.SIGTERM) == 0
    store = TinyDBStore(world.data, writable=True)
    await store.put_synced_commands("those of another version")
    await store.close()
    world.discord.fail_next("PUT /applications", Fault.answer(400, code=50035))
    publish(world, LAST)
    async with running(world.environment()) as bot:
        await world.discord.until(lambda: world.discord.messages(world.channel.id), within=30)
        assert await bot.end(signal.SIGTERM) == 0
    assert bot.log.count("Discord does not take our commands") == 1
    puts = world.discord.world.command_puts
    async with running(world.environment()) as bot:
        await world.discord.until(lambda: world.discord.world.command_puts > puts, within=30)
        assert await bot.end(signal.SIGTERM) == 0


async def test_a_send_that_never_ends_holds_no_stop_up_and_is_not_repeated(
    world: Servers,  # noqa: F811
) -> None:
    discord, channel, never = world.discord, world.channel.id, asyncio.Event()
    async with running(world.environment()) as bot:
        await subscribe(world)
        discord.fail_next(POSTS, Fault.slow(never, accepted=True))
        publish(world, LAST)
        await discord.until(lambda: discord.messages(channel), within=30)
        assert await bot.end(signal.SIGTERM, within=10) == 0
    posts = discord.world.statuses[200]
    async with running(world.environment()) as bot:
        await discord.until(lambda: discord.world.statuses[200] > posts, within=30)
        await world.more_polls(2)
        assert await bot.end(signal.SIGTERM) == 0
    assert len(discord.messages(channel)) == 1


async def test_a_bot_that_cannot_send_is_not_healthy(tmp_path: Path) -> None:
    store, clock, heartbeat = TinyDBStore(tmp_path, writable=True), Clock(), tmp_path / "heartbeat"
    box = outbox(store, Channels(answers=[TokenRefused("401")]), clock)
    courier = Courier(Alone(store), lambda _: box)
    sending = asyncio.create_task(courier.run())
    _beat(heartbeat, courier)
    assert heartbeat.exists()
    heartbeat.unlink()
    await record(store, owed(7, "a", clock()))
    courier.wake()
    while not courier.refused:
        await asyncio.sleep(0)
    _beat(heartbeat, courier)
    assert not heartbeat.exists()
    await courier.stop()
    await sending
    await store.close()


@pytest.fixture
async def discord(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    """Return a Discord that discord.py is pointed at."""
    async with LoopbackDiscord() as running:
        monkeypatch.setattr(Route, "BASE", running.api_url)
        yield running


async def test_every_request_that_discord_calls_invalid_is_counted(
    discord: LoopbackDiscord, tmp_path: Path
) -> None:
    pace, store = Pace(), TinyDBStore(tmp_path, writable=True)
    client = RankshiftClient(
        store, read_languages(), tuple, http_trace=traced(pace, lambda: datetime.now(UTC))
    )
    await client.login(discord.settings.token)
    channel = discord.add_channel(discord.add_guild())
    faults = [
        Fault.answer(403, code=50013),
        Fault.answer(404, code=10003),
        Fault.limited(0.001, "shared"),
        Fault.limited(0.001),
    ]
    for fault in faults:
        discord.fail_next(POSTS, fault)
    place, now = client.get_partial_messageable(channel.id), datetime.now(UTC)
    for _ in range(MOST_INVALID - 3):
        pace.refused(now)
    for _ in range(2):
        with pytest.raises(Exception, match="injected"):
            await place.send("hello")
    await place.send("hello")  # discord.py waits both limits out
    assert pace.resumes_at(datetime.now(UTC)) is None, "a shared limit and a 404 do not count"
    discord.fail_next(POSTS, Fault.answer(403, code=50013))
    with pytest.raises(Exception, match="injected"):
        await place.send("hello")
    resumes = pace.resumes_at(datetime.now(UTC))
    assert resumes is not None
    assert resumes - now < timedelta(minutes=11)
    await client.close()
    await store.close()
