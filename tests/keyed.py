"""A loopback OpenRouter that asks for a key, a real store, and a clock that tests move."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.boards import Board
from bot.packaged import read_boards
from bot.queries.stored import newest_day
from bot.sources._http import Http, open_http
from bot.sources.budget import Budget
from bot.sources.data_api import DataApi
from bot.sources.keyed import KeyedBoard
from storage.tinydb_store import TinyDBStore
from tests.sources.test_budget import Clock
from tests.wire.openrouter_server import LoopbackOpenRouter

KEY = "sk-or-v1-0123456789abcdef"
BOARDS = read_boards()
MODELS = BOARDS["models"]

Rows = Sequence[tuple[str, int]]


@dataclass(slots=True)
class Keyed:
    """The source, its clock (ours too), the way there, and the store in its folder."""

    server: LoopbackOpenRouter
    clock: Clock
    http: Http
    folder: Path
    store: TinyDBStore
    key: str = KEY

    def api(self) -> DataApi:
        """Return the Data API, its budget kept in the store."""
        budget = Budget(self.store, self.clock, self.clock.sleep)
        return DataApi(self.http, self.server.base_url, self.key, budget)

    def source(self, board: Board = MODELS) -> KeyedBoard:
        """Return a board as a source, as the bot asks it."""

        async def newest() -> date | None:
            return await newest_day(self.store, board.name, self.clock().date())

        return KeyedBoard(self.api(), board, newest)

    async def restart(self) -> None:
        """Close the store, and open it again from its files."""
        await self.store.close()
        self.store = TinyDBStore(self.folder, writable=True)

    def asked(self) -> list[tuple[str, str]]:
        """Return the spans that were asked for, in order."""
        asked = (r.query for r in self.server.requests if r.path.endswith("/rankings-daily"))
        return [(query["start_date"], query["end_date"]) for query in asked]

    def at(self, now: datetime) -> datetime:
        """Let it be `now`, here and there."""
        self.clock.now = now
        return now


@asynccontextmanager
async def keyed(folder: Path, now: datetime) -> AsyncIterator[Keyed]:
    """Start the source and open the store."""
    clock = Clock()
    clock.now = now
    async with LoopbackOpenRouter() as server, open_http("rankshift/0") as http:
        server.keyed.clock = clock.seconds
        server.keyed.keys.add(KEY)
        opened = Keyed(server, clock, http, folder, TinyDBStore(folder, writable=True))
        yield opened
        await opened.store.close()


def every_day(
    since: date, until: date, rows: Rows, less: Sequence[date] = (), step: int = 1
) -> Mapping[date, Rows]:
    """Return the same rows for each day (or each so many days) of a span, less some."""
    days = (since + timedelta(days=n) for n in range(0, (until - since).days + 1, step))
    return {day: rows for day in days if day not in less}
