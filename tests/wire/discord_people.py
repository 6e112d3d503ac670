"""What people do with the bot: commands typed, buttons pressed; and what they then see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.wire.discord_gateway import Gateway
from tests.wire.discord_json import channel_json, message_json, role_json, user_json
from tests.wire.discord_mentions import walk
from tests.wire.discord_schema import (
    DM,
    Actor,
    Channel,
    Interaction,
    Json,
    Message,
    Role,
)
from tests.wire.discord_world import World

COMMAND, COMPONENT, AUTOCOMPLETE = 2, 3, 4
LATER = 6  # a component's answer that edits the message under which it stands
SUBCOMMANDS = {1, 2}


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as typed: "group command", options by name; Channel and Role as they are."""

    name: str
    options: Mapping[str, Any]

    def __init__(self, name: str, /, **options: Any) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "options", options)


@dataclass(frozen=True, slots=True)
class Typing:
    """A command half typed: which of its options the cursor stands in."""

    command: Command
    focused: str


@dataclass(frozen=True, slots=True)
class Click:
    """A button pressed, or values chosen in a select, under a message."""

    message_id: int
    custom_id: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person sees in answer: a message, or the choices of an autocomplete."""

    interaction_id: int
    deferred: bool
    message: Message | None = None
    choices: tuple[Json, ...] = ()
    modal: Json | None = None

    @property
    def content(self) -> str:
        """The message's text."""
        return self.seen.content

    @property
    def embeds(self) -> list[Json]:
        """The message's embeds."""
        return self.seen.embeds

    @property
    def components(self) -> list[Json]:
        """The message's components."""
        return self.seen.components

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees the message."""
        return self.seen.ephemeral

    @property
    def files(self) -> dict[str, bytes]:
        """The message's files by name."""
        return self.seen.files

    @property
    def seen(self) -> Message:
        """The message; raise LookupError where the answer was none."""
        if self.message is None:
            raise LookupError(f"interaction {self.interaction_id} was not answered by a message")
        return self.message


class People:
    """Interactions, begun by people and shown to them once they are answered."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway

    async def interact(
        self,
        what: Command | Typing | Click,
        channel: Channel | None,
        actor: Actor,
        within: float,
    ) -> Reply:
        """Use the bot as `LoopbackDiscord.interact` says."""
        under_way = self.begin(what, channel, actor)
        await self.world.until(lambda: self._settled(under_way), within)
        return self._reply(under_way)

    def begin(
        self, what: Command | Typing | Click, channel: Channel | None, actor: Actor
    ) -> Interaction:
        """Use the bot, and let the answer come when it may; raise LookupError as `interact`."""
        place = channel or self.world.dm(str(actor.id))
        new_id = self.world.new_id()
        now = self.world.clock()
        under_way = Interaction(new_id, f"interaction-token-{new_id}", place.id, now)
        if isinstance(what, Click):
            under_way.source = what.message_id
        shown = self._interaction_json(under_way, what, place, actor)
        self.world.interactions[under_way.token] = under_way
        self.gateway.dispatch("INTERACTION_CREATE", shown, place.guild_id)
        return under_way

    def replies_to(self, interaction_id: int) -> list[Message]:
        """List the answer and every follow-up of one interaction, ephemeral ones too."""
        return [m for m in self.world.messages.values() if m.interaction_id == interaction_id]

    def _settled(self, under_way: Interaction) -> bool:
        if under_way.shown_at is not None or under_way.answered != LATER:
            return under_way.shown_at is not None
        message = self.world.messages.get(under_way.source or 0)
        edited = None if message is None else message.edited_at
        return message is None or (edited is not None and edited >= under_way.created_at)

    def _reply(self, under_way: Interaction) -> Reply:
        message = self.world.messages.get(under_way.original or 0)
        if message is None:  # deleted, and told otherwise
            message = next(iter(self.replies_to(under_way.id)), None)
        choices = tuple(under_way.data.get("choices") or ())
        modal = under_way.data if under_way.answered == 9 else None
        deferred = under_way.answered in {5, 6}
        return Reply(under_way.id, deferred, message, choices, modal)

    def _interaction_json(
        self, under_way: Interaction, what: Command | Typing | Click, place: Channel, actor: Actor
    ) -> Json:
        shown: Json = {
            "id": str(under_way.id),
            "application_id": str(self.world.settings.bot_id),
            "token": under_way.token,
            "version": 1,
            "channel_id": str(place.id),
            "channel": channel_json(place),
            "locale": actor.locale,
            "app_permissions": str(self.world.bot_permissions(place)),
            "entitlements": [],
            "attachment_size_limit": 10 * 1024 * 1024,
            **self._who(place, actor),
        }
        if isinstance(what, Click):
            message = self.world.messages[what.message_id]
            seen = message_json(self.world, message)
            return shown | {"type": COMPONENT, "message": seen, "data": _click(message, what)}
        command, focused = (
            (what.command, what.focused) if isinstance(what, Typing) else (what, None)
        )
        kind = COMMAND if focused is None else AUTOCOMPLETE
        return shown | {"type": kind, "data": self._command_json(command, focused, place, actor)}

    def _who(self, place: Channel, actor: Actor) -> Json:
        user = user_json(actor.id, actor.name)
        home = str(place.guild_id or actor.id)
        owners = dict(actor.owners) if actor.owners is not None else {"0": home}
        context = actor.context if actor.context is not None else int(place.kind == DM)
        shared: Json = {"authorizing_integration_owners": owners, "context": context}
        if place.guild_id is None:
            return {**shared, "user": user}
        member = {"user": user, "roles": [], "flags": 0, "permissions": str(actor.permissions)}
        locale = self.world.guilds[place.guild_id].locale
        guild = {"id": home, "locale": locale, "features": []}
        return {
            **shared,
            "member": member,
            "guild_id": home,
            "guild_locale": locale,
            "guild": guild,
        }

    def _command_json(
        self, command: Command, focused: str | None, place: Channel, actor: Actor
    ) -> Json:
        name, *rest = command.name.split()
        found = _named(self.world.commands, name)
        leaf, path = found, []
        for part in rest:
            leaf = _named(leaf.get("options") or [], part)
            path.append(leaf)
        options = _options(leaf, command, focused)
        for holder in reversed(path):
            options = [{"name": holder["name"], "type": holder["type"], "options": options}]
        shown = {"id": found["id"], "name": name, "type": 1, "options": options}
        resolved = self._resolved(place, list(command.options.values()), actor)
        return shown | ({"resolved": resolved} if resolved else {})

    def _resolved(self, place: Channel, values: list[Any], actor: Actor) -> Json:
        channels = [one for one in values if isinstance(one, Channel)]
        shown: Json = {}
        if channels:
            shown["channels"] = {str(one.id): self._shown(one, actor) for one in channels}
        roles = [one for one in values if isinstance(one, Role)]
        if roles and place.guild_id is not None:
            guild = self.world.guilds[place.guild_id]
            shown["roles"] = {str(one.id): role_json(guild, one) for one in roles}
        return shown

    def _shown(self, channel: Channel, actor: Actor) -> Json:
        ours = {"app_permissions": str(self.world.bot_permissions(channel))}
        told = ours if self.world.settings.resolves_app_permissions else {}
        return channel_json(channel) | {"permissions": str(actor.permissions)} | told


def _named(candidates: list[Json], name: str) -> Json:
    for one in candidates:
        if one["name"] == name:
            return one
    raise LookupError(f"{name!r} is not among {[one['name'] for one in candidates]}")


def _options(leaf: Json, command: Command, focused: str | None) -> list[Json]:
    """Build option values with the types that the bot registered, as a client would offer them."""
    known: list[Json] = leaf.get("options") or []
    if any(one["type"] in SUBCOMMANDS for one in known):
        raise LookupError(f"/{command.name} needs a subcommand")
    missing = {one["name"] for one in known if one.get("required")} - command.options.keys()
    if missing and focused is None:
        raise LookupError(f"/{command.name} needs {sorted(missing)}")
    return [
        {
            "name": name,
            "type": _named(known, name)["type"],
            "value": _offered(_named(known, name), value),
            **({"focused": True} if name == focused else {}),
        }
        for name, value in command.options.items()
    ]


def _offered(option: Json, value: Any) -> Any:
    if isinstance(value, Channel):
        kinds = option.get("channel_types") or [value.kind]
        if value.kind not in kinds:
            raise LookupError(f"{option['name']!r} takes channels of {kinds}, not {value.kind}")
        return str(value.id)
    return str(value.id) if isinstance(value, Role) else value


def _click(message: Message, what: Click) -> Json:
    for one in walk(message.components):
        if one.get("custom_id") == what.custom_id and not one.get("disabled"):
            kind = one["type"]
            chosen = {} if kind == 2 else {"values": list(what.values)}
            return {"custom_id": what.custom_id, "component_type": kind, **chosen}
    raise LookupError(f"message {message.id} offers no {what.custom_id!r}")
