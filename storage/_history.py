"""The days of every board, a file a board and month."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from bot.model import Day
from storage._codec import from_document, to_document
from storage._files import KeyedTinyDB, ReplacedFile, in_thread, open_tables
from storage.protocol import Changes


class History:
    """Read months when asked for and keep them; write each changed month whole."""

    def __init__(self, folder: Path, *, writable: bool, warn: Callable[[str], None]) -> None:
        """Name the folder, which must exist if anything is to be written."""
        self._folder = folder
        self._writable = writable
        self._warn = warn
        self._months: dict[str, tuple[KeyedTinyDB, ReplacedFile]] = {}
        self._days: dict[str, dict[date, Day]] = {}

    def days(self, board: str, since: date | None, until: date | None) -> dict[date, Day]:
        """Return a board's days between two dates, ascending."""
        found: dict[date, Day] = {}
        for month in self._stored_months(board):
            if _outside(month, since, until):
                continue
            found |= {
                when: day
                for when, day in self._month_days(board, month).items()
                if (since is None or since <= when) and (until is None or when <= until)
            }
        return found

    def changes(self, board: str, days: Sequence[Day]) -> Changes:
        """Return what `put` would change."""
        stored = self.days(board, min(d.date for d in days), max(d.date for d in days))
        return Changes(
            added=tuple(day.date for day in days if day.date not in stored),
            restated=tuple(
                day.date
                for day in days
                if day.date in stored and _supersedes(day, stored[day.date])
            ),
        )

    async def put(self, board: str, days: Sequence[Day]) -> None:
        """Keep days, month by month."""
        by_month = groupby(sorted(days, key=lambda day: day.date), key=lambda day: _month(day.date))
        for month, group in by_month:
            database, file = self._open(board, month)
            stored = self._month_days(board, month)
            changed = [_put(database, day, stored.get(day.date)) for day in group]
            if any(changed):
                self._days.pop(f"{board}-{month}", None)
                await in_thread(file.save)

    def versions(self, board: str, day: date) -> tuple[Day, ...]:
        """Return the other readings of a day, in the order they came."""
        database, _ = self._open(board, _month(day))
        document = database.find("versions", day.isoformat())
        readings = document["readings"] if document else []
        return tuple(from_document(Day, reading) for reading in readings)

    def _stored_months(self, board: str) -> list[str]:
        # A file that is gone may still have its .bak, which opening it brings back.
        names = {path.name.removesuffix(".bak") for path in self._folder.glob(f"{board}-*.json*")}
        files = (name for name in names if name.endswith(".json"))
        months = {name.removesuffix(".json").removeprefix(f"{board}-") for name in files}
        return sorted(month for month in months if len(month) == len("2026-07"))

    def _open(self, board: str, month: str) -> tuple[KeyedTinyDB, ReplacedFile]:
        name = f"{board}-{month}"
        if name not in self._months:
            path = self._folder / f"{name}.json"
            self._months[name] = open_tables(path, writable=self._writable, warn=self._warn)
        return self._months[name]

    def _month_days(self, board: str, month: str) -> dict[date, Day]:
        name = f"{board}-{month}"
        if name not in self._days:
            database, _ = self._open(board, month)
            days = [from_document(Day, document) for document in database.table("days").all()]
            self._days[name] = {day.date: day for day in sorted(days, key=lambda day: day.date)}
        return self._days[name]


def _put(database: KeyedTinyDB, day: Day, stored: Day | None) -> bool:
    if stored is None or _supersedes(day, stored):
        database.put("days", day.date.isoformat(), to_document(day))
        if stored is not None:
            _keep_version(database, stored)
        return True
    return not _same(day, stored) and _keep_version(database, day)


def _keep_version(database: KeyedTinyDB, reading: Day) -> bool:
    key = reading.date.isoformat()
    document = database.find("versions", key)
    readings = list(document["readings"]) if document else []
    fresh = to_document(reading)
    if fresh in readings:
        return False
    database.put("versions", key, {"readings": [*readings, fresh]})
    return True


def _supersedes(day: Day, stored: Day) -> bool:
    return not _same(day, stored) and day.as_of >= stored.as_of


def _same(one: Day, other: Day) -> bool:
    return (one.rows, one.other) == (other.rows, other.other)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _outside(month: str, since: date | None, until: date | None) -> bool:
    return (since is not None and month < _month(since)) or (
        until is not None and month > _month(until)
    )
