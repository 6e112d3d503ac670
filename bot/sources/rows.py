"""Rankings as CSV text become days, or are refused whole (pure)."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TypeAlias

from bot.errors import PayloadRefused
from bot.model import Day, Row

EXPORT_HEADER = ("date", "model_permaslug", "rank", "total_tokens", "share_of_daily_tokens")
PLAIN_HEADER = ("date", "model_permaslug", "total_tokens")
OTHER = "other"

Counts: TypeAlias = dict[date, dict[str, int]]
"""Tokens by model, `other` among them, by day."""

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
    return make_days(days, as_of)


def _collect(
    where: str, header: tuple[str, ...], reader: Iterator[list[str]], today: date
) -> Counts:
    days: Counts = {}
    ranks: set[tuple[date, int]] = set()
    for number, fields in enumerate(reader, start=2):
        line = f"{where}, line {number}"
        if len(fields) != len(header):
            raise PayloadRefused(line, f"has {len(fields)} fields, not {len(header)}")
        row = dict(zip(header, fields, strict=True))
        day = read_date(line, row["date"])
        if day >= today:
            raise PayloadRefused(line, f"speaks of {day}, a day that is not over")
        add_row(days, line, day, row["model_permaslug"], row["total_tokens"])
        if header == EXPORT_HEADER:
            _check_rank(line, row, day, ranks)
    return days


def read_date(line: str, text: str) -> date:
    """Return the day a row is of. Raises PayloadRefused naming `line` for any but YYYY-MM-DD."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise PayloadRefused(line, f"has {text[:40]!r} for a date")
    return day


def add_row(days: Counts, line: str, day: date, model: str, tokens: str) -> None:
    """Add a row's count to its day.

    Raises PayloadRefused naming `line`: a model that is no slug or is listed a second time on the
    day, a count that is no whole number.
    """
    counts = days.setdefault(day, {})
    if _model(line, model) in counts:
        raise PayloadRefused(line, f"lists {model} a second time on {day}")
    counts[model] = _tokens(line, tokens)


def make_days(days: Counts, as_of: datetime) -> tuple[Day, ...]:
    """Return the days, ascending, each with its rows by tokens descending, then by name."""
    return tuple(_day(day, counts, as_of) for day, counts in sorted(days.items()))


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


def _day(day: date, counts: Mapping[str, int], as_of: datetime) -> Day:
    ranked = (item for item in counts.items() if item[0] != OTHER)
    ordered = sorted(ranked, key=lambda item: (-item[1], item[0]))
    return Day(
        day, tuple(Row(model, tokens) for model, tokens in ordered), counts.get(OTHER), as_of
    )
