"""Milestones: the newest in the state, the others put aside by board and month."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from bot.model import Milestone
from storage._codec import from_document, to_document
from storage._files import KeyedTinyDB, ReplacedFile, make_folder
from storage._history import boards_in

KEPT = timedelta(days=60)
"""How long a milestone stays in the state: what changes or repeats it comes within days."""

_READY, _AT_ONCE = 1000, 50
"""Milestones that are kept decoded, about 10 kB each, and that are decoded without a pause."""

_TABLE = "milestones"
_KEY = re.compile(r"([a-z0-9-]+)\..+\.(\d{4}-\d{2})-\d{2}(\.held)?")


class Milestones:
    """Read milestones from the state and from the months put aside.

    A month is written before the state that no longer holds its milestones, so that one may be in
    both and none is in neither.
    """

    def __init__(
        self, folder: Path, state: ReplacedFile, *, writable: bool, warn: Callable[[str], None]
    ) -> None:
        """Name the folder of the months, and make it if anything is to be written."""
        if writable:
            make_folder(folder)
        self._folder = folder
        self._state = state
        self._writable = writable
        self._warn = warn
        self._months: dict[str, ReplacedFile] = {}
        self._decoded: dict[str, tuple[dict[str, object], Milestone]] = {}

    async def all(self, board: str, since: date | None) -> tuple[Milestone, ...]:
        """Return a board's milestones dated from `since` on, by date, then key."""
        documents: dict[object, dict[str, object]] = {}
        for month in self._stored_months(board, since):
            documents |= {d["key"]: d for d in _documents(month)}
        documents |= {d["key"]: d for d in _documents(self._state) if d["board"] == board}
        first = since.isoformat() if since else ""
        found = []
        for number, document in enumerate(documents.values()):
            if str(document["date"]) >= first:
                found.append(self._decode(document))
            if number % _AT_ONCE == _AT_ONCE - 1:
                await asyncio.sleep(0)  # years of them take a quarter of a second
        return tuple(sorted(found, key=lambda one: (one.date, one.key)))

    def by_key(self, keys: Sequence[str]) -> tuple[Milestone, ...]:
        """Return the milestones of these keys, in their order; unknown keys are left out."""
        found = (self._find(key, self._state.saved()) for key in keys)
        return tuple(self._decode(document) for document in found if document)

    def boards(self) -> frozenset[str]:
        """Return the boards that milestones are kept of."""
        return boards_in(self._folder) | {str(each["board"]) for each in _documents(self._state)}

    async def put(
        self,
        draft: KeyedTinyDB,
        milestones: Sequence[Milestone],
        revised: Sequence[Milestone],
        newest: date | None,
    ) -> None:
        """Put new milestones in a draft of the state; what there is old by `newest` goes aside.

        Those whose key is known stay as they are, unless `revised`.
        """
        kept = {str(each["key"]): dict(each) for each in draft.table(_TABLE).all()}
        new = [one for one in milestones if self._find(one.key, draft) is None]
        # Old ones among the new go with the next change: what is aside must not be ahead.
        oldest = (newest - KEPT).isoformat() if newest else ""
        old = {key: each for key, each in kept.items() if str(each["date"]) < oldest}
        await asyncio.to_thread(self._put_aside, old)
        fresh = {one.key: to_document(one) for one in (*new, *revised)}
        draft.fill(_TABLE, {key: each for key, each in kept.items() if key not in old} | fresh)

    def _decode(self, document: dict[str, object]) -> Milestone:
        """Return the milestone that a document holds, decoded once while it stays the same."""
        key = str(document["key"])
        known = self._decoded.pop(key, None)
        if known is None or known[0] != document:
            known = (document, from_document(Milestone, document))
        self._decoded[key] = known
        while len(self._decoded) > _READY:
            del self._decoded[next(iter(self._decoded))]
        return known[1]

    def _find(self, key: str, state: KeyedTinyDB) -> dict[str, object] | None:
        document = state.find(_TABLE, key)
        parts = _KEY.fullmatch(key)
        if document is None and parts is not None:
            document = self._month(f"{parts[1]}-{parts[2]}").saved().find(_TABLE, key)
        return dict(document) if document is not None else None

    def _put_aside(self, documents: Mapping[str, dict[str, object]]) -> None:
        months: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
        for key, document in documents.items():
            months[f"{document['board']}-{str(document['date'])[:7]}"][key] = document
        for name, found in sorted(months.items()):
            file = self._month(name)
            draft = file.draft()
            draft.fill(_TABLE, {str(each["key"]): each for each in _documents(file)} | found)
            file.save(draft)

    def _stored_months(self, board: str, since: date | None) -> list[ReplacedFile]:
        paths = self._folder.glob(f"{board}-*.json*")
        names = {path.name.removesuffix(".bak") for path in paths}
        months = sorted(
            name.removesuffix(".json").removeprefix(f"{board}-")
            for name in names
            if re.fullmatch(rf"{re.escape(board)}-\d{{4}}-\d{{2}}\.json", name)
        )
        wanted = (m for m in months if since is None or m >= f"{since:%Y-%m}")
        return [self._month(f"{board}-{month}") for month in wanted]

    def _month(self, name: str) -> ReplacedFile:
        if name not in self._months:
            path = self._folder / f"{name}.json"
            self._months[name] = ReplacedFile(path, writable=self._writable, warn=self._warn)
        return self._months[name]


def _documents(file: ReplacedFile) -> list[dict[str, object]]:
    return [dict(document) for document in file.saved().table(_TABLE).all()]
