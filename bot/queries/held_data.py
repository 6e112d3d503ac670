"""What of all that is stored is about a person or a server (pure)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.answers.held_data import About, HeldData
from bot.delivery import Delivery
from bot.subscription import DIRECT, Change, Channel, Subscription


def places_of(
    person: int, direct: int | None, subscriptions: Iterable[Subscription]
) -> frozenset[int]:
    """Return the channels of a person's direct messages; `direct` is the one with us if known.

    It may have got messages though nothing is watched any more.
    """
    watched = (each for each in subscriptions if each.guild_id == DIRECT)
    found = frozenset(each.channel_id for each in watched if each.created_by == person)
    return found if direct is None else found | {direct}


def on_person(
    person: int,
    places: frozenset[int],
    channels: Iterable[Channel],
    subscriptions: Iterable[Subscription],
    deliveries: Iterable[Delivery],
    changes: Iterable[Change],
) -> HeldData:
    """Return what is held on a person, of all that is stored, and of `places`, which are theirs."""
    theirs = tuple(each for each in subscriptions if each.created_by == person)
    rows = (each for each in deliveries if each.channel_id in places)
    return HeldData(
        about=About.ME,
        whose=person,
        channels=tuple(each for each in channels if each.channel_id in places),
        subscriptions=tuple(each for each in theirs if each.guild_id == DIRECT),
        deliveries=tuple(sorted(rows, key=lambda row: (row.created_at, row.key))),
        changes=tuple(each for each in changes if each.who == person),
        named=tuple(each for each in theirs if each.guild_id != DIRECT),
    )


def on_server(
    guild_id: int,
    channels: Iterable[Channel],
    subscriptions: Iterable[Subscription],
    deliveries: Iterable[Delivery],
    changes: Iterable[Change],
    absences: Mapping[int, datetime],
) -> HeldData:
    """Return what is held on a server, of all that is stored."""
    return HeldData(
        about=About.SERVER,
        whose=guild_id,
        channels=tuple(each for each in channels if each.guild_id == guild_id),
        subscriptions=tuple(each for each in subscriptions if each.guild_id == guild_id),
        deliveries=tuple(each for each in deliveries if each.guild_id == guild_id),
        changes=tuple(each for each in changes if each.guild_id == guild_id),
        absent_since=absences.get(guild_id),
    )
