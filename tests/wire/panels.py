"""The panel of /subscribe as people use it in a loopback Discord."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import rules
from bot.backtest import backtest
from bot.model import BOARD_MODELS
from bot.proof import prove
from bot.subscription import Subscription
from storage.protocol import Progress
from tests.gallery.living import a_minute_later
from tests.made import START, at, days, open_closed
from tests.waiting import until
from tests.wire.discord_mentions import walk
from tests.wire.discord_people import Click, Reply
from tests.wire.discord_schema import Actor, Channel, Json, Message, Role
from tests.wire.inprocess import Connected, connected, guild_of, typed
from tests.wire.running import MANAGER, texts

KNOWN = open_closed()
LATER = [
    {"open/a": 10 + 9 * n, "closed/b": 120, "closed/c": 60, "open/d": 40, "closed/e": 20 + 5 * n}
    for n in range(40)
]
STORED = days(LATER)
NOW = at(START + timedelta(days=40))
THROUGH = START + timedelta(days=38)
RULES = rules.discover()
FOUND = tuple(
    prove(one, STORED, KNOWN, RULES[one.rule])
    for one in backtest(BOARD_MODELS, STORED, KNOWN, RULES)
)


@asynccontextmanager
async def judged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    """Start a bot that has judged forty days, through THROUGH."""
    async with connected(folder, KNOWN, NOW, monkeypatch) as found:
        await found.store.put_days(BOARD_MODELS, tuple(STORED.values()))
        await found.store.record(BOARD_MODELS, Progress((), None, through=THROUGH), FOUND, ())
        yield found


async def opened(bot: Connected, who: Actor = MANAGER, place: Channel | None = None) -> Message:
    """Open a panel for a channel: the bot's if none is given."""
    return (await typed(bot, "subscribe", who, channel=place or bot.channel)).seen


def controls(message: Message) -> dict[str, Json]:
    """Return the controls of a panel by what they are for: boards, least, …, save, cancel."""
    found = (each for each in walk(message.components) if "custom_id" in each)
    return {each["custom_id"].split("|")[0].removeprefix("panel-"): each for each in found}


async def use(
    bot: Connected, message: Message, what: str, *values: str, who: Actor = MANAGER
) -> Reply:
    """Press a button of a panel, or choose values in a select; a minute after all before."""
    a_minute_later(bot)
    click = Click(message.id, controls(message)[what]["custom_id"], values)
    return await bot.discord.interact(click, bot.channel, who, within=20)


async def saved(bot: Connected, message: Message, who: Actor = MANAGER) -> str:
    """Save a panel that nothing hinders, and return what stands in its place."""
    reply = await use(bot, message, "save", who=who)
    await told_alone(bot, reply)  # the preview, or that there is none
    return text(reply.seen)


async def refused(bot: Connected, message: Message, what: str, *values: str, who: Actor) -> str:
    """Use a control that is refused, and return what the person is told beside the panel."""
    found = await told_alone(bot, await use(bot, message, what, *values, who=who))
    return text(found)


async def press_edit(bot: Connected, one: Subscription, who: Actor = MANAGER) -> Message:
    """Press the button that opens the panel of a stored subscription; return what is shown."""
    button = {
        "type": 2,
        "style": 1,
        "label": "Edit",
        "custom_id": f"panel-edit|{one.channel_id}|{one.number}",
    }
    listed = bot.discord.say(bot.channel, "a list")
    payload = {**listed.payload, "components": [{"type": 1, "components": [button]}]}
    bot.discord.world.messages[listed.id] = replace(listed, payload=payload)
    reply = await use(bot, replace(listed, payload=payload), "edit", who=who)
    return await told_alone(bot, reply)


async def told_alone(bot: Connected, reply: Reply) -> Message:
    """Return what else than the panel a person was shown, which nobody else sees."""
    await until(lambda: _others(bot, reply), within=20)
    (found,) = _others(bot, reply)
    assert found.ephemeral
    return found


def _others(bot: Connected, reply: Reply) -> Sequence[Message]:
    return bot.discord.replies_to(reply.interaction_id)


async def only(bot: Connected) -> Subscription:
    """Return the one subscription that is kept."""
    (found,) = await bot.store.subscriptions()
    return found


def text(message: Message) -> str:
    """Return every text of a message."""
    return "\n".join([message.content, *texts(message.components)]).strip()


def now(message: Message, what: str) -> list[str]:
    """Return what is chosen in a select."""
    select = controls(message)[what]
    if "options" in select:
        return [each["value"] for each in select["options"] if each.get("default")]
    return [str(each["id"]) for each in select.get("default_values", [])]


async def role(bot: Connected, *, mentionable: bool = True) -> Role:
    """Make a role in the bot's server, of which the bot has heard."""
    made = bot.discord.add_role(guild_of(bot), "readers", mentionable=mentionable)
    await until(lambda: _guild_role(bot, made.id), within=20)
    return made


def _guild_role(bot: Connected, role_id: int) -> object:
    found = bot.client.get_guild(guild_of(bot).id)
    return found and found.get_role(role_id)


async def known(bot: Connected, made: Channel) -> Channel:
    """Return a place once the bot knows it."""
    await until(lambda: bot.client.get_channel(made.id))
    return made
