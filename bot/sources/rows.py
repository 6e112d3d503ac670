"""Rankings as CSV text become days, or are refused whole (pure)."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime

from bot.errors import PayloadRefused
from bot.model import Day, Row

EXPORT_HEADER = ("date", "model_permaslug", "rank", "total_tokens", "share_of_daily_tokens")
PLAIN_HEADER = ("date", "model_permaslug", "total_tokens")
OTHER = "other"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9~._+@-]+/[A-Za-z0-9~._+@:/-]+")
_LONGEST_SLUG = 200
_COUNT = re.compile(r"\d{1,30}", re.ASCII)
_SHARE = re.compile(r"\d{1,3}(\.\d+)?([eE]-?\d+)?", re.ASCII)


def parse_rows(text: str, *, where: str, as_of: datetime, today: date) -> tuple[Day, ...]:
    """Return the days of a rankings CSV, ascending, each with its rows by tokens descending.

    Takes the exports' five columns or the three of `date,model_permaslug,total_tokens`; equal
    counts are ordered by name. Raises PayloadRefused naming `where` and the line: an unknown
    header, no rows, a date that is none, a day that is not over at `today` (UTC), a count that is
    no whole number, a rank given twice in a day, a model listed twice in a day.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(next(reader, ()))
        if header not in (EXPORT_HEADER, PLAIN_HEADER):
            raise PayloadRefused(where, f"does not begin with {','.join(PLAIN_HEADER)}")
        days = _collect(where, header, reader, today)
    except csv.Error as error:
        raise PayloadRefused(where, f"is not CSV: {error}") from error
    if not days:
        raise PayloadRefused(where, "has no rows")
    return tuple(_day(day, counts, as_of) for day, counts in sorted(days.items()))


def _collect(
    where: str, header: tuple[str, ...], reader: Iterator[list[str]], today: date
) -> dict[date, dict[str, int]]:
    days: dict[date, dict[str, int]] = {}
    ranks: set[tuple[date, int]] = set()
    for number, fields in enumerate(reader, start=2):
        line = f"{where}, line {number}"
        if len(fields) != len(header):
            raise PayloadRefused(line, f"has {len(fields)} fields, not {len(header)}")
        row = dict(zip(header, fields, strict=True))
        day, model = _date(line, row["date"], today), _model(line, row["model_permaslug"])
        counts = days.setdefault(day, {})
        if model in counts:
            raise PayloadRefused(line, f"lists {model} a second time on {day}")
        counts[model] = _tokens(line, row["total_tokens"])
        if header == EXPORT_HEADER:
            _check_rank(line, row, day, ranks)
    return days


def _date(line: str, text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise PayloadRefused(line, f"has {text[:40]!r} for a date")
    if day >= today:
        raise PayloadRefused(line, f"speaks of {day}, a day that is not over")
    return day


def _model(line: str, text: str) -> str:
    if text != OTHER and (len(text) > _LONGEST_SLUG or not _SLUG.fullmatch(text)):
        raise PayloadRefused(line, f"has {text[:40]!r} for a model")
    return text


def _tokens(line: str, text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise PayloadRefused(line, f"has {text[:40]!r} for a count of tokens")
    return int(text)


def _check_rank(line: str, row: dict[str, str], day: date, seen: set[tuple[date, int]]) -> None:
    if row["share_of_daily_tokens"] and not _SHARE.fullmatch(row["share_of_daily_tokens"]):
        raise PayloadRefused(line, f"has {row['share_of_daily_tokens'][:40]!r} for a share")
    text = row["rank"]
    if row["model_permaslug"] == OTHER:
        if text:
            raise PayloadRefused(line, f"gives {OTHER} the rank {text[:40]!r}")
        return
    if not _COUNT.fullmatch(text) or int(text) < 1 or (day, int(text)) in seen:
        raise PayloadRefused(line, f"has {text[:40]!r} for a rank")
    seen.add((day, int(text)))


def _day(day: date, counts: dict[str, int], as_of: datetime) -> Day:
    other = counts.pop(OTHER, None)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Day(day, tuple(Row(model, tokens) for model, tokens in ordered), other, as_of)
