"""The pages' server on a free port of this machine, as who visits it meets it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from bot.addresses import Bind
from bot.web.serving import serving
from bot.web.site import Site


@asynccontextmanager
async def visited(site: Site, proxies: int = 0) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve a site meanwhile, and yield a session that asks it; redirects are not followed."""
    async with (
        serving(site, Bind("127.0.0.1", 0), proxies) as (host, port),
        aiohttp.ClientSession(f"http://{host}:{port}") as session,
    ):
        yield session
