"""A data folder into a database, all of it or nothing, and looked at row by row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import StoreError
from storage.postgres import deliveries, taking
from storage.postgres.connections import Connection, Connections
from storage.postgres.days import keep_progress
from storage.postgres.milestones import put_milestones
from storage.postgres_store import PostgresStore
from storage.protocol import Store
from storage.tinydb_store import TinyDBStore

Show = Callable[[int, int], None]
"""Told how many steps are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of each kind the database holds as the folder does; `before`: since when."""

    rows: Mapping[str, int]
    before: datetime | None


async def move(
    source: TinyDBStore, url: str, now: datetime, show: Show = lambda _, __: None
) -> Moved:
    """Move what a folder holds into an empty database, and compare all of it.

    Done before, nothing is written and all is compared again. Raises StoreBusy while a bot uses
    the database, StoreError where that holds something else, or other rows than the folder.
    """
    target = await PostgresStore.open(url, writable=True)
    try:
        boards, guilds = sorted(await source.boards()), sorted(await source.guilds())
        steps = _Steps(show, 2 * (len(boards) + len(guilds) + 1))
        taking_in = _Taking(source, boards, guilds, steps)
        before = await taking_in.into(target.connections, now)
        comparing = _Comparing(source, target, steps)
        for board in boards:
            await comparing.board(board)
        for guild in guilds:
            await comparing.server(guild)
        await comparing.others()
        return Moved(comparing.rows, before)
    finally:
        await target.close()


class _Steps:
    """How far it is: a step for each board, each server, and the rest, twice."""

    def __init__(self, show: Show, total: int) -> None:
        self._show = show
        self._total = total
        self._done = 0

    def skip(self, steps: int) -> None:
        self._done += steps

    def step(self) -> None:
        self._done += 1
        self._show(self._done, self._total)


class _Taking:
    """Put into a database what a folder holds, in one transaction."""

    def __init__(
        self, source: TinyDBStore, boards: Sequence[str], guilds: Sequence[int], steps: _Steps
    ) -> None:
        self._source = source
        self._boards = boards
        self._guilds = guilds
        self._steps = steps

    async def into(self, connections: Connections, now: datetime) -> datetime | None:
        """Return when it was done before, if it was. Raises StoreError."""
        async with connections.writing() as connection:
            # The folder is read in between, for as long as that takes.
            await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            before = await taking.moved_at(connection)
            if before is not None:
                self._steps.skip(len(self._boards) + len(self._guilds) + 1)
                return before
            if filled := await taking.filled(connection):
                raise StoreError(
                    f"the database holds {filled} already that no `migrate-store` brought: name"
                    " an empty one"
                )
            for board in self._boards:
                await self._board(connection, board)
            await self._deliveries(connection)
            await self._others(connection)
            await taking.note_moved(connection, now)
        return None

    async def _board(self, connection: Connection, board: str) -> None:
        days = await self._source.days(board)
        versions = [each for when in days for each in await self._source.versions(board, when)]
        await taking.take_days(connection, board, list(days.values()), versions)
        await put_milestones(connection, await self._source.milestones(board), ())
        await keep_progress(connection, board, await self._source.progress(board))
        self._steps.step()

    async def _deliveries(self, connection: Connection) -> None:
        """Take all, those not settled last and in the order in which they were recorded."""
        unsettled = {row.key: row for row in self._source.unsettled()}
        for guild in self._guilds:
            kept = await self._source.kept(guild)
            await deliveries.take(connection, [row for row in kept if row.key not in unsettled])
            await taking.take_changes(connection, reversed(await self._source.changes(guild)))
            self._steps.step()
        await deliveries.take(connection, unsettled.values())

    async def _others(self, connection: Connection) -> None:
        source = self._source
        subscriptions, channels = await source.subscriptions(), await source.channels()
        await taking.take_settings(connection, subscriptions, channels)
        await taking.take_catalogue(connection, await source.catalogue())
        await taking.take_others(
            connection,
            await source.absences(),
            await source.requests(),
            await source.states(),
            await source.synced_commands(),
        )
        self._steps.step()


class _Comparing:
    """Compare what two stores answer, row by row."""

    def __init__(self, source: TinyDBStore, target: Store, steps: _Steps) -> None:
        self._source = source
        self._target = target
        self._steps = steps
        self.rows: dict[str, int] = {}

    async def board(self, board: str) -> None:
        """Compare a board. Raises StoreError naming a row that differs."""
        source, target = self._source, self._target
        days = await source.days(board)
        self._same("days", days.values(), (await target.days(board)).values())
        for when in days:
            ours, theirs = await source.versions(board, when), await target.versions(board, when)
            self._same("other readings", sorted(ours, key=repr), sorted(theirs, key=repr))
        self._same("milestones", await source.milestones(board), await target.milestones(board))
        self._same("boards", [await source.progress(board)], [await target.progress(board)])
        self._steps.step()

    async def server(self, guild: int) -> None:
        """Compare a server. Raises StoreError naming a row that differs."""
        source, target = self._source, self._target
        self._same("changes", await source.changes(guild), await target.changes(guild))
        self._same("deliveries", await source.kept(guild), await target.kept(guild))
        self._steps.step()

    async def others(self) -> None:
        """Compare the rest. Raises StoreError naming a row that differs."""
        source, target = self._source, self._target
        self._same("servers", sorted(await source.guilds()), sorted(await target.guilds()))
        self._same("subscriptions", await source.subscriptions(), await target.subscriptions())
        self._same("channels", await source.channels(), await target.channels())
        waiting = await source.open_deliveries(), await target.open_deliveries()
        self._same("open deliveries", *waiting)
        self._same("held deliveries", await source.held(), await target.held())
        self._same("models", await source.catalogue(), await target.catalogue())
        self._same("states", await source.states(), await target.states())
        self._same("requests", await source.requests(), await target.requests())
        absent = (await source.absences()).items(), (await target.absences()).items()
        self._same("absences", *map(sorted, absent))
        self._same("commands", [await source.synced_commands()], [await target.synced_commands()])
        self._steps.step()

    def _same(self, kind: str, ours: Iterable[object], theirs: Iterable[object]) -> None:
        expected, found = list(ours), list(theirs)
        for number, row in enumerate(expected):
            if number >= len(found) or found[number] != row:
                raise StoreError(
                    f"{kind}: row {number + 1} of the folder is not the same in the database:"
                    f" {row!r}"
                )
        if len(found) > len(expected):
            raise StoreError(f"{kind}: the database holds {len(found) - len(expected)} more")
        self.rows[kind] = self.rows.get(kind, 0) + len(expected)
