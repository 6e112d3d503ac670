"""Which rankings there are: boards are data, read from a TOML text (pure)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import InputError
from bot.standings import Counting, counting_of

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9-]{1,30}")

MOST_JUDGED = 25
"""Boards that can be chosen; Discord takes as many options in a select."""


@dataclass(frozen=True, slots=True)
class Board:
    """One ranking: what to ask the source for, and what may be said of the answer.

    `title` is in English words that people read; `query` has the Data API's parameters beyond the
    dates. `keyed` boards need a key; `weekly` ones have ISO weeks in place of days; `estimated`
    ones are sampled, which every message about them says. A board that is not `judged` keeps no
    days and has no milestones; `rules` may give some on the others, None: every rule may.
    """

    name: str
    title: str
    query: Mapping[str, str]
    keyed: bool
    weekly: bool
    estimated: bool
    judged: bool
    rules: frozenset[str] | None

    def among(self, rules: Mapping[str, T]) -> dict[str, T]:
        """Return those of the rules, by name, that may tell something on it."""
        return {n: each for n, each in rules.items() if self.rules is None or n in self.rules}

    @property
    def counting(self) -> Counting:
        """Return how its stored days are counted."""
        return counting_of(weekly=self.weekly)


MODELS = Board(
    "models", "All models", {}, keyed=False, weekly=False, estimated=False, judged=True, rules=None
)
"""The board of all models by tokens, which needs no key: the one that the demo shows."""


class _Entry(BaseModel):
    """A board as it is written: its own fields over those of its kind."""

    model_config = ConfigDict(strict=True, extra="forbid")

    title: Annotated[str, Field(min_length=1)]
    query: dict[str, str] = {}
    keyed: bool
    weekly: bool
    estimated: bool
    judged: bool
    rules: Annotated[list[str], Field(min_length=1)] | None = None


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    kinds: dict[str, dict[str, Any]]
    boards: dict[str, dict[str, Any]]


def parse_boards(text: str, where: str) -> Mapping[str, Board]:
    """Return the boards a TOML text holds, by name, in its order.

    Raises InputError naming `where`, the board and what is wrong with it.
    """
    try:
        file = _File.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise InputError(f"{where}: {_first_fault(error)}") from error
    boards = {
        name: _board(name, entry, file.kinds, f"{where}: {name}")
        for name, entry in file.boards.items()
    }
    if sum(board.judged for board in boards.values()) > MOST_JUDGED:
        raise InputError(f"{where}: more than {MOST_JUDGED} boards are judged")
    return boards


def _board(name: str, entry: dict[str, Any], kinds: Mapping[str, Any], where: str) -> Board:
    if not _NAME.fullmatch(name):
        raise InputError(f"{where}: a name has a-z, 0-9 and - alone, at most 30 of them")
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise InputError(f"{where}: kind: must be one of {', '.join(kinds)}, not {kind!r}")
    own = {field: value for field, value in entry.items() if field != "kind"}
    try:
        read = _Entry.model_validate(kinds[kind] | own)
    except ValidationError as error:
        raise InputError(f"{where}: {_first_fault(error)}") from error
    if read.weekly != (read.query.get("period") == "week"):
        raise InputError(f"{where}: weekly boards, and no others, ask for period = week")
    if read.query and not read.keyed:
        raise InputError(f"{where}: what needs no key knows no query")
    rules = None if read.rules is None else frozenset(read.rules)
    return Board(name=name, **{**dict(read), "rules": rules})


def _first_fault(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
