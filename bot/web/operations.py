"""The operator's endpoints: whether the bot lives, whether it is ready, and what it counts."""

import asyncio
import importlib.metadata
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from types import MappingProxyType

import structlog
from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.addresses import Bind
from bot.errors import StoreError
from bot.metrics import Metrics
from bot.model import BOARD_MODELS
from bot.states import StateKind
from bot.web.doors import sweep
from bot.web.gauges import gauges
from bot.web.listening import listening
from bot.web.vitals import Gateway, Kept, Newest, Vitals, readiness
from storage.protocol import Store

KEPT = 5.0
"""Seconds for which what was asked of the store is told again: asking often costs nothing."""

LOOKED_BACK = timedelta(days=40)
"""A board whose newest stored day is older counts as one without days."""

_HEADERS: Mapping[str, str] = MappingProxyType(
    {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
)
_LONGEST_LINE = 2048


@dataclass(frozen=True, slots=True)
class Watch:
    """What the operator is told of: each is asked when somebody wants to know.

    `blocked` says whether what is owed cannot be stored; `every` is the time between two polls of
    the board of models, `polling` says whether it is this process that polls.
    """

    store: Store
    metrics: Metrics
    clock: Callable[[], datetime]
    gateway: Callable[[], Gateway]
    blocked: Callable[[], bool]
    every: timedelta
    polling: Callable[[], bool] = lambda: True


class Operations:
    """Answer the operator."""

    def __init__(self, watch: Watch) -> None:
        """Take what is watched; the bot starts now."""
        self._watch = watch
        self._started = watch.clock()
        self._version = importlib.metadata.version("rankshift")
        self._asking = asyncio.Lock()
        self._asked = float("-inf")
        self._kept: Kept | None = None
        self._trouble: str | None = None

    def app(self) -> web.Application:
        """Return what serves them: GET alone."""
        app = web.Application(client_max_size=1024)
        app.router.add_get("/healthz", self._alive, allow_head=False)
        app.router.add_get("/readyz", self._ready, allow_head=False)
        app.router.add_get("/metrics", self._metrics, allow_head=False)
        return app

    async def _alive(self, _: web.Request) -> web.Response:
        return _json({"status": "ok"})

    async def _ready(self, _: web.Request) -> web.Response:
        found = readiness(await self._vitals())
        ready = not any(found.values())
        checks = {
            name: {"ok": True} if why is None else {"ok": False, "why": why}
            for name, why in found.items()
        }
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return _json({"ready": ready, "checks": checks}, status)

    async def _metrics(self, _: web.Request) -> web.Response:
        measured = gauges(await self._vitals(), self._version)
        headers = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, **_HEADERS}
        return web.Response(body=self._watch.metrics.text(measured), headers=headers)

    async def _vitals(self) -> Vitals:
        watch = self._watch
        await self._ask()
        blocked = "the outbox cannot use it" if watch.blocked() else None
        return Vitals(
            now=watch.clock(),
            started=self._started,
            kept=self._kept,
            trouble=self._trouble or blocked,
            gateway=watch.gateway(),
            polls=watch.metrics.polls,
            every=watch.every,
            polling=watch.polling(),
        )

    async def _ask(self) -> None:
        """Ask the store, unless it was asked a moment ago."""
        now = asyncio.get_running_loop().time
        async with self._asking:
            if now() - self._asked < KEPT:
                return
            try:
                boards = {BOARD_MODELS, *self._watch.metrics.polls}
                self._kept = await kept(self._watch.store, boards, self._watch.clock())
                self._trouble = None
            except StoreError as error:
                self._kept, self._trouble = None, str(error)
            self._asked = now()


async def kept(store: Store, boards: set[str], now: datetime) -> Kept:
    """Return what the store holds of these boards, and of what is owed. Raises StoreError."""
    newest, held = dict[str, Newest](), dict.fromkeys(boards, 0)
    for board in boards:
        days = await store.days(board, since=(now - LOOKED_BACK).date())
        if days:
            last = days[max(days)]
            newest[board] = Newest(last.date, last.as_of)
    for state in await store.states():
        if state.kind is StateKind.HELD and state.board in held:
            held[state.board] += 1
    owed = await store.open_deliveries()
    return Kept(
        newest=newest,
        held_milestones=held,
        open=len(owed),
        oldest=min((one.created_at for one in owed), default=None),
        held_back=len(await store.held()),
        paused=sum(one.paused is not None for one in await store.channels()),
    )


def _json(content: object, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    text = json.dumps(content, ensure_ascii=False) + "\n"
    return web.json_response(text=text, status=status, headers=_HEADERS)


@asynccontextmanager
async def operating(watch: Watch, bind: Bind) -> AsyncIterator[tuple[str, int]]:
    """Serve the operator meanwhile; yield host and port. Raises SettingsError."""
    runner = web.AppRunner(
        Operations(watch).app(),
        access_log=None,
        handle_signals=False,
        keepalive_timeout=5.0,
        lingering_time=1.0,
        shutdown_timeout=1.0,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_LINE,
    )
    await runner.setup()
    try:
        host, port = await listening(runner, bind, "RANKSHIFT_OPERATIONS_BIND")
        sweeping = asyncio.create_task(sweep(runner))
        structlog.get_logger().info("operator's endpoints are served", host=host, port=port)
        try:
            yield host, port
        finally:
            sweeping.cancel()
    finally:
        await runner.cleanup()
