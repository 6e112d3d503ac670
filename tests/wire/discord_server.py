"""A Discord on 127.0.0.1 for tests: REST and gateway in one app, run from the test itself."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.wire.discord_gateway import Gateway
from tests.wire.discord_limits import Fault
from tests.wire.discord_people import Click, Command, People, Reply, Typing
from tests.wire.discord_places import ANN, Places
from tests.wire.discord_rest import Rest
from tests.wire.discord_schema import LOADING, Actor, Channel, Clock, Message, Request, Settings
from tests.wire.discord_world import World


class LoopbackDiscord(Places):
    """One Discord; guilds and channels may be added before or while a bot is connected."""

    def __init__(
        self, settings: Settings | None = None, *, port: int = 0, clock: Clock = time.time
    ) -> None:
        self.settings = settings or Settings()
        world = World(self.settings, clock)
        super().__init__(world, Gateway(world, lambda: self.gateway_url))
        self.rest = Rest(self, lambda: self.gateway_url)
        self.extra_routes: list[web.RouteDef] = []
        self.port = port
        self._people = People(self.world, self.gateway)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; `port` holds the real one afterwards."""
        app = web.Application(middlewares=[self.rest.guard], client_max_size=1 << 27)
        app.add_routes([web.get("/gateway", self.gateway.handle), *self.rest.routes()])
        app.add_routes([web.get("/gateway/", self.gateway.handle), *self.extra_routes])
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

    # How it behaves

    def forbid(self, channel_id: int, code: int = 50013) -> None:
        """Refuse every request about a channel with a 403: 50001 no access, 50013 no permission."""
        self.world.forbidden[channel_id] = code

    def allow(self, channel_id: int) -> None:
        """Take a `forbid` back."""
        self.world.forbidden.pop(channel_id, None)

    def fail_next(self, pattern: str, fault: Fault, *, times: int = 1) -> None:
        """Fail the next requests in whose "METHOD /path" (after /api/v10) the pattern is found."""
        self.rest.faults.add(pattern, fault, times)

    def forget_nonces(self) -> None:
        """Forget every nonce so far; `world.nonce_span` says how long the next are remembered."""
        self.world.nonces.clear()

    # What happened

    def messages(self, channel_id: int, *, replies: bool = False) -> list[Message]:
        """List what stands in a channel, oldest first; answers to interactions only if asked."""
        return [
            one
            for one in self.world.standing(channel_id)
            if not one.flags & LOADING
            and (one.interaction_id is None or (replies and not one.ephemeral))
        ]

    def replies_to(self, interaction_id: int) -> list[Message]:
        """List the answer and every follow-up of one interaction, ephemeral ones too."""
        return self._people.replies_to(interaction_id)

    async def until(self, condition: Callable[[], object], within: float = 5.0) -> None:
        """Wait until something holds, looked at whenever anything happens here; or TimeoutError."""
        await self.world.until(condition, within)

    # What people do

    def say(self, channel: Channel, text: str, actor: Actor = ANN) -> Message:
        """Let a person write into a channel."""
        return self.world.say(channel.id, text, actor)

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
        return await self._people.interact(what, channel, actor, within)
