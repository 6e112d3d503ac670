"""A channel whose messages are timed, and what is kept of that."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import BOARD_MODELS, Memory
from bot.subscription import Channel as Settings
from bot.subscription import Deed, Digest, QuietHours
from storage.protocol import Progress
from tests.made import START, at, directory
from tests.waiting import until
from tests.wire.discord_people import Command, Reply, Typing
from tests.wire.discord_schema import TEXT, Actor, Channel, Overwrite
from tests.wire.inprocess import Connected, connected, guild_of, subscribed
from tests.wire.running import MANAGER

TURK = replace(MANAGER, locale="tr")
OTHER = replace(MANAGER, id=2_000_000_000_000_000_009, name="bob")
NOW = at(START + timedelta(days=15))
"""A Tuesday, at 3:30 (UTC)."""

LEGAL = "category-legal"
NIGHT = QuietHours(22, 7, "Europe/Istanbul")
WEEKLY = Digest(0, 9, "UTC", (BOARD_MODELS,), "en", NOW)
ISTANBUL = {"start": 22, "end": 7, "timezone": "istanbul"}
MONDAYS = {"weekday": "Monday", "hour": 9, "timezone": "Europe/Istanbul"}
EVERY: Mapping[str, Mapping[str, Any]] = {
    "mute": {"duration": "1 day"},
    "quiet": ISTANBUL,
    "budget": {"messages": 5},
    "digest": MONDAYS,
}
"""Options of each command."""


@asynccontextmanager
async def timed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Start a bot that polls two boards, and whose channel is subscribed."""
    async with connected(folder, directory(), NOW, monkeypatch) as found:
        memory = Memory(START, START + timedelta(days=14), (), {})
        await found.store.record(LEGAL, Progress((memory,), None), (), ())
        await subscribed(found, found.channel.id)
        found.woken.clear()
        yield found


async def kept(bot: Connected, channel: Channel | None = None) -> Settings:
    """Return the settings of the bot's channel, or of another one."""
    wanted = (channel or bot.channel).id
    (found,) = [each for each in await bot.store.channels() if each.channel_id == wanted]
    return found


async def put(bot: Connected, **settings: Any) -> None:
    """Alter the settings of the bot's channel beforehand."""
    await bot.store.put_channel(replace(await kept(bot), **settings))


async def other_digests(bot: Connected, count: int) -> None:
    """Give so many other channels of the server a digest."""
    for number in range(1, count + 1):
        await bot.store.put_channel(Settings(number, guild_of(bot).id, digest=WEEKLY))


async def deeds(bot: Connected) -> list[tuple[Deed, dict[str, str]]]:
    """Return what was changed in the bot's server, newest first."""
    found = await bot.store.changes(guild_of(bot).id)
    assert {each.who for each in found} <= {MANAGER.id, OTHER.id}
    assert {each.when for each in found} <= {NOW}
    return [(each.deed, dict(each.values)) for each in found]


async def opened(bot: Connected, kind: int = TEXT, deny: int = 0) -> Channel:
    """Open a channel of a kind that denies the bot something."""
    ours = (Overwrite(bot.discord.settings.bot_id, deny=deny, member=True),)
    made = bot.discord.add_channel(guild_of(bot), "place", kind=kind, overwrites=ours)
    await until(lambda: bot.client.get_channel(made.id))
    return made


async def offered(bot: Connected, command: str, /, who: Actor = MANAGER, **half: str) -> Reply:
    """Type an option half and return what is offered."""
    (focused,) = half
    return await bot.discord.interact(
        Typing(Command(command, **half), focused), bot.channel, who, within=20
    )


def stamp(moment: datetime, style: str) -> str:
    """Return a moment as Discord is told of it."""
    return f"<t:{int(moment.timestamp())}:{style}>"
