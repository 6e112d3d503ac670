"""What may be asked of a loopback Discord from outside: figures, faults, a fresh start, a crowd."""

import asyncio
from collections import Counter
from typing import Any

from aiohttp import web

from tests.wire.discord_crowd import Crowd, plan
from tests.wire.discord_limits import Fault
from tests.wire.discord_schema import Json
from tests.wire.discord_server import LoopbackDiscord


class Control:
    """Handlers under /control, beside the API and outside of its limits."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        self.discord = discord
        self.world = discord.world
        self._crowd: tuple[Crowd, asyncio.Task[None]] | None = None

    def routes(self) -> list[web.RouteDef]:
        """List what is served."""
        return [
            web.get("/control/summary", self.summary),
            web.post("/control/fail", self.fail),
            web.post("/control/nonces", self.nonces),
            web.post("/control/reset", self.reset),
            web.post("/control/crowd", self.begin_crowd),
            web.get("/control/crowd", self.see_crowd),
        ]

    async def summary(self, _: web.Request) -> web.Response:
        """Count what has happened since the start, or since the last reset."""
        return web.json_response(summary(self.discord))

    async def fail(self, request: web.Request) -> web.Response:
        """Queue a fault: {"pattern", "times", "fault": the fields of a Fault but its gate}."""
        body: dict[str, Any] = await request.json()
        self.discord.fail_next(body["pattern"], Fault(**body["fault"]), times=body.get("times", 1))
        return web.json_response({})

    async def nonces(self, request: web.Request) -> web.Response:
        """Forget every nonce; {"span": seconds} says how long the next ones are remembered."""
        body = await request.json()
        self.world.nonce_span = float(body.get("span", self.world.nonce_span))
        self.discord.forget_nonces()
        return web.json_response({})

    async def reset(self, _: web.Request) -> web.Response:
        """Forget messages, requests, violations and faults; guilds and channels stay."""
        self.discord.rest.faults.clear()
        self.world.violations.clear()
        self.world.forget_messages()
        return web.json_response({})

    async def begin_crowd(self, request: web.Request) -> web.Response:
        """Let a crowd begin: the fields of a crowd's `Plan`, with the mix as a list of habits."""
        crowd = Crowd(self.world, self.discord.gateway, plan(await request.json()))
        self._crowd = (crowd, asyncio.create_task(crowd.run()))
        return web.json_response({})

    async def see_crowd(self, _: web.Request) -> web.Response:
        """Say whether the last crowd is over, and then its figures; 400 if it could not begin."""
        assert self._crowd is not None
        crowd, task = self._crowd
        if task.done() and task.exception() is not None:
            return web.json_response({"problem": str(task.exception())}, status=400)
        if not crowd.over(asyncio.get_running_loop().time()):
            return web.json_response({"over": False})
        return web.json_response({"over": True, **crowd.figures()})


def summary(discord: LoopbackDiscord) -> Json:
    """Count messages by channel (those without any left out), posts, answers and breaches.

    `repeated` counts, by channel, messages beyond the first that show the same; `span` is the
    time from the first message to the last, in seconds.
    """
    sent = [each for each in discord.world.messages.values() if each.author is None]
    shown = Counter((each.channel_id, _shown(each.payload)) for each in sent)
    repeated: Counter[int] = Counter()
    for (channel, _), count in shown.items():
        repeated[channel] += count - 1
    times = [each.sent_at for each in sent]
    return {
        "messages": _by_channel(Counter(each.channel_id for each in sent)),
        "posted": len(sent),
        "distinct_nonces": len({each.nonce for each in sent}),
        "repeated": _by_channel(+repeated),
        "span": max(times) - min(times) if times else 0.0,
        "requests": len(discord.requests),
        "statuses": {str(status): count for status, count in discord.world.statuses.items()},
        "violations": discord.violations[:100],
    }


def _shown(payload: Json) -> str:
    return str([payload.get(key) for key in ("content", "embeds", "components")])


def _by_channel(counted: Counter[int]) -> dict[str, int]:
    return {str(channel): count for channel, count in counted.items()}
