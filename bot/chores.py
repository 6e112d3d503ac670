"""What is done again and again for the servers that we are in, besides polling."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.client import RankshiftClient
from bot.outbox import Outbox
from bot.poller import Watched
from bot.schedule import Again
from bot.tending import tend
from bot.upkeep import upkeep
from cogs.servers import Servers
from storage.protocol import Store

LOOK_AGAIN = timedelta(minutes=10)
"""How often paused channels are looked at, besides the events that tell of them."""

TENDED = timedelta(minutes=1)
"""How often is looked for digests that are due, and for what was held back."""

UPKEEP = timedelta(hours=1)
"""Never at the start: the gateway must have said first which servers we are in."""


def chores(
    client: RankshiftClient,
    store: Store,
    servers: Servers,
    outbox: Outbox,
    clock: Callable[[], datetime],
) -> Sequence[Again]:
    """Return what is to be done, and how often."""

    def may_be_in(guild_id: int) -> bool:
        return not client.is_ready() or client.get_guild(guild_id) is not None

    tidied = Watched("upkeep", lambda: upkeep(store, clock(), may_be_in))
    looked = Watched("look at paused channels", servers.look_again)

    async def owe_and_wake() -> None:
        if await tend(store, clock()):
            outbox.wake()

    tended = Watched("digests and roundups", owe_and_wake)
    return [(TENDED, [tended]), (LOOK_AGAIN, [looked]), (UPKEEP, [tidied])]
