"""What the newest panels hold by now: a control may be used before the last choice is drawn."""

import asyncio
from dataclasses import dataclass, field

from cogs._drafts import Draft

KEPT = 256
"""Panels that are kept, the last used; of the others the ids of their controls tell all."""


@dataclass(slots=True)
class Held:
    """A panel: its newest draft, None once it was saved or cancelled.

    Whoever draws, saves or cancels it holds `editing`, and asks for the draft only then.
    """

    draft: Draft | None
    editing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Panels:
    """Keep the newest draft of the panels that were used last."""

    def __init__(self) -> None:
        """Begin with no panel."""
        self._held: dict[int, Held] = {}

    def of(self, message_id: int, read: Draft) -> Held:
        """Return a panel by its message; one that is not known here holds the draft of its ids."""
        # Taken out and put back: the ones used longest ago are let go of.
        held = self._held.pop(message_id, None) or Held(read)
        self._held[message_id] = held
        while len(self._held) > KEPT:
            del self._held[next(iter(self._held))]
        return held
