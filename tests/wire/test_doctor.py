"""`rankshift doctor`, run as operators run it, before a world in which something is amiss."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import open_folder
from bot.checkup import _writable
from bot.doctor import Verdict
from bot.subscription import Subscription, Wish
from tests.made import day
from tests.wire.discord_limits import Fault
from tests.wire.discord_schema import VIEW, Channel, Overwrite
from tests.wire.openrouter_server import Fault as SourceFault
from tests.wire.running import Servers, running, servers
from tests.wire.test_path import LAST, publish

KEY = "sk-or-v1-a-key-that-nobody-may-see"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Servers]:
    """Return both servers, with all days published, and a channel subscribed."""
    async with servers(tmp_path / "data") as found:
        publish(found, LAST)
        async with open_folder(found.data, writable=True) as store:
            await store.put_days("models", [day(0, {"lab/a": 5})])
        await subscribe(found, found.channel)
        yield found


async def subscribe(world: Servers, channel: Channel) -> None:
    """Note that a channel gets alerts."""
    made = datetime(2026, 6, 1, tzinfo=UTC)
    who = (channel.id, channel.guild_id or 0, Wish(), made.date(), made, 1)
    async with open_folder(world.data, writable=True) as store:
        await store.subscribe(Subscription(*who))


async def doctor(world: Servers, *arguments: str, **more: str) -> tuple[int, str]:
    """Run it; return its exit code and all that it printed."""
    given = world.environment(RANKSHIFT_OPERATIONS_BIND="127.0.0.1:0", **more)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", *arguments),
        env=given | {"COLUMNS": "100"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        printed, _ = await process.communicate()
    assert process.returncode is not None
    said = printed.decode()
    for secret in (world.discord.settings.token, KEY):
        assert secret not in said
    return process.returncode, said


async def findings(world: Servers, **more: str) -> dict[str, tuple[str, str, str]]:
    """Return by what was looked at: verdict, what was seen, what to do; the last of several."""
    code, said = await doctor(world, "--format", "json", **more)
    told = json.loads(said)
    assert code == (0 if told["healthy"] else 1)
    return {
        each["about"]: (each["verdict"], each["seen"], each["remedy"]) for each in told["findings"]
    }


async def test_where_all_is_well_it_says_so_of_each_thing(world: Servers) -> None:
    code, said = await doctor(world)
    assert code == 0, said
    assert "0 wrong." in said
    for looked_at in ("token", "gateway", "channels", "source", "key", "data folder", "disk"):
        assert f" {looked_at} " in said
    assert "1 of 1 can be posted to" in said
    assert "greeted in" in said
    assert world.discord.gateway.sessions == {} or not world.discord.gateway.sessions
    assert world.discord.violations == []


async def test_a_bot_that_runs_is_not_disturbed(world: Servers) -> None:
    async with running(world.environment()) as bot:
        await world.discord.until(lambda: world.discord.gateway.sessions, within=20)
        port = await bot.says(r"operator's endpoints are served .*port=(\d+)")
        bind = {"RANKSHIFT_HTTP_BIND": f"127.0.0.1:{port}"}
        found = await findings(world, **bind)
        assert found["RANKSHIFT_HTTP_BIND"][1].endswith("a bot that runs, it seems")
        assert len(world.discord.gateway.sessions) == 1


async def test_a_token_that_is_refused_is_named_with_its_remedy(world: Servers) -> None:
    found = await findings(world, DISCORD_TOKEN="another-that-nobody-may-see")
    assert found["token"][:2] == ("wrong", "Discord does not accept DISCORD_TOKEN")
    assert "Reset the token" in found["token"][2]
    found = await findings(world, DISCORD_TOKEN="")
    assert found["token"][1] == "DISCORD_TOKEN is not set"


async def test_what_is_lacking_in_a_channel_is_named(world: Servers) -> None:
    guild = world.discord.world.guilds[world.channel.guild_id or 0]
    for name, denied in (("quiet", 1 << 15), ("hidden", VIEW)):
        ours = (Overwrite(world.discord.settings.bot_id, deny=denied, member=True),)
        made = world.discord.add_channel(guild, name, overwrites=ours)
        await subscribe(world, made)
    found = await findings(world)
    quiet, hidden = (each.id for each in list(world.discord.world.channels.values())[-2:])
    assert found[f"channel {quiet}"][:2] == ("wrong", "the bot lacks Attach Files")
    assert found[f"channel {hidden}"][:2] == ("wrong", "the bot lacks View Channel")
    assert found["channels"][1] == "1 of 3 can be posted to"


async def test_a_gateway_that_cannot_be_reached_is_named(world: Servers) -> None:
    found = await findings(world, RANKSHIFT_DISCORD_GATEWAY_URL="ws://127.0.0.1:9")
    assert found["gateway"][0] == "wrong"
    assert found["gateway"][1].startswith("not reached: ")
    assert found["token"][0] == "ok"


async def test_a_source_that_is_down_and_a_key_that_is_refused_are_named(world: Servers) -> None:
    world.openrouter.fail_next("rankings-daily\\?|rankings-daily$", SourceFault.answer(401))
    found = await findings(world, OPENROUTER_API_KEY=KEY)
    assert found["key"][0] == "wrong"
    assert found["key"][1].startswith("OpenRouter answered 40")
    found = await findings(world, RANKSHIFT_OPENROUTER_URL="http://127.0.0.1:9/api/v1")
    assert found["source"][0] == "wrong"
    assert "RANKSHIFT_OPENROUTER_URL" in found["source"][2]


async def test_a_damaged_folder_is_named(world: Servers) -> None:
    for file in (world.data / "history").iterdir():
        file.write_text("{ damaged", encoding="utf-8")
    found = await findings(world)
    assert found["data folder"][0] == "wrong"
    assert "restore" in found["data folder"][2]


def test_a_folder_that_cannot_be_written_is_named() -> None:
    found = _writable(Path("/proc/self"))  # where nobody may, root neither
    assert found.verdict is Verdict.WRONG
    assert found.seen.startswith("cannot be written")


async def test_a_port_that_somebody_else_has_is_named(world: Servers) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        given = world.environment(RANKSHIFT_OPERATIONS_BIND=f"127.0.0.1:{port}")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "doctor", "--format", "json"),
            env=given,
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await process.communicate()
    told = {each["about"]: each for each in json.loads(printed)["findings"]}
    assert told["RANKSHIFT_OPERATIONS_BIND"]["verdict"] == "wrong"


async def test_wrong_settings_are_named_all_at_once(world: Servers) -> None:
    code, said = await doctor(world, RANKSHIFT_POLL_MINUTES="soon", RANKSHIFT_HTTP_BIND="here")
    assert code == 2
    assert "RANKSHIFT_POLL_MINUTES: " in said
    assert "RANKSHIFT_HTTP_BIND: " in said


async def test_discord_that_fails_is_told_apart_from_a_bad_token(world: Servers) -> None:
    world.discord.fail_next("GET /users/@me", Fault.answer(403), times=8)
    found = await findings(world)
    assert found["token"][1].startswith("Discord was not reached")
