"""Deliveries as the last process left them: those of the state, and the log of what came after."""

from collections.abc import Callable

from bot.delivery import Delivery
from storage._codec import from_document
from storage._files import ReplacedFile
from storage._journal import Journal
from storage._lines import read_lines
from storage._rows import UNSETTLED, Rows
from storage._settled import delivery_in


def read_deliveries(
    state: ReplacedFile, table: str, journal: Journal, warn: Callable[[str], None]
) -> Rows:
    """Return by key the deliveries of a table of the state, as far as the log goes on from there.

    Raises StoreDamaged when one of them is something else, StoreError when the disk cannot be read.
    """
    documents = state.saved().table(table).all()
    rows = {row.key: row for row in (from_document(Delivery, each) for each in documents)}
    # The copy before the last save knows nothing of the lines that this save put aside.
    lines = read_lines(journal.previous, warn) if state.recovered else []
    for line in [*lines, *read_lines(journal.path, warn)]:
        row = delivery_in(line)
        # A claim of an unknown row is of one that was dropped, or that is to be made anew.
        if row.key in rows or row.state not in UNSETTLED:
            rows[row.key] = row
    return rows
