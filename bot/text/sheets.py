"""Rows become a CSV file (pure)."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Cell: TypeAlias = str | int | Decimal | date | None

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet computes instead of showing, if a cell begins with it."""


def sheet(head: Iterable[str], columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as CSV by RFC 4180, UTF-8, below lines that begin with "# ".

    Days are written by ISO 8601, None as an empty cell; text that a spreadsheet would compute has
    an apostrophe before it.
    """
    text = io.StringIO(newline="")
    text.writelines(f"# {' '.join(line.split())}\r\n" for line in head)
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _written(cell: Cell) -> str | int | Decimal | None:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell
