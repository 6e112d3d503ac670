"""People who manage a server by /subscriptions and /unsubscribe: what they see and press."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.backtest import backtest
from bot.model import BOARD_MODELS
from bot.subscription import Change, Digest, Subscription, Wish
from storage.protocol import Progress
from tests.made import START, at, days, open_closed
from tests.waiting import until
from tests.wire.discord_people import Click, Reply
from tests.wire.discord_schema import TEXT, Actor, Channel, Json, Overwrite
from tests.wire.inprocess import Connected, connected, guild_of, typed
from tests.wire.running import MANAGER, texts

TURK = replace(MANAGER, locale="tr")
OTHER, OTHER_TURK = replace(MANAGER, id=78), replace(TURK, id=79)
MEMBER = Actor()
NOW = at(START + timedelta(days=40))
KNOWN = open_closed()
STORED = days(
    [{"open/a": 10 + 9 * n, "closed/b": 120, "closed/c": 60, "open/d": 40} for n in range(40)]
)
FOUND = tuple(backtest(BOARD_MODELS, STORED, KNOWN, rules.discover()))
WEEKLY = Digest(0, 9, "Europe/Berlin", (BOARD_MODELS,), "en", NOW)

both = pytest.mark.parametrize("who", [MANAGER, TURK], ids=["en", "tr"])


@asynccontextmanager
async def filled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Start a bot that has found something."""
    async with connected(folder, KNOWN, NOW, monkeypatch) as found:
        await found.store.put_days(BOARD_MODELS, tuple(STORED.values()))
        await found.store.record(BOARD_MODELS, Progress((), None), FOUND, ())
        yield found


def asked(bot: Connected, channel: int, number: int = 1) -> Subscription:
    """Return a subscription of a channel of the bot's server, made a week ago."""
    made = NOW - timedelta(days=7)
    wish, after = Wish(), date(2026, 6, 1)
    return Subscription(channel, guild_of(bot).id, wish, after, made, MANAGER.id, number=number)


def said(reply: Reply) -> str:
    """Return every text of a card."""
    return "\n".join(texts(reply.components))


def controls(components: list[Json]) -> Iterator[Json]:
    """Yield the buttons and selects of a card."""
    for each in components:
        if "custom_id" in each:
            yield each
        yield from controls(each.get("components", []))


def labels(reply: Reply) -> list[str]:
    """Return what the buttons of a card are called."""
    return [each["label"] for each in controls(reply.components) if "label" in each]


async def press(bot: Connected, reply: Reply, label: str, who: Actor = MANAGER) -> Reply:
    """Press a button by what it is called."""
    (button,) = [each for each in controls(reply.components) if each.get("label") == label]
    click = Click(reply.seen.id, button["custom_id"])
    return await bot.discord.interact(click, bot.channel, who, within=20)


async def pick(bot: Connected, reply: Reply, *places: int, who: Actor = MANAGER) -> Reply:
    """Choose options of a card's select by their places."""
    (select,) = [each for each in controls(reply.components) if "options" in each]
    values = tuple(select["options"][place]["value"] for place in places)
    click = Click(reply.seen.id, select["custom_id"], values)
    return await bot.discord.interact(click, bot.channel, who, within=20)


async def managed(bot: Connected, place: int = 0, who: Actor = MANAGER) -> Reply:
    """Open the list and choose one of it."""
    return await pick(bot, await typed(bot, "subscriptions", who), place, who=who)


async def changes(bot: Connected) -> tuple[Change, ...]:
    """Return the changes of the bot's server, newest first."""
    return await bot.store.changes(guild_of(bot).id)


async def opened(bot: Connected, name: str, deny: int = 0, kind: int = TEXT) -> Channel:
    """Open a channel that denies the bot something."""
    ours = (Overwrite(bot.discord.settings.bot_id, deny=deny, member=True),)
    made = bot.discord.add_channel(guild_of(bot), name, kind=kind, overwrites=ours)
    await until(lambda: bot.client.get_channel(made.id))
    return made


def walked(components: list[Json]) -> Iterator[Json]:
    """Yield every component, and what it holds."""
    for each in components:
        yield each
        yield from walked(each.get("components", []))


def reissued(bot: Connected, reply: Reply, row: Json) -> Reply:
    """Return an answer with a control below it that stood there before."""
    message = replace(reply.seen, payload=reply.seen.payload | {"components": [row]})
    bot.discord.world.messages[message.id] = message
    return replace(reply, message=message)
