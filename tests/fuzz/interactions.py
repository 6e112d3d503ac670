"""What hostile people send: commands, half-typed ones and controls, by seed, to the real client."""

import asyncio
import logging
import re
import traceback
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from cogs import _cooldowns
from tests.charts.figures import NOW, known
from tests.fuzz.odd import odd_text
from tests.waiting import until
from tests.web.stored import polled
from tests.wire.discord_json import channel_json, message_json
from tests.wire.discord_mentions import walk
from tests.wire.discord_people import AUTOCOMPLETE, COMMAND, COMPONENT, Command
from tests.wire.discord_schema import Actor, Interaction, Json
from tests.wire.inprocess import Connected, connected
from tests.wire.running import MANAGER, texts

BATCH = 25
"""Interactions under way at once."""

PEOPLE = 300

_LOCALES = ("en-US", "tr", "de", "zh-CN", "xx", "", "../tr", "tr\x00")
_GROUPS = {1, 2}
_REFERENCES = {6, 7, 8, 9}
"""Kinds of options that name a person, a channel or a role by its id."""

_LONGEST = 6000
"""Characters of an option that Discord takes."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command that can be typed: its path, and the options that it takes."""

    path: tuple[Json, ...]
    options: Sequence[Json]


def leaves(commands: Sequence[Json]) -> Iterator[Leaf]:
    """Yield the commands that can be typed, groups opened."""
    for one in commands:
        inner = [each for each in one.get("options") or [] if each["type"] in _GROUPS]
        if not inner:
            yield Leaf((one,), one.get("options") or [])
        for leaf in leaves(inner):
            yield Leaf((one, *leaf.path), leaf.options)


def _offers(leaf: Leaf) -> bool:
    return any(one.get("autocomplete") for one in leaf.options)


class Mob:
    """People who mean no good, in a bot's server and in its direct messages."""

    def __init__(self, bot: Connected, random: Random) -> None:
        """Take the bot, and what decides."""
        self.bot = bot
        self.random = random
        self.world = bot.discord.world
        self.people = bot.discord._people
        self.leaves = tuple(leaves(self.world.commands))
        self.ids = ["x", "panel-save|1", "milestones-page|models|notable|2026-01-01|0|en"]

    def anybody(self, permissions: int) -> Actor:
        """Return one of so many people: what is kept of each of them is theirs to keep."""
        number = 3_000_000_000_000_000_000 + self.random.randrange(PEOPLE)
        return Actor(id=number, permissions=permissions, locale=self.random.choice(_LOCALES))

    def send(self, who: Actor) -> Interaction:
        """Send something, and return it under way."""
        place = self.bot.channel if self.random.random() < 0.8 else self.world.dm(str(who.id))
        new_id = self.world.new_id()
        under_way = Interaction(new_id, f"interaction-token-{new_id}", place.id, self.world.clock())
        base = self.people._interaction_json(under_way, Command("about"), place, who)
        kind = self.random.choice((COMMAND, COMMAND, AUTOCOMPLETE, COMPONENT))
        if kind == COMPONENT:
            ours = [one for one in self.world.messages.values() if one.components]
            if not ours:
                kind = COMMAND
        if kind == COMPONENT:
            message = self.random.choice(ours[-50:])
            self._remember(message.components)
            under_way.source = message.id
            shown = message_json(self.world, message)
            data = self._click()
            base |= {"type": COMPONENT, "data": data, "message": shown}
        else:
            base |= {"type": kind, "data": self._typed(kind)}
        self.world.interactions[under_way.token] = under_way
        self.people.gateway.dispatch("INTERACTION_CREATE", base, place.guild_id)
        return under_way

    def _remember(self, components: Sequence[Json]) -> None:
        self.ids += [each["custom_id"] for each in walk(components) if "custom_id" in each]
        del self.ids[3:-200]

    def _click(self) -> Json:
        custom_id = self.random.choice(self.ids)
        for _ in range(self.random.randrange(3)):
            custom_id = self._twisted(custom_id)
        select = self.random.random() < 0.5
        values = [self._text()[:100] for _ in range(self.random.randrange(4))]
        kind = {"component_type": 3, "values": values} if select else {"component_type": 2}
        return {"custom_id": custom_id[:100] or "x", **kind}

    def _twisted(self, custom_id: str) -> str:
        parts = re.split(r"([|.:])", custom_id)
        at = self.random.randrange(len(parts))
        parts[at] = self.random.choice(("", "-1", "9" * 30, "models", "en", "0", self._text()[:40]))
        return "".join(parts)

    def _typed(self, kind: int) -> Json:
        known = [leaf for leaf in self.leaves if kind == COMMAND or _offers(leaf)]
        leaf = self.random.choice(known)
        options = [
            {"name": one["name"], "type": one["type"], "value": self._value(one)}
            for one in leaf.options
            if one.get("required") or self.random.random() < 0.6
        ]
        offering = {one["name"] for one in leaf.options if one.get("autocomplete")}
        if kind == AUTOCOMPLETE:
            name = self.random.choice(sorted(offering))
            options = [one for one in options if one["name"] != name]
            options.append({"name": name, "type": 3, "value": self._text(), "focused": True})
        for holder in reversed(leaf.path[1:]):
            options = [{"name": holder["name"], "type": holder["type"], "options": options}]
        first = leaf.path[0]
        channel = self.bot.channel
        resolved = {"channels": {str(channel.id): channel_json(channel) | {"permissions": "0"}}}
        shown = {"id": first["id"], "name": first["name"], "type": 1, "options": options}
        return shown | {"resolved": resolved}

    def _value(self, option: Json) -> object:
        offered = [each["value"] for each in option.get("choices") or []]
        if offered:  # Discord lets nothing else through
            return self.random.choice(offered)
        if option["type"] in _REFERENCES:
            return str(self.bot.channel.id)
        if option["type"] == 4:
            least, most = option.get("min_value", -(2**53)), option.get("max_value", 2**53)
            odd = (least, most, -1, 0, 1, 7, 25, 100)
            return min(max(self.random.choice(odd), least), most)
        if option["type"] == 5:
            return self.random.random() < 0.5
        if option["type"] == 10:
            return self.random.choice((-1e308, -0.5, 0.0, 1e308))
        return self._text()[: option.get("max_length", _LONGEST)]

    def _text(self) -> str:
        good = ("models", "deepseek", "2026-06-10", "Europe/Istanbul", "22:00", "open_top5", "hy3")
        return self.random.choice(good) if self.random.random() < 0.3 else odd_text(self.random)


class Unforeseen(logging.Handler):
    """Keep what was logged of errors that nobody foresaw."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it where it has an error with it."""
        ours = record.msg.get("exc_info") if isinstance(record.msg, dict) else None
        error = record.exc_info[1] if record.exc_info else ours
        if isinstance(error, BaseException):
            self.found.append("".join(traceback.format_exception(error)))


@asynccontextmanager
async def mob(folder: Path, seed: int, patch: pytest.MonkeyPatch) -> AsyncIterator[Mob]:
    """Yield people before a bot that knows the demo's days; nobody is asked to wait."""
    patch.setattr(_cooldowns, "PERSON", (10**6, 1.0))
    patch.setattr(_cooldowns, "SERVER", (10**6, 1.0))
    patch.setattr(_cooldowns, "CHOICES", (10**6, 1.0))
    async with connected(folder, known(), NOW + timedelta(hours=4), patch) as bot:
        await polled(bot.store)
        await bot.discord.interact(Command("help"), bot.channel, MANAGER, within=20)
        yield Mob(bot, Random(seed))


async def attack(mob: Mob, count: int, permissions: int) -> int:
    """Send so many interactions; return how many of those that had to be answered were."""
    answered = 0
    for first in range(0, count, BATCH):
        sent = [mob.send(mob.anybody(permissions)) for _ in range(min(BATCH, count - first))]
        await mob.bot.discord.interact(Command("privacy"), mob.bot.channel, MANAGER, within=60)
        await until(_idle, within=60)
        answered += sum(one.answered is not None for one in sent)
        _forget(mob)
    return answered


def _idle() -> bool:
    names = (task.get_name() for task in asyncio.all_tasks())
    return not any(
        name.startswith(("CommandTree-", "discord.py: on_interaction")) for name in names
    )


def _forget(mob: Mob) -> None:
    """Let go of what the loopback keeps, so that what grows is the bot's."""
    for token in list(mob.world.interactions)[:-200]:
        del mob.world.interactions[token]
    for message in list(mob.world.messages)[:-200]:
        del mob.world.messages[message]
    mob.bot.discord.requests.clear()
    for session in mob.bot.discord.gateway.sessions.values():
        session.log[:-1] = [{}] * (len(session.log) - 1)  # only its length counts


async def settings_of(mob: Mob) -> tuple[object, ...]:
    """Return all that is set in the bot's server."""
    guild, store = mob.bot.channel.guild_id, mob.bot.store
    return (
        await store.subscriptions(guild),
        await store.channels(guild),
        await store.changes(guild or 0),
    )


def unsafe(mob: Mob) -> list[str]:
    """Return what was said that would call people, or show a link that nobody wrote."""
    said = [text for one in mob.world.messages.values() for text in texts(one.components)]
    said += [one.content for one in mob.world.messages.values()]
    called = re.compile(r"@(everyone|here)|(?<!\\)<@&?1>|(?<!\\)<#1>|(?<!\\)\]\(https://evil")
    return [text for text in said if called.search(text)]
