"""An alert leads to its evidence, on pages that the running bot serves."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.wire.discord_mentions import walk
from tests.wire.running import Servers, running, servers
from tests.wire.test_path import LAST, NEW, publish, subscribe

ADDRESS = "https://evidence.example/rankings"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Servers]:
    """Return both servers, with all days but the last published."""
    async with servers(tmp_path / "data") as found:
        publish(found, LAST.fromordinal(LAST.toordinal() - 1))
        yield found
        assert found.discord.violations == []


async def test_an_alerts_button_leads_to_a_page_with_the_same_key(world: Servers) -> None:
    discord, channel = world.discord, world.channel.id
    pages = {"RANKSHIFT_HTTP_BIND": "127.0.0.1:0", "RANKSHIFT_PUBLIC_URL": f"{ADDRESS}/"}
    async with running(world.environment(**pages)) as bot:
        port = await bot.says(r"evidence pages are served .*port=(\d+)")
        await subscribe(world)
        publish(world, LAST)
        await discord.until(lambda: discord.messages(channel), within=30)
        (message,) = discord.messages(channel)
        links = [each["url"] for each in walk(message.components) if "url" in each]
        assert len(links) == 2
        key = f"models.leader.{NEW}.{LAST}"
        async with aiohttp.ClientSession() as session:
            for link in links:
                assert link.startswith(f"{ADDRESS}/en/milestones/models.")
                path = link.removeprefix(ADDRESS)
                async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    assert answer.status == 200
                    page = await answer.text()
                assert ADDRESS + path in page  # the page's own address
            assert "rankshift verify" in page
            first = links[0].removeprefix(ADDRESS).removesuffix(".html")
            async with session.get(f"http://127.0.0.1:{port}{first}/receipt.json") as answer:
                assert (await answer.json(content_type=None))["key"] == key
        assert await bot.end(signal.SIGTERM) == 0


async def test_a_place_that_is_taken_stops_the_start_with_its_settings_name(
    world: Servers,
) -> None:
    async with running(world.environment(RANKSHIFT_HTTP_BIND="127.0.0.1:0")) as bot:
        port = await bot.says(r"evidence pages are served .*port=(\d+)")
        other = world.environment(
            RANKSHIFT_HTTP_BIND=f"127.0.0.1:{port}", RANKSHIFT_DATA_DIR=f"{world.data}-2"
        )
        async with running(other) as second:
            assert await second.wait() == 2
        assert f"RANKSHIFT_HTTP_BIND: nothing can listen at 127.0.0.1:{port}" in second.log
        assert await bot.end(signal.SIGTERM) == 0
