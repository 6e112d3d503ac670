"""What several tests of the loopback Discord begin with."""

from collections.abc import AsyncIterator

import pytest

from tests.wire.discord_plain import served
from tests.wire.discord_server import LoopbackDiscord


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    """Give a Discord at which discord.py points."""
    async with served(monkeypatch) as running:
        yield running
