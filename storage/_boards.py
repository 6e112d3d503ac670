"""What is known of boards: days, how far detection is, milestones; each change in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.delivery import Delivery
from bot.model import Day, Milestone
from storage._codec import from_document, to_document
from storage._deliveries import Deliveries
from storage._files import ReplacedFile
from storage._history import History
from storage._milestones import Milestones
from storage.protocol import Changes, Progress


class Boards:
    """Change days, progress, milestones and what is owed for them together.

    Every method raises StoreError. None may be cancelled.
    """

    def __init__(
        self,
        state: ReplacedFile,
        history: History,
        milestones: Milestones,
        deliveries: Deliveries,
        changing: asyncio.Lock,
    ) -> None:
        """Take what they are kept in, and the lock of whoever changes anything."""
        self._state = state
        self._history = history
        self._milestones = milestones
        self._deliveries = deliveries
        self._changing = changing

    def names(self) -> frozenset[str]:
        """Return the boards that were judged."""
        return frozenset(self._state.tables.get("boards", ()))

    def progress(self, board: str) -> Progress:
        """See Store."""
        found = self._state.saved().find("boards", board)
        return from_document(Progress, found) if found else Progress((), None)

    async def put_days(self, board: str, days: Sequence[Day]) -> Changes:
        """See Store."""
        async with self._changing:
            plan = self._history.plan(board, days)
            progress = self.progress(board)
            oldest = min(plan.added | plan.restated, default=None)
            kept = tuple(m for m in progress.memories if oldest is None or m.through < oldest)
            if kept != progress.memories:
                draft = self._state.draft()
                draft.put("boards", board, to_document(replace(progress, memories=kept)))
                await self._deliveries.commit(draft)
            await self._history.keep(plan)
            return plan.changes

    async def record(
        self,
        board: str,
        progress: Progress,
        milestones: Sequence[Milestone],
        deliveries: Sequence[Delivery],
        revised: Sequence[Milestone],
    ) -> None:
        """See Store."""
        async with self._changing:
            draft = self._state.draft()
            draft.put("boards", board, to_document(progress))
            newest = progress.memories[-1].through if progress.memories else None
            await self._milestones.put(draft, milestones, revised, newest)
            await self._deliveries.commit(draft, deliveries)
