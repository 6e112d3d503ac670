"""A Discord on 127.0.0.1 for tests: REST and gateway in one app, run from the test itself."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.wire.discord_gateway import (
    Gateway,
    bot_json,
    channel_json,
    guild_json,
    user_json,
)
from tests.wire.discord_limits import Fault, walk
from tests.wire.discord_rest import Rest
from tests.wire.discord_schema import (
    DM,
    EVERYDAY,
    LOADING,
    TEXT,
    VIEW,
    Actor,
    Channel,
    Clock,
    Guild,
    Interaction,
    Json,
    Message,
    Overwrite,
    Request,
    Role,
    Settings,
    World,
    message_json,
)

COMMAND, COMPONENT, AUTOCOMPLETE = 2, 3, 4
SUBCOMMANDS, CHANNEL_OPTION = {1, 2}, 7
ANN = Actor()


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as typed: "group command", options by name; channels as Channel."""

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


class LoopbackDiscord:
    """One Discord; guilds and channels may be added before or while a bot is connected."""

    def __init__(
        self, settings: Settings | None = None, *, port: int = 0, clock: Clock = time.time
    ) -> None:
        self.settings = settings or Settings()
        self.world = World(self.settings, clock)
        self.gateway = Gateway(self.world, lambda: self.gateway_url)
        self.rest = Rest(self.world, lambda: self.gateway_url)
        self.port = port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; `port` holds the real one afterwards."""
        app = web.Application(middlewares=[self.rest.guard], client_max_size=1 << 27)
        app.add_routes([web.get("/gateway", self.gateway.handle), *self.rest.routes()])
        app.add_routes([web.get("/gateway/", self.gateway.handle)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        await self.gateway.close(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    @property
    def api_url(self) -> str:
        """What `discord.http.Route.BASE` should be."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What `DiscordWebSocket.DEFAULT_GATEWAY` should be, as text."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    @property
    def requests(self) -> list[Request]:
        """Every REST request so far."""
        return self.world.requests

    @property
    def violations(self) -> list[str]:
        """Every breach of Discord's limits and schema so far, and every unknown route."""
        return self.world.violations

    # What there is

    def add_guild(
        self,
        name: str = "guild",
        *,
        bot: int = EVERYDAY,
        everyone: int = VIEW,
        locale: str = "en-US",
    ) -> Guild:
        """Put the bot into a new server, with a role of its own that holds `bot` permissions."""
        guild_id = self.world.new_id()
        roles = (
            Role(guild_id, "@everyone", everyone),
            Role(self.world.new_id(), self.settings.bot_name, bot),
        )
        guild = Guild(guild_id, name, ANN.id, roles, locale)
        self.world.guilds[guild.id] = guild
        self.gateway.dispatch("GUILD_CREATE", guild_json(self.world, guild), guild.id)
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """Throw the bot out of a server."""
        del self.world.guilds[guild.id]
        for channel in [c for c in self.world.channels.values() if c.guild_id == guild.id]:
            del self.world.channels[channel.id]
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    def add_channel(
        self,
        guild: Guild,
        name: str = "general",
        *,
        kind: int = TEXT,
        overwrites: tuple[Overwrite, ...] = (),
    ) -> Channel:
        """Open a TEXT or ANNOUNCEMENT channel."""
        return self.put_channel(Channel(self.world.new_id(), guild.id, name, kind, overwrites))

    def put_channel(self, channel: Channel) -> Channel:
        """Put a channel, new or changed (`dataclasses.replace`), and tell the bot."""
        event = "CHANNEL_UPDATE" if channel.id in self.world.channels else "CHANNEL_CREATE"
        self.world.channels[channel.id] = channel
        self.gateway.dispatch(event, channel_json(channel), channel.guild_id)
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel."""
        del self.world.channels[channel.id]
        self.gateway.dispatch("CHANNEL_DELETE", channel_json(channel), channel.guild_id)

    def forbid(self, channel_id: int, code: int = 50013) -> None:
        """Refuse every request about a channel with a 403: 50001 no access, 50013 no permission."""
        self.world.forbidden[channel_id] = code

    def allow(self, channel_id: int) -> None:
        """Take a `forbid` back."""
        self.world.forbidden.pop(channel_id, None)

    def fail_next(self, pattern: str, fault: Fault, *, times: int = 1) -> None:
        """Fail the next requests in whose "METHOD /path" (after /api/v10) the pattern is found."""
        self.rest.faults.add(pattern, fault, times)

    # What happened

    def messages(self, channel_id: int, *, replies: bool = False) -> list[Message]:
        """List what stands in a channel, oldest first; answers to interactions only if asked."""
        return [
            one
            for one in self.world.messages.values()
            if one.channel_id == channel_id
            and not one.flags & LOADING
            and (one.interaction_id is None or (replies and not one.ephemeral))
        ]

    def replies_to(self, interaction_id: int) -> list[Message]:
        """List the answer and every follow-up of one interaction, ephemeral ones too."""
        return [m for m in self.world.messages.values() if m.interaction_id == interaction_id]

    async def until(self, condition: Callable[[], object], within: float = 5.0) -> None:
        """Wait until something holds, looked at whenever anything happens here; or TimeoutError."""
        await self.world.until(condition, within)

    # What people do

    async def interact(
        self,
        what: Command | Typing | Click,
        channel: Channel | None,
        actor: Actor = ANN,
        *,
        within: float = 5.0,
    ) -> Reply:
        """Use the bot in a channel (None: in its DM) and wait for what the person then sees.

        A deferral is waited out. Raise TimeoutError after `within` seconds, and LookupError for a
        command, option or component that Discord would not offer.
        """
        place = channel or self.world.dm(str(actor.id))
        new_id = self.world.new_id()
        now = self.world.clock()
        under_way = Interaction(new_id, f"interaction-token-{new_id}", place.id, now)
        if isinstance(what, Click):
            under_way.source = what.message_id
        shown = self._interaction_json(under_way, what, place, actor)
        self.world.interactions[under_way.token] = under_way
        self.gateway.dispatch("INTERACTION_CREATE", shown, place.guild_id)
        await self.world.until(lambda: self._settled(under_way), within)
        return self._reply(under_way)

    def _settled(self, under_way: Interaction) -> bool:
        message = self.world.messages.get(under_way.original or 0)
        if message is None or under_way.answered not in {5, 6}:
            return under_way.answered is not None
        if under_way.answered == 5:
            return not message.flags & LOADING
        edited = message.edited_at is not None and message.edited_at >= under_way.created_at
        return edited or bool(self.replies_to(under_way.id))

    def _reply(self, under_way: Interaction) -> Reply:
        message = self.world.messages.get(under_way.original or 0)
        choices = tuple(under_way.data.get("choices") or ())
        modal = under_way.data if under_way.answered == 9 else None
        deferred = under_way.answered in {5, 6}
        return Reply(under_way.id, deferred, message, choices, modal)

    def _interaction_json(
        self, under_way: Interaction, what: Command | Typing | Click, place: Channel, actor: Actor
    ) -> Json:
        shown: Json = {
            "id": str(under_way.id),
            "application_id": str(self.settings.bot_id),
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
            seen = message_json(message, bot_json(self.world))
            return shown | {"type": COMPONENT, "message": seen, "data": _click(message, what)}
        command, focused = (
            (what.command, what.focused) if isinstance(what, Typing) else (what, None)
        )
        kind = COMMAND if focused is None else AUTOCOMPLETE
        return shown | {"type": kind, "data": self._command_json(command, focused, actor)}

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

    def _command_json(self, command: Command, focused: str | None, actor: Actor) -> Json:
        name, *rest = command.name.split()
        found = _named(self.world.commands, name)
        leaf, path = found, []
        for part in rest:
            leaf = _named(leaf.get("options") or [], part)
            path.append(leaf)
        options = _options(leaf, command, focused)
        for holder in reversed(path):
            options = [{"name": holder["name"], "type": holder["type"], "options": options}]
        channels = (one for one in command.options.values() if isinstance(one, Channel))
        resolved = {str(one.id): self._resolved(one, actor) for one in channels}
        shown = {"id": found["id"], "name": name, "type": 1, "options": options}
        return shown | ({"resolved": {"channels": resolved}} if resolved else {})

    def _resolved(self, channel: Channel, actor: Actor) -> Json:
        ours = {"app_permissions": str(self.world.bot_permissions(channel))}
        told = ours if self.settings.resolves_app_permissions else {}
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
            "value": str(value.id) if isinstance(value, Channel) else value,
            **({"focused": True} if name == focused else {}),
        }
        for name, value in command.options.items()
    ]


def _click(message: Message, what: Click) -> Json:
    for one in walk(message.components):
        if one.get("custom_id") == what.custom_id and not one.get("disabled"):
            kind = one["type"]
            chosen = {} if kind == 2 else {"values": list(what.values)}
            return {"custom_id": what.custom_id, "component_type": kind, **chosen}
    raise LookupError(f"message {message.id} offers no {what.custom_id!r}")
