"""A server with seven real weeks behind it, and what a person sees there."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.alerts import Composer
from bot.boards import MODELS
from bot.demo import _NEEDS_MORE
from bot.knowledge import CatalogueEntry
from bot.model import Day
from bot.openness import Directory, directory
from bot.outbox import Outbox
from bot.packaged import read_boards, read_languages, read_registry
from bot.pipeline import poll
from bot.sources.replay import Replay
from bot.subscription import Channel, Digest, Subscription, Wish
from bot.tending import tend
from cogs.delivery import DiscordMessenger
from tests.cogs.stored import figures, polled_at
from tests.gallery.markdown import Reader
from tests.gallery.page import Shown
from tests.gallery.table import ENGLISH, Choose, Posted, Press, Shot
from tests.gallery.typed import named_channel, named_role, typed
from tests.waiting import until
from tests.wire.discord_mentions import walk
from tests.wire.discord_people import Click, Reply
from tests.wire.discord_schema import ANNOUNCEMENT, Actor, Json, Message
from tests.wire.inprocess import Connected, connected, guild_of
from tests.wire.running import MANAGER

_WITHIN = 30.0
"""Seconds for one answer; the first draws with a worker that has to start."""

ROLE_SELECT = 6


SATURDAY, FORTNIGHT = 5, 14
OPEN = Wish(rules=("open_top5", "streak", "top_entry"))
MORNING = timedelta(hours=4)
"""Until what was held back may be told, after the newest day was polled."""


@dataclass
class Clock:
    """What the time is for all that sends; the commands' clock stands."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Living:
    """The bot in its server, the moment at which its clock stands, and what sends there."""

    bot: Connected
    now: datetime
    outbox: Outbox
    clock: Clock


@asynccontextmanager
async def living(folder: Path, catalogue: Sequence[CatalogueEntry] = ()) -> AsyncIterator[Living]:
    """Start the real bot in a made-up server, and let it live through the demo's days.

    Alerts stand in #model-news; #evenings is muted for two weeks, until the morning after; #digest
    gets two messages a week and a digest. #announcements is without, and there is a role, @readers.
    """
    days = figures()
    known, now = directory(read_registry(), catalogue), polled_at(days[-1])
    with pytest.MonkeyPatch.context() as patch:
        async with connected(folder, known, now, patch) as bot:
            await bot.store.put_catalogue(catalogue)
            await _settle(bot, days)
            clock = Clock(now)
            outbox = _outbox(bot, known, clock)
            await _live(bot, days, known, outbox, clock)
            guild = guild_of(bot)
            made = bot.discord.add_channel(guild, "announcements", kind=ANNOUNCEMENT)
            role = bot.discord.add_role(guild, "readers", mentionable=True)
            await until(lambda: bot.client.get_channel(made.id) and _role(bot, role.id))
            yield Living(bot, now, outbox, clock)


def _role(bot: Connected, role: int) -> object:
    guild = bot.client.get_guild(guild_of(bot).id)
    return guild and guild.get_role(role)


async def _settle(bot: Connected, days: Sequence[Day]) -> None:
    """Subscribe three channels, each in its way."""
    guild, asked = guild_of(bot), polled_at(days[0])
    muted, weekly = (bot.discord.add_channel(guild, name) for name in ("evenings", "digest"))
    await until(lambda: bot.client.get_channel(muted.id) and bot.client.get_channel(weekly.id))
    wishes = ((bot.channel, 0, Wish()), (muted, -FORTNIGHT, OPEN), (weekly, 0, Wish()))
    for each, place, wish in wishes:
        after, since = days[place].date, polled_at(days[place])
        await bot.store.subscribe(Subscription(each.id, guild.id, wish, after, since, MANAGER.id))
    digest = Digest(SATURDAY, 9, "Europe/Istanbul", (MODELS.name,), "en", asked)
    later = polled_at(days[-1]) + timedelta(hours=2)
    await bot.store.put_channel(Channel(weekly.id, guild.id, budget=2, digest=digest))
    await bot.store.put_channel(Channel(muted.id, guild.id, muted_until=later))


def _outbox(bot: Connected, known: Directory, clock: Clock) -> Outbox:
    async def look_up() -> Directory:
        return known

    found, languages = rules.discover(), read_languages()
    composer = Composer(bot.store, bot.renderer, found, look_up, languages, read_boards())
    return Outbox(bot.store, composer, DiscordMessenger(bot.client), clock)


async def _live(
    bot: Connected, days: Sequence[Day], known: Directory, outbox: Outbox, clock: Clock
) -> None:
    """Poll every day as it was over, and post the alerts."""
    found = {name: rule for name, rule in rules.discover().items() if name not in _NEEDS_MORE}
    source = Replay(tuple(days), "the demo's figures")
    for day in days:
        clock.now = polled_at(day)
        await poll(MODELS, source, bot.store, known, found, clock.now)
        await outbox.drain()
        if day is not days[-1]:
            clock.now += MORNING
            await _tend(bot, outbox, clock)


async def seen(living: Living, shot: Shot | Posted) -> Shown:
    """Type a shot's command, use what it says, and return what stands there then."""
    if isinstance(shot, Posted):
        return await _posted(living, shot)
    bot = living.bot
    a_minute_later(bot)
    who = Actor(permissions=MANAGER.permissions, locale=shot.locale)
    command, text = await typed(bot, shot, who)
    reply = await bot.discord.interact(command, bot.channel, who, within=_WITHIN)
    for click in shot.clicks:
        a_minute_later(bot)
        used = _found(bot, reply.seen, click)
        reply = await bot.discord.interact(used, bot.channel, who, within=_WITHIN)
    more = await _below(bot, reply, shot.follow_ups)
    return _shown(living, text, [reply.seen, *more], shot.locale)


async def _below(bot: Connected, reply: Reply, count: int) -> list[Message]:
    """Wait for so many messages below an answer, and return them."""

    def others() -> list[Message]:
        known = bot.discord.replies_to(reply.interaction_id)
        return [each for each in known if each.id != reply.seen.id]

    await until(lambda: len(others()) >= count, within=_WITHIN)
    return others()[:count]


async def _tend(bot: Connected, outbox: Outbox, clock: Clock) -> None:
    """Post what may be told by now of what was held back, and the digests that are due."""
    await tend(bot.store, clock.now)
    await outbox.drain()


async def _posted(living: Living, shot: Posted) -> Shown:
    """Let the next morning come, and return what stands in a channel then."""
    bot, living.clock.now = living.bot, living.now + MORNING
    await _tend(bot, living.outbox, living.clock)
    place = named_channel(bot, shot.channel)
    newest = bot.discord.messages(place.id)[-1]
    return _shown(replace(living, now=living.clock.now), "", [newest], ENGLISH)


def _shown(living: Living, text: str, messages: Sequence[Message], locale: str) -> Shown:
    language = locale.split("-", 1)[0]
    reader = Reader(language, lambda kind, id_: _named(living.bot, kind, id_))
    return Shown(text, messages, f"{living.now:%Y-%m-%d %H:%M} UTC", reader)


def a_minute_later(bot: Connected) -> None:
    """Let nobody have asked too often, and nothing be edited at the moment it was sent."""
    later = bot.discord.world.clock() + 60
    bot.discord.world.clock = lambda: later


def _found(bot: Connected, message: Message, use: Press | Choose) -> Click:
    """Return the use of a message's control. Raises LookupError."""
    for one in walk(message.components):
        if isinstance(use, Press) and one.get("label") == use.label:
            return Click(message.id, one["custom_id"])
        if isinstance(use, Choose) and (value := _value(bot, one, use.label)):
            return Click(message.id, one["custom_id"], (value,))
    raise LookupError(f"the answer has nothing that is called {use.label!r}")


def _value(bot: Connected, select: Json, label: str) -> str:
    """Return what stands for a label in a select; "" where it has none of that name."""
    if select.get("type") == ROLE_SELECT and label.startswith("@"):
        return str(named_role(bot, label).id)
    found = (each["value"] for each in select.get("options", ()) if each["label"] == label)
    return next(found, "")


def _named(bot: Connected, kind: str, id_: int) -> str:
    if kind == "channel":
        return f"# {bot.discord.world.channels[id_].name}"
    if kind == "role":
        return next(f"@{each.name}" for each in guild_of(bot).roles if each.id == id_)
    return "@a member"
