"""What is done again and again for the servers that we are in, besides polling."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.client import RankshiftClient
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


def looking(servers: Servers) -> Sequence[Again]:
    """Return what every process does for the servers that it hears of, and how often."""
    return [(LOOK_AGAIN, [Watched("look at paused channels", servers.look_again)])]


def tending(
    store: Store,
    may_be_in: Callable[[int], bool],
    wake: Callable[[], None],
    clock: Callable[[], datetime],
) -> Sequence[Again]:
    """Return what one process does for all servers, and how often.

    It may `wake` whoever sends; a server that we `may_be_in` is not purged.
    """
    tidied = Watched("upkeep", lambda: upkeep(store, clock(), may_be_in))

    async def owe_and_wake() -> None:
        if await tend(store, clock()):
            wake()

    tended = Watched("digests and roundups", owe_and_wake)
    return [(TENDED, [tended]), (UPKEEP, [tidied])]


def may_be_in(client: RankshiftClient, guild_id: int) -> bool:
    """Say whether we may be in a server, by what the gateway has told.

    Of another process's servers it tells us nothing: what was noted of these holds.
    """
    if not client.hears_of(guild_id):
        return False
    return not client.is_ready() or client.get_guild(guild_id) is not None
