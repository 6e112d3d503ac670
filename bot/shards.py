"""Which of Discord's gateway shards a process runs (pure)."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.errors import InputError

_SPAN = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards from `first` to `last`, both included, of so many."""

    first: int
    last: int
    of: int

    @property
    def ids(self) -> tuple[int, ...]:
        """Return their numbers, ascending."""
        return tuple(range(self.first, self.last + 1))

    @property
    def all(self) -> bool:
        """Say whether there are no others."""
        return len(self.ids) == self.of

    def have(self, guild_id: int) -> bool:
        """Say whether one of them tells of a server; direct messages have no server, and id 0.

        By Discord's formula: docs.discord.com, Gateway, Sharding.
        """
        return self.first <= shard_of(guild_id, self.of) <= self.last


Identify: TypeAlias = Callable[[int], Awaitable[None]]
"""Returns when a shard of a bucket may begin a session: its number modulo how many may at once."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Which shards a process runs, None for all that Discord advises, and when they may begin."""

    shards: Shards | None
    identify: Identify


def shard_of(guild_id: int, count: int) -> int:
    """Return the number of the shard, of `count`, that tells of a server."""
    return (guild_id >> 22) % count


def parse_shards(span: str | None, of: int | None) -> Shards | None:
    """Return the shards that `--shards 0-3 --of 8` name, None where neither option is given.

    Raises InputError for anything that names none.
    """
    if span is None and of is None:
        return None
    if span is None or of is None:
        raise InputError("--shards and --of belong together, as in --shards 0-3 --of 8")
    found = _SPAN.fullmatch(span)
    if found is None:
        raise InputError(f"--shards {span}: must be a number, or two as in 0-3")
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise InputError(f"--shards {span}: {last} comes before {first}")
    if last >= of:
        raise InputError(f"--shards {span} --of {of}: they are numbered from 0 to {of - 1}")
    return Shards(first, last, of)
