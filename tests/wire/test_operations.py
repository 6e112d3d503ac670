"""The operator's endpoints of a bot that runs as people run it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.test_metrics import Samples, samples
from tests.wire.discord_limits import Fault
from tests.wire.discord_people import Command
from tests.wire.openrouter_server import Fault as SourceFault
from tests.wire.running import MANAGER, Running, Servers, running, servers
from tests.wire.test_path import LAST, publish, subscribe

KEY = "sk-or-v1-a-key-that-nobody-may-see"
POSTS = "POST /channels/.*/messages"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who asks the endpoints."""

    session: aiohttp.ClientSession

    async def readiness(self) -> tuple[int, dict[str, Any]]:
        """Return status and content of /readyz."""
        async with self.session.get("/readyz") as answer:
            return answer.status, await answer.json()

    async def metrics(self) -> Samples:
        """Return every figure of /metrics."""
        async with self.session.get("/metrics") as answer:
            assert answer.status == 200
            return samples(await answer.read())

    async def figure(self, name: str, **labels: str) -> float | None:
        """Return one figure."""
        return (await self.metrics()).get((name, tuple(sorted(labels.items()))))

    async def until_checks(self, wanted: Callable[[dict[str, Any]], object]) -> int:
        """Ask until the checks are as wanted, and return the status."""
        async with asyncio.timeout(30):
            while True:
                status, said = await self.readiness()
                if wanted(said["checks"]):
                    assert said["ready"] is (status == 200)
                    return status

    async def until_figure(self, wanted: float, name: str, **labels: str) -> None:
        """Ask until a figure is so much."""
        async with asyncio.timeout(30):
            while await self.figure(name, **labels) != wanted:
                pass


@asynccontextmanager
async def asking(bot: Running) -> AsyncIterator[Operator]:
    """Ask a bot, whose log says where it listens."""
    port = await bot.says(r"operator's endpoints are served .*port=(\d+)")
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        yield Operator(session)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Servers]:
    """Return both servers, with nothing published."""
    async with servers(tmp_path / "data") as found:
        yield found
        assert found.discord.violations == []


def all_well(checks: dict[str, Any]) -> bool:
    """Say whether every check is passed."""
    return checks == {name: {"ok": True} for name in ("store", "gateway", "source")}


async def test_a_bot_becomes_ready_once_it_has_days_and_says_until_then_what_it_lacks(
    world: Servers,
) -> None:
    async with running(world.environment()) as bot, asking(bot) as operator:
        async with operator.session.get("/healthz") as answer:
            assert (answer.status, await answer.json()) == (200, {"status": "ok"})
        lacking = {"ok": False, "why": "no day is stored"}
        status = await operator.until_checks(
            lambda checks: checks["gateway"]["ok"] and checks["source"] == lacking
        )
        assert status == 503
        labels = {"board": "models", "result": "unreachable"}
        async with asyncio.timeout(30):
            while not await operator.figure("rankshift_polls_total", **labels):
                pass
        publish(world, LAST)
        assert await operator.until_checks(all_well) == 200
        assert await operator.figure("rankshift_ready", check="source") == 1
        assert (await operator.figure("rankshift_newest_day_age_seconds", board="models") or 0) > 0
        assert await bot.end(signal.SIGTERM) == 0


async def test_a_gateway_that_is_gone_is_named_until_it_is_back(world: Servers) -> None:
    publish(world, LAST)
    async with running(world.environment()) as bot, asking(bot) as operator:
        await operator.until_checks(all_well)
        await world.discord.stop()
        status = await operator.until_checks(
            lambda checks: checks["gateway"] == {"ok": False, "why": "not connected"}
        )
        assert status == 503
        assert await operator.figure("rankshift_gateway_connected") == 0
        await world.discord.start()
        assert await operator.until_checks(all_well) == 200
        assert await operator.figure("rankshift_servers") == 1


async def test_an_alert_a_limit_and_commands_are_counted(world: Servers) -> None:
    publish(world, LAST - timedelta(days=1))
    discord, channel = world.discord, world.channel.id
    async with running(world.environment()) as bot, asking(bot) as operator:
        await subscribe(world)
        labels = {"command": "subscribe", "result": "answered"}
        assert await operator.figure("rankshift_command_seconds_count", **labels) == 1
        await discord.interact(Command("model", name="none such"), world.channel, MANAGER)
        labels = {"command": "model", "result": "refused"}
        await operator.until_figure(1, "rankshift_command_seconds_count", **labels)
        discord.fail_next(POSTS, Fault.limited(0.01))
        publish(world, LAST)
        await discord.until(lambda: discord.messages(channel), within=30)
        await operator.until_figure(1, "rankshift_sends_total", kind="alert", result="sent")
        assert await operator.figure("rankshift_discord_rate_limited_total", scope="user") == 1
        drawn = [
            key for key in await operator.metrics() if key[0] == "rankshift_render_seconds_count"
        ]
        assert len(drawn) == 1
        await operator.until_figure(0, "rankshift_deliveries_open")


async def test_a_store_that_takes_nothing_is_named(world: Servers) -> None:
    publish(world, LAST - timedelta(days=1))
    async with running(world.environment()) as bot, asking(bot) as operator:
        await subscribe(world)
        (world.data / "state.json.new").mkdir()  # no state can be written from now on
        publish(world, LAST)
        why = "the last poll of models could not use it"
        status = await operator.until_checks(
            lambda checks: checks["gateway"]["ok"] and checks["store"] == {"ok": False, "why": why}
        )
        assert status == 503
        (world.data / "state.json.new").rmdir()
        assert await operator.until_checks(all_well) == 200
        await world.discord.until(lambda: world.discord.messages(world.channel.id), within=30)


async def test_a_payload_that_is_refused_is_counted_as_such(world: Servers) -> None:
    publish(world, LAST)
    world.openrouter.fail_next(r"\.csv", SourceFault.spoilt("wrong bytes"))
    async with running(world.environment()) as bot, asking(bot) as operator:
        await operator.until_checks(all_well)
        labels = {"board": "models", "result": "refused"}
        assert await operator.figure("rankshift_polls_total", **labels) == 1


async def test_no_answer_bears_a_secret(world: Servers) -> None:
    publish(world, LAST)
    token = world.discord.settings.token
    async with (
        running(world.environment(OPENROUTER_API_KEY=KEY)) as bot,
        asking(bot) as operator,
    ):
        await operator.until_checks(lambda checks: checks["gateway"]["ok"])
        for path in ("/healthz", "/readyz", "/metrics", "/none"):
            async with operator.session.get(path) as answer:
                said = await answer.text() + str(answer.headers)
                assert token not in said
                assert KEY not in said
                assert "nosniff" in said or answer.status == 404


@pytest.mark.parametrize("where", ["taken", "203.0.113.1:0"])
async def test_a_place_where_nobody_can_listen_ends_the_start_with_what_to_do(
    world: Servers, where: str
) -> None:
    taken = f"127.0.0.1:{world.discord.port}" if where == "taken" else where
    async with running(world.environment(RANKSHIFT_OPERATIONS_BIND=taken)) as bot:
        assert await bot.wait() == 2
    last = bot.log.splitlines()[-1]
    assert last.startswith("rankshift: RANKSHIFT_OPERATIONS_BIND: nothing can listen at ")
    assert "Name another host or port" in last
    assert taken in last
    assert world.openrouter.requests == []


async def test_where_they_are_off_nothing_listens_and_the_bot_runs(world: Servers) -> None:
    async with running(world.environment(RANKSHIFT_OPERATIONS_BIND="off")) as bot:
        await world.discord.until(lambda: world.discord.gateway.sessions, within=20)
        assert await bot.end(signal.SIGTERM) == 0
    assert "operator's endpoints" not in bot.log
