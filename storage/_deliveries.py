"""Deliveries, as the state and the journal beside it tell them."""

from collections.abc import Callable
from pathlib import Path

from bot.delivery import Delivery, DeliveryState
from storage._codec import from_document
from storage._files import ReplacedFile
from storage._journal import read_lines

OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


def read_deliveries(
    state: ReplacedFile, journal: Path, previous: Path, warn: Callable[[str], None]
) -> dict[str, Delivery]:
    """Return the deliveries by key: those of the state, as far as the journal goes on from there.

    Raises StoreDamaged when one of them is something else, StoreError when the disk cannot be read.
    """
    documents = state.saved().table("deliveries").all()
    rows = {row.key: row for row in (from_document(Delivery, each) for each in documents)}
    # The copy before the last save knows nothing of the lines that this save put aside.
    lines = read_lines(previous, warn) if state.recovered else []
    for line in [*lines, *read_lines(journal, warn)]:
        row = from_document(Delivery, line)
        # A claim of an unknown row is of one that was dropped, or that is to be made anew.
        if row.key in rows or row.state not in OPEN:
            rows[row.key] = row
    return rows


def owed(delivery: Delivery, channel_id: int | None) -> bool:
    """Say whether a delivery is still to reach a channel."""
    return delivery.channel_id == channel_id and delivery.state in OPEN
