"""The days of every board, a file a board and month."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.model import Day
from storage._codec import from_document, to_document
from storage._files import KeyedTinyDB, ReplacedFile, Tables, make_folder
from storage.protocol import Changes


@dataclass(frozen=True, slots=True)
class Plan:
    """What keeping some days changes: the months' drafts by name, and the dates."""

    drafts: dict[str, KeyedTinyDB] = field(default_factory=dict)
    added: set[date] = field(default_factory=set)
    restated: set[date] = field(default_factory=set)

    @property
    def changes(self) -> Changes:
        """Return the dates, ascending."""
        return Changes(tuple(sorted(self.added)), tuple(sorted(self.restated - self.added)))


_WHOLE = 3
"""Months of a board, the newest, whose text is kept beside their days: these are still changed."""


class History:
    """Read months when asked for and keep their days; write each changed month whole."""

    def __init__(self, folder: Path, *, writable: bool, warn: Callable[[str], None]) -> None:
        """Name the folder, and make it if anything is to be written. Raises StoreError."""
        if writable:
            make_folder(folder)
        self._folder = folder
        self._writable = writable
        self._warn = warn
        self._months: dict[str, ReplacedFile] = {}
        self._decoded: dict[str, tuple[Tables | None, dict[date, Day]]] = {}
        self._writing: frozenset[str] = frozenset()

    def days(self, board: str, since: date | None, until: date | None) -> dict[date, Day]:
        """Return a board's days between two dates, ascending."""
        found: dict[date, Day] = {}
        months = self._stored_months(board)
        for month in months:
            if _outside(month, since, until):
                continue
            found |= {
                when: day
                for when, day in self._month_days(f"{board}-{month}").items()
                if (since is None or since <= when) and (until is None or when <= until)
            }
            if month in months[:-_WHOLE]:
                self._forget_text(f"{board}-{month}")
        return found

    def plan(self, board: str, days: Sequence[Day]) -> Plan:
        """Return what keeping these days, in this order, changes; nothing is written yet."""
        plan = Plan()
        for day in days:
            name = f"{board}-{_month(day.date)}"
            # Not by truth: a TinyDB without a default table counts as empty, and so as false.
            draft = plan.drafts[name] if name in plan.drafts else self._file(name).draft()
            if _put(draft, day, plan):
                plan.drafts[name] = draft
        return plan

    async def keep(self, plan: Plan) -> None:
        """Write the months of a plan. Raises StoreError; months before the failing one are kept."""
        self._writing = frozenset(plan.drafts)
        try:
            for name, draft in sorted(plan.drafts.items()):
                await asyncio.to_thread(self._file(name).save, draft)
        finally:
            self._writing = frozenset()

    def versions(self, board: str, day: date) -> tuple[Day, ...]:
        """Return the readings of a day that are not the current one, by `as_of`."""
        saved, key = self._file(f"{board}-{_month(day)}").saved(), day.isoformat()
        readings = (saved.find("versions", key) or {"readings": []})["readings"]
        current = saved.find("days", key)
        others = [from_document(Day, reading) for reading in readings if reading != current]
        return tuple(sorted(others, key=lambda reading: reading.as_of))

    def boards(self) -> frozenset[str]:
        """Return the boards that days are kept of."""
        return boards_in(self._folder)

    def _stored_months(self, board: str) -> list[str]:
        # A file that is gone may still have its .bak, which opening it brings back.
        names = {path.name.removesuffix(".bak") for path in self._folder.glob(f"{board}-*.json*")}
        files = (name for name in names if name.endswith(".json"))
        months = {name.removesuffix(".json").removeprefix(f"{board}-") for name in files}
        return sorted(month for month in months if len(month) == len("2026-07"))

    def _file(self, name: str) -> ReplacedFile:
        if name not in self._months:
            path = self._folder / f"{name}.json"
            self._months[name] = ReplacedFile(path, writable=self._writable, warn=self._warn)
        return self._months[name]

    def _month_days(self, name: str) -> dict[date, Day]:
        tables, days = self._decoded.get(name, (None, {}))
        if name not in self._months and name in self._decoded:
            return days
        file = self._file(name)
        if tables is not file.tables:
            # Asked for before what is read: a save that ends in between is then seen next time.
            tables = file.tables
            documents = file.saved().table("days").all()
            ascending = sorted((from_document(Day, d) for d in documents), key=lambda d: d.date)
            days = {day.date: day for day in ascending}
            self._decoded[name] = (tables, days)
        return days

    def _forget_text(self, name: str) -> None:
        """Keep nothing but the days of a month; whoever changes it reads it again."""
        file, (tables, days) = self._months.get(name), self._decoded[name]
        # One that is being written may be another by the time it is looked at again.
        if file is not None and tables is file.tables and name not in self._writing:
            del self._months[name]
            self._decoded[name] = (None, days)


def boards_in(folder: Path) -> frozenset[str]:
    """Return the boards whose months are files of a folder."""
    names = (path.name.partition(".json")[0] for path in folder.glob("*.json*"))
    return frozenset(name[: -len("-2026-07")] for name in names)


def _put(draft: KeyedTinyDB, day: Day, plan: Plan) -> bool:
    """Put a day in a draft, note it in the plan, and say whether the draft changed."""
    key = day.date.isoformat()
    document = draft.find("days", key)
    if document is None:
        draft.put("days", key, to_document(day))
        plan.added.add(day.date)
        return True
    stored = from_document(Day, document)
    if (day.rows, day.other) == (stored.rows, stored.other):
        return False
    if day.as_of < stored.as_of:
        return _keep_version(draft, key, to_document(day))
    draft.put("days", key, to_document(day))
    plan.restated.add(day.date)
    _keep_version(draft, key, dict(document))
    return True


def _keep_version(draft: KeyedTinyDB, key: str, reading: dict[str, object]) -> bool:
    readings = (draft.find("versions", key) or {"readings": []})["readings"]
    if reading in readings:
        return False
    draft.put("versions", key, {"readings": [*readings, reading]})
    return True


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _outside(month: str, since: date | None, until: date | None) -> bool:
    return (since is not None and month < _month(since)) or (
        until is not None and month > _month(until)
    )
