"""Who may come in, how often, and for how long."""

import asyncio
import ipaddress
from collections import OrderedDict

from aiohttp import web
from aiolimiter import AsyncLimiter

OFTEN = (120, 60.0)
"""Requests of one address in so many seconds; a page with all its files is three."""

REMEMBERED = 10_000
"""Addresses that are counted; those that came longest ago are forgotten."""

MOST_CONNECTIONS = 256
LONGEST_CONNECTION = 60.0
"""Seconds, whatever comes on it: who sends a letter a minute holds no place."""

SWEPT = 5.0
"""Seconds between looks at the connections."""

_OWN_NETWORK = 64
"""Bits of an address of version 6 that tell one customer from another."""


class Doors:
    """Count requests by address."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._limiters: OrderedDict[str, AsyncLimiter] = OrderedDict()

    async def open_to(self, address: str) -> bool:
        """Count a request, and say whether it is answered."""
        limiter = self._limiters.pop(address, None) or AsyncLimiter(*OFTEN)
        self._limiters[address] = limiter
        while len(self._limiters) > REMEMBERED:
            self._limiters.popitem(last=False)
        if not limiter.has_capacity():
            return False
        await limiter.acquire()
        return True


def client_address(request: web.BaseRequest, proxies: int) -> str:
    """Return who asks, as far as it can be told: of version 6 the network.

    So many `proxies` before us are believed, each of which added an entry to `X-Forwarded-For`.
    """
    peer = request.remote or ""
    entries = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    said = [entry.strip() for entry in entries if entry.strip()]
    return _network(said[-proxies] if proxies and len(said) >= proxies else peer)


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""  # all who cannot be told apart share one place
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, _OWN_NETWORK), strict=False))
    return str(found)


async def sweep(runner: web.AppRunner) -> None:
    """Close connections that are there for too long, and the oldest of too many, for ever."""
    seen: dict[web.RequestHandler, float] = {}
    while runner.server is not None:
        now = asyncio.get_running_loop().time()
        seen = {each: seen.get(each, now) for each in runner.server.connections}
        oldest = sorted(seen, key=lambda each: seen[each])
        for number, each in enumerate(oldest):
            crowded = len(oldest) - number > MOST_CONNECTIONS
            if crowded or now - seen[each] > LONGEST_CONNECTION:
                each.force_close()
        await asyncio.sleep(SWEPT)
