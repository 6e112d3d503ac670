"""Deliveries that are done with: files of lines, by the month in which they became owed."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

from bot.delivery import Delivery, DeliveryState, Kind
from bot.errors import StoreError
from bot.subscription import Manner
from storage._codec import from_line, to_line
from storage._files import make_folder, swap_file, sync_folder
from storage._lines import append_lines, line_of, lines_with, read_lines
from storage._rows import Place
from storage._upgrade import line_from_format_2
from storage.protocol import KEPT_SLIM, KEPT_WHOLE

_FILE = re.compile(r"([12]\d{3}-(?:0[1-9]|1[0-2]))\.jsonl")
_DATE = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))-\d{2}")
_GUILD = re.compile(rb',"guild_id":(\d+),')
_KEY_ENDS = b',"channel_id":'
_CREATED = b'"created_at":"'
_SLIM = b'"nonce":"",'
_FEW = 8


class Settled:
    """Read settled deliveries from the disk when they are asked for, and let go of them.

    A key may be in more than one line: the last one holds.
    """

    def __init__(self, folder: Path, *, writable: bool, warn: Callable[[str], None]) -> None:
        """Name the folder, and make it if anything is to be written. Raises StoreError."""
        self._folder = folder
        self._warn = warn
        if writable:
            make_folder(folder)

    def put(self, rows: Iterable[Delivery]) -> None:
        """Add these. Raises StoreError; some may be there then, and are put again by a repeat."""
        for month, found in groupby(sorted(rows, key=_month), key=_month):
            lines = b"".join(line_of(to_line(row)) for row in found)
            append_lines(self._folder / f"{month}.jsonl", lines)

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Return which of these keys are here."""
        return frozenset(self._bodies(keys))

    def find(self, keys: Iterable[str]) -> dict[str, Delivery]:
        """Return the deliveries of these keys, as far as they are here."""
        return {key: delivery_in(body) for key, body in self._bodies(keys).items()}

    def with_any(self, milestones: Iterable[str], guild_id: int | None) -> dict[str, Delivery]:
        """Return by key what has any of these milestones (and is of a server), whatever it is."""
        wanted = frozenset(milestones)
        # A server has a few lines for each milestone, a milestone one for each channel.
        needles = (
            [to_line(each) for each in wanted] if guild_id is None else [Place(guild_id).named]
        )
        bodies = (body for path in self._months(wanted) for body in self._lines(path, needles))
        found = _by_key(bodies)
        return {k: row for k, row in found.items() if not wanted.isdisjoint(row.milestones)}

    def since(self, moment: datetime | None, guild_id: int | None) -> dict[str, Delivery]:
        """Return by key what became owed since then (to one server), and some before."""
        month = "" if moment is None else f"{moment.astimezone(UTC):%Y-%m}"
        # A day before, for lines that were written in another zone or are of a slim one.
        first = b"" if moment is None else f"{moment - timedelta(days=1):%Y-%m-%d}".encode()
        needle = _CREATED if guild_id is None else Place(guild_id).named
        paths = (path for path in self._months() if path.stem >= month)
        bodies = (body for path in paths for body in self._lines(path, [needle]))
        return _by_key(body for body in bodies if body.partition(_CREATED)[2] >= first)

    def about(self, milestone: str, channel_id: int) -> dict[str, Delivery]:
        """Return by key what a channel has with a milestone, whatever it is, and more of it."""
        needle = Place(channel_id=channel_id).named
        paths = self._months([milestone])
        return _by_key(body for path in paths for body in self._lines(path, [needle]))

    def of(self, place: Place) -> dict[str, Delivery]:
        """Return by key what there is of a place."""
        return _by_key(body for path in self._months() for body in self._lines(path, [place.named]))

    def guilds(self) -> frozenset[int]:
        """Return the servers that any of them is of."""
        contents = (_content(path) for path in self._months())
        return frozenset(int(found) for each in contents for found in set(_GUILD.findall(each)))

    def tidy(self, now: datetime) -> None:
        """Make slim, or drop, what is old by `now` (UTC). Raises StoreError."""
        for path in self._months():
            if self._may_change(path, now):
                self._rewrite(path, lambda row: aged(row, now))

    def purge(self, place: Place) -> None:
        """Drop what there is of a place. Raises StoreError."""
        for path in self._months():
            if place.named in _content(path):
                self._rewrite(path, place.without)
        for left_over in self._folder.glob("*.new"):
            left_over.unlink(missing_ok=True)

    def _bodies(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the last line of each key; what is no hit costs a search for bytes alone."""
        heads = {b'{"key":' + to_line(key): key for key in keys}
        # Thousands of channels get the same milestones, so that the same ending finds them all.
        endings = {to_line(key.partition(":")[2] or key)[1:] for key in heads.values()}
        needles = heads if len(heads) <= _FEW else endings
        found: dict[str, bytes] = {}
        for path in self._months(heads.values()):
            for body in self._lines(path, needles):
                key = heads.get(body.partition(_KEY_ENDS)[0])
                if key is not None:
                    found[key] = body
        return found

    def _lines(self, path: Path, wanted: Iterable[bytes]) -> Iterator[bytes]:
        return lines_with(path, wanted, self._warn)

    def _months(self, names: Iterable[str] = ("",)) -> list[Path]:
        """Return the files, by month, that may hold deliveries or milestones of such names.

        Nothing is owed before the day that its milestones are dated, which ends their keys.
        """
        since = min((min(_DATE.findall(name), default="") for name in names), default="9")
        paths = sorted(self._folder.glob("*.jsonl"))
        found = ((path, _FILE.fullmatch(path.name)) for path in paths)
        return [path for path, month in found if month and month[1] >= since]

    def _may_change(self, path: Path, now: datetime) -> bool:
        oldest = now - datetime.fromisoformat(f"{path.stem}-01").replace(tzinfo=UTC)
        if oldest <= KEPT_WHOLE:
            return False
        content = _content(path)
        return oldest > KEPT_WHOLE + KEPT_SLIM or content.count(_SLIM) < content.count(b"\n")

    def _rewrite(self, path: Path, change: Callable[[Delivery], Delivery | None]) -> None:
        rows = (delivery_in(body) for body in read_lines(path, self._warn))
        last = {row.key: change(row) for row in rows}
        content = b"".join(line_of(to_line(row)) for row in last.values() if row is not None)
        try:
            if not content:
                path.unlink()
                sync_folder(self._folder)
            elif content != path.read_bytes():
                swap_file(path, content)
        except OSError as error:
            raise StoreError(f"{path}: cannot be written: {error}") from error


def aged(row: Delivery, now: datetime) -> Delivery | None:
    """Return what is kept of a settled delivery at `now` (UTC), None if nothing is (pure)."""
    age = now - row.created_at
    if age <= KEPT_WHOLE:
        return row
    if row.kind is not Kind.ALERT or row.state is not DeliveryState.SENT:
        return None
    return slim(row) if age <= KEPT_WHOLE + KEPT_SLIM else None


def slim(alert: Delivery) -> Delivery:
    """Return what an edit of an alert would need (pure)."""
    day = alert.created_at.astimezone(UTC).date()
    return replace(
        alert,
        nonce="",
        created_at=datetime.combine(day, time(), UTC),
        attempts=0,
        retry_at=None,
        reason=None,
        about=None,
        tried_at=None,
        manner=Manner(forum=alert.manner.forum),
        target=None,
        held=None,
        sent_at=None,
    )


def delivery_in(line: bytes) -> Delivery:
    """Return the delivery that a line holds, also one of before. Raises StoreDamaged (pure)."""
    return from_line(Delivery, line_from_format_2(line))


def _by_key(bodies: Iterable[bytes]) -> dict[str, Delivery]:
    return {row.key: row for row in map(delivery_in, bodies)}


def _month(row: Delivery) -> str:
    return f"{row.created_at.astimezone(UTC):%Y-%m}"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error}") from error
