"""The evidence pages over HTTP: bounded, cached, and with nothing in them that could run."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from types import MappingProxyType

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from multidict import CIMultiDict

from bot import pages
from bot.addresses import Bind
from bot.errors import PagesBusy, RankshiftError
from bot.text.say import ENGLISH, Languages
from bot.web.doors import Doors, client_address, sweep
from bot.web.kept import Keeper, Kept
from bot.web.listening import listening
from bot.web.site import Site

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none';"
            " form-action 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
)
"""What every answer bears."""

_DRAWN = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For pictures that are documents: they say their colours in themselves, and nothing else."""

_CACHED = "public, max-age=300"
_COME_AGAIN = "10"
"""Seconds after which somebody is asked to come again."""

_TEXTS = ("text/", "application/")
_LONGEST_PATH = 300
_LANGUAGES_READ = 10


class Pages:
    """Answer requests for the site's pages."""

    def __init__(self, site: Site, proxies: int = 0) -> None:
        """Take the site, and how many proxies before us are believed who asks."""
        self._site = site
        self._proxies = proxies
        self._doors = Doors()
        self._keeper = Keeper(site.file, asyncio.get_running_loop().time)
        self._log = structlog.get_logger()
        self._failing = False

    def app(self) -> web.Application:
        """Return what serves them."""
        app = web.Application(middlewares=[self._guarded], client_max_size=1024)
        app.router.add_get("/", self._first)
        app.router.add_get("/{path:.+}", self._file)
        return app

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let nobody ask too often, and put on every answer what keeps a browser safe."""
        answer = await self._answer(request, handler)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not await self._doors.open_to(client_address(request, self._proxies)):
            again = {"Retry-After": _COME_AGAIN}
            return web.Response(status=429, text="Too many requests.\n", headers=again)
        try:
            return await handler(request)
        except web.HTTPException as refused:  # such as another method than GET
            allowed = refused.headers.getall("Allow", [])
            text, headers = f"{refused.reason}\n", [("Allow", each) for each in allowed]
            return web.Response(status=refused.status, text=text, headers=CIMultiDict(headers))

    async def _first(self, request: web.Request) -> web.Response:
        code = spoken(request.headers.get("Accept-Language", ""), self._site.languages)
        # Relative: a proxy may serve us below a path of its own.
        there = {"Location": pages.home(code), "Vary": "Accept-Language"}
        return web.Response(status=HTTPStatus.FOUND, headers=there)

    async def _file(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        try:
            kept = await self._keeper.get(path) if len(path) <= _LONGEST_PATH else None
        except RankshiftError as error:
            return self._troubled(path, error)
        if self._failing:
            self._failing = False
            self._log.info("evidence pages work again")
        return self._missing(path) if kept is None else _handed_out(request, kept)

    def _missing(self, path: str) -> web.Response:
        page = self._site.missing(path.partition("/")[0])
        return web.Response(
            status=HTTPStatus.NOT_FOUND, body=page, content_type="text/html", charset="utf-8"
        )

    def _troubled(self, path: str, error: RankshiftError) -> web.Response:
        if not self._failing and not isinstance(error, PagesBusy):
            self._failing = True
            kind = type(error).__name__
            self._log.error("evidence pages fail", kind=kind, problem=str(error))
        return web.Response(
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            body=self._site.troubled(path.partition("/")[0]),
            content_type="text/html",
            charset="utf-8",
            headers={"Retry-After": _COME_AGAIN},
        )


def _handed_out(request: web.Request, kept: Kept) -> web.Response:
    """Return a file, or that whoever asks has it already."""
    headers = {"ETag": kept.etag, "Cache-Control": _CACHED}
    known = {f'"{each.value}"' for each in request.if_none_match or ()}
    if kept.etag in known:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    kind = kept.file.media_type
    if kind == "image/svg+xml":
        headers["Content-Security-Policy"] = _DRAWN
    charset = "utf-8" if kind.startswith(_TEXTS) else None
    return web.Response(body=kept.file.content, content_type=kind, charset=charset, headers=headers)


def spoken(accepted: str, languages: Languages) -> str:
    """Return the code of the language that a browser asks for first, of those there are."""
    wanted: list[tuple[float, int, str]] = []
    for place, each in enumerate(accepted.split(",")[:_LANGUAGES_READ]):
        tag, _, weight = each.strip().lower().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, tag.split("-")[0]))
        except ValueError:
            continue  # no number: as if it had not been said
    known = (code for weight, _, code in sorted(wanted) if weight and code in languages)
    return next(known, ENGLISH)


@asynccontextmanager
async def serving(site: Site, bind: Bind, proxies: int = 0) -> AsyncIterator[tuple[str, int]]:
    """Serve the site's pages meanwhile; yield host and port. Raises SettingsError."""
    runner = web.AppRunner(
        Pages(site, proxies).app(),
        access_log=None,
        handle_signals=False,
        keepalive_timeout=15.0,
        lingering_time=1.0,
        shutdown_timeout=2.0,
    )
    await runner.setup()
    try:
        address = await listening(runner, bind, "RANKSHIFT_HTTP_BIND")
        sweeping = asyncio.create_task(sweep(runner))
        structlog.get_logger().info("evidence pages are served", host=address[0], port=address[1])
        try:
            yield address
        finally:
            sweeping.cancel()
    finally:
        await runner.cleanup()
