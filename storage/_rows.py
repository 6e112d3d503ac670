"""Deliveries as they are held: which are meant, and what becomes of them in time (pure)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from bot.delivery import LONGEST_HELD, MISSED, TOO_OLD, Delivery, DeliveryState, Kind, missed

OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
UNSETTLED = (*OPEN, DeliveryState.HELD)

Rows: TypeAlias = dict[str, Delivery]


@dataclass(frozen=True, slots=True)
class Place:
    """A server, a channel, or a channel of a server: at least one of the two is given."""

    guild_id: int | None = None
    channel_id: int | None = None

    @property
    def named(self) -> bytes:
        """Return what every line of a delivery to it has, and no other's."""
        guild = b"" if self.guild_id is None else b'"guild_id":%d,' % self.guild_id
        channel = b"" if self.channel_id is None else b'"channel_id":%d,' % self.channel_id
        return b"," + channel + guild

    def has(self, row: Delivery) -> bool:
        """Say whether a delivery is to it."""
        return self.guild_id in {None, row.guild_id} and self.channel_id in {None, row.channel_id}

    def without(self, row: Delivery) -> Delivery | None:
        """Return a delivery that is to another place."""
        return None if self.has(row) else row


def ended_if_missed(row: Delivery, now: datetime) -> Delivery:
    """Return what waits for a paused channel as it is, or dead if it is missed by `now`."""
    late = row.state in OPEN and missed(row, now)
    return replace(row, state=DeliveryState.DEAD, reason=MISSED) if late else row


def ended_if_too_old(row: Delivery, now: datetime) -> Delivery:
    """Return what is held back as it is, or dead if that is so for too long by `now`."""
    late = row.state is DeliveryState.HELD and now - row.created_at > LONGEST_HELD
    return replace(row, state=DeliveryState.DEAD, reason=TOO_OLD) if late else row


def unsettled(rows: Mapping[str, Delivery]) -> Rows:
    """Return those that are open or held back."""
    return {key: row for key, row in rows.items() if row.state in UNSETTLED}


def alerts(rows: Mapping[str, Delivery], guild_id: int | None) -> Iterator[Delivery]:
    """Yield the alerts (of one server)."""
    found = (row for row in rows.values() if row.kind is Kind.ALERT)
    return (row for row in found if guild_id in {None, row.guild_id})


def oldest_first(rows: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Return them by when they became owed, then by key."""
    return tuple(sorted(rows, key=lambda row: (row.created_at, row.key)))
