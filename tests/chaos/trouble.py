"""The plan's faults, put on the wire at their time."""

import asyncio
from typing import Literal

from tests.chaos.plan import Plan, Trouble
from tests.wire.discord_limits import Fault
from tests.wire.discord_server import LoopbackDiscord
from tests.wire.openrouter_server import Fault as SourceFault
from tests.wire.openrouter_server import LoopbackOpenRouter

NO_PERMISSION = 50013


def trouble_source(source: LoopbackOpenRouter, plan: Plan) -> None:
    """Fail some requests for figures."""
    for what in plan.source:
        fault = SourceFault.answer(503) if what == "503" else SourceFault.spoilt(what)
        source.fail_next(r"\.csv$", fault)


def trouble_life(discord: LoopbackDiscord, plan: Plan, life: int) -> None:
    """Put what a life begins with before the requests to come."""
    for each in plan.troubles:
        if each.life == life:
            discord.fail_next(each.where, _fault(each))


class Late(asyncio.Event):
    """A gate that opens so many seconds after somebody came to it."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    async def wait(self) -> Literal[True]:
        """Wait."""
        asyncio.get_running_loop().call_later(self.seconds, self.set)
        return await super().wait()


def _fault(trouble: Trouble) -> Fault:
    what, accepted = trouble.what.removesuffix(" taken"), trouble.what.endswith(" taken")
    if what == "slow":
        return Fault.slow(Late(trouble.seconds), accepted=accepted)
    if what == "403":
        return Fault.answer(403, code=NO_PERMISSION)
    if what.isdecimal():
        return Fault.answer(int(what), accepted=accepted)
    endings = {"reset": Fault.reset, "hangup": Fault.hangup}
    if what in endings:
        return endings[what](accepted=accepted)
    return {
        "429 of the route": Fault.limited(trouble.seconds),
        "429 of all": Fault.limited(trouble.seconds, "global"),
        "429 shared": Fault.limited(trouble.seconds, "shared"),
        "429 without Via": Fault.limited(trouble.seconds, via=False),
        "403 of a proxy": Fault.cloudflare(403),
        "short": Fault.truncated(),
        "cut": Fault.truncated(says_so=False),
    }[what]


async def trouble_gateway(discord: LoopbackDiscord, plan: Plan) -> None:
    """Trouble the gateway when so many requests have come."""
    for after, what in sorted(plan.gateway):
        await discord.until(lambda after=after: len(discord.requests) >= after, within=600)
        name, _, code = what.partition(" ")
        if name == "close":
            await discord.gateway.close(int(code))
        elif name == "abort":
            discord.gateway.abort()
        elif what == "op 7":
            discord.gateway.ask_to_reconnect()
        else:
            discord.gateway.invalidate(resumable=False)
