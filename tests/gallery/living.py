"""A server with seven real weeks behind it, and what a person sees there."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from bot import rules
from bot.alerts import Composer
from bot.boards import MODELS
from bot.delivery import Subscription
from bot.demo import _NEEDS_MORE
from bot.knowledge import CatalogueEntry
from bot.model import Day
from bot.openness import Directory, directory
from bot.outbox import Outbox
from bot.packaged import read_languages, read_registry
from bot.pipeline import poll
from bot.sources.replay import Replay
from cogs.delivery import DiscordMessenger
from tests.cogs.stored import figures, polled_at
from tests.gallery.markdown import Reader
from tests.gallery.page import Shown
from tests.gallery.table import Press, Shot
from tests.gallery.typed import typed
from tests.waiting import until
from tests.wire.discord_mentions import walk
from tests.wire.discord_people import Click
from tests.wire.discord_schema import ANNOUNCEMENT, Actor, Message
from tests.wire.inprocess import Connected, connected, guild_of
from tests.wire.running import MANAGER

_WITHIN = 30.0
"""Seconds for one answer; the first draws with a worker that has to start."""


@dataclass(frozen=True, slots=True)
class Living:
    """The bot in its server, and the moment at which its clock stands."""

    bot: Connected
    now: datetime


@asynccontextmanager
async def living(folder: Path, catalogue: Sequence[CatalogueEntry] = ()) -> AsyncIterator[Living]:
    """Start the real bot in a made-up server, and let it live through the demo's days.

    Alerts stand in #model-news; #announcements is without, and there is a role, @readers.
    """
    days = figures()
    known, now = directory(read_registry(), catalogue), polled_at(days[-1])
    with pytest.MonkeyPatch.context() as patch:
        async with connected(folder, known, now, patch) as bot:
            await bot.store.put_catalogue(catalogue)
            await _live(bot, days, known)
            guild = guild_of(bot)
            made = bot.discord.add_channel(guild, "announcements", kind=ANNOUNCEMENT)
            bot.discord.add_role(guild, "readers", mentionable=True)
            await until(lambda: bot.client.get_channel(made.id))
            yield Living(bot, now)


async def _live(bot: Connected, days: Sequence[Day], known: Directory) -> None:
    """Poll every day as it was over, and post the alerts."""
    found = {name: rule for name, rule in rules.discover().items() if name not in _NEEDS_MORE}
    now, source = polled_at(days[0]), Replay(tuple(days), "the demo's figures")

    async def look_up() -> Directory:
        return known

    composer = Composer(bot.store, bot.renderer, found, look_up, read_languages())
    outbox = Outbox(bot.store, composer, DiscordMessenger(bot.client), lambda: now)
    asked = Subscription(
        bot.channel.id, guild_of(bot).id, MODELS.name, days[0].date, now, MANAGER.id
    )
    await bot.store.subscribe(asked)
    for day in days:
        now = polled_at(day)
        await poll(MODELS, source, bot.store, known, found, now)
        await outbox.drain()


async def seen(living: Living, shot: Shot) -> Shown:
    """Type a shot's command, press what it says, and return what stands there then."""
    bot = living.bot
    a_minute_later(bot)
    who = Actor(permissions=MANAGER.permissions, locale=shot.locale)
    command, text = await typed(bot, shot, who)
    reply = await bot.discord.interact(command, bot.channel, who, within=_WITHIN)
    for click in shot.clicks:
        a_minute_later(bot)
        used = _found(reply.seen, click)
        reply = await bot.discord.interact(used, bot.channel, who, within=_WITHIN)
    language = shot.locale.split("-", 1)[0]
    reader = Reader(language, lambda kind, id_: _named(bot, kind, id_))
    return Shown(text, reply.seen, f"{living.now:%Y-%m-%d %H:%M} UTC", reader)


def a_minute_later(bot: Connected) -> None:
    """Let nobody have asked too often, and nothing be edited at the moment it was sent."""
    later = bot.discord.world.clock() + 60
    bot.discord.world.clock = lambda: later


def _found(message: Message, press: Press) -> Click:
    """Return the press of a message's button. Raises LookupError."""
    for one in walk(message.components):
        if one.get("label") == press.label:
            return Click(message.id, one["custom_id"])
    raise LookupError(f"the answer has no button {press.label!r}")


def _named(bot: Connected, kind: str, id_: int) -> str:
    if kind == "channel":
        return f"# {bot.discord.world.channels[id_].name}"
    if kind == "role":
        return next(f"@{each.name}" for each in guild_of(bot).roles if each.id == id_)
    return "@a member"
