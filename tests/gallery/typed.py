"""A command as a person types it, and as it then stands there in their language."""

from collections.abc import Sequence
from typing import Any

from tests.gallery.table import Shot
from tests.wire.discord_people import Command, Typing
from tests.wire.discord_schema import Actor, Channel, Json, Role
from tests.wire.inprocess import Connected, guild_of


async def typed(bot: Connected, shot: Shot, who: Actor) -> tuple[Command, str]:
    """Return a shot's command, and how it reads: "/abone-ol kanal:#haberler"."""
    language = shot.locale.split("-", 1)[0]
    first, *rest = shot.command.split()
    leaf = _called(bot.discord.world.commands, first)
    names = [_local(leaf, language)]
    for part in rest:
        leaf = _called(leaf["options"], part)
        names.append(_local(leaf, language))
    command = Command(shot.command, **{k: _value(bot, v) for k, v in shot.options.items()})
    words = [f"/{' '.join(names)}"]
    for name, value in shot.options.items():
        option = _called(leaf["options"], name)
        label = await _offered(bot, command, option, who) or _chosen(option, value, language)
        words.append(f"{_local(option, language)}:{label}")
    return command, " ".join(words)


def _value(bot: Connected, value: object) -> object:
    """Return the channel or role that "#name" or "@name" stands for; anything else as it is."""
    name = str(value)
    if name.startswith("#"):
        return named_channel(bot, name)
    return named_role(bot, name) if name.startswith("@") else value


def named_channel(bot: Connected, name: str) -> Channel:
    """Return the channel that "#name" stands for."""
    return next(c for c in bot.discord.world.channels.values() if c.name == name[1:])


def named_role(bot: Connected, name: str) -> Role:
    """Return the role that "@name" stands for."""
    return next(each for each in guild_of(bot).roles if each.name == name[1:])


async def _offered(bot: Connected, command: Command, option: Json, who: Actor) -> str | None:
    """Return what the bot calls a value where it offers it; None where it does not."""
    if not option.get("autocomplete"):
        return None
    value = command.options[option["name"]]
    typing = Typing(command, option["name"])
    reply = await bot.discord.interact(typing, bot.channel, who, within=5)
    return next((each["name"] for each in reply.choices if each["value"] == value), None)


def _chosen(option: Json, value: object, language: str) -> str:
    choices: Sequence[Json] = option.get("choices") or []
    return next((_local(each, language) for each in choices if each["value"] == value), str(value))


def _called(candidates: Sequence[Json], name: str) -> Json:
    return next(each for each in candidates if each["name"] == name)


def _local(named: Json, language: str) -> Any:
    return (named.get("name_localizations") or {}).get(language, named["name"])
