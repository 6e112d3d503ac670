"""All that a store of dictionaries holds, as `everything` returns it of a real one."""

from datetime import timedelta

from bot.model import BOARD_MODELS
from bot.subscription import Channel, Subscription
from tests.contract.naive import Naive
from tests.contract.nouns import (
    CHANNELS,
    DELIVERIES,
    MILESTONES,
    NOTHING,
    OTHER_BOARD,
    PLACES,
    SERVERS,
)
from tests.made import AS_OF


def everything_of(naive: Naive) -> dict[str, object]:
    """Return what `everything` returns of a store that holds the same."""
    held: dict[str, object] = {
        "subscriptions": _subscriptions(naive),
        "channels": _channels(naive),
        "by server": [each for guild in SERVERS for each in _of_server(naive, guild)],
        "by key": tuple(naive.milestones[k] for k in MILESTONES if k in naive.milestones),
        "open": naive.open(),
        "waiting": tuple(dict.fromkeys(row.channel_id for row in naive.open())),
        "open by channel": [each for n in CHANNELS for each in naive.open(n)],
        "deliveries": tuple(naive.deliveries[k] for k in DELIVERIES if k in naive.deliveries),
        "held": naive.held(),
        "alerts": naive.alerts(),
        "posts": naive.posts(),
        "late posts": naive.posts(AS_OF + timedelta(days=20)),
        "about": frozenset(row for each in CHANNELS for row in naive.about("m1", each)),
        "kept by channel": [row for at in PLACES for row in naive.kept(*at)],
        "absences": naive.absences,
        "guilds": frozenset(
            each.guild_id for each in (*naive.channels.values(), *naive.deliveries.values())
        ).union(naive.changes),
        "catalogue": naive.catalogue,
        "commands": naive.commands,
    }
    for board in (BOARD_MODELS, OTHER_BOARD):
        held |= _of_board(naive, board)
    return held


def _of_server(naive: Naive, guild: int) -> list[object]:
    settings = [*_subscriptions(naive, guild), *_channels(naive, guild)]
    posts = sorted(naive.posts(None, guild), key=lambda row: row.key)
    return [*settings, *naive.changes.get(guild, ()), *posts, *naive.kept(guild)]


def _subscriptions(naive: Naive, guild: int | None = None) -> tuple[Subscription, ...]:
    found = (each for _, each in sorted(naive.subscriptions.items()))
    return tuple(each for each in found if guild in {None, each.guild_id})


def _channels(naive: Naive, guild: int | None = None) -> tuple[Channel, ...]:
    found = (each for _, each in sorted(naive.channels.items()))
    return tuple(each for each in found if guild in {None, each.guild_id})


def _of_board(naive: Naive, board: str) -> dict[str, object]:
    days = sorted(naive.current.get(board, {}).items())
    readings = naive.readings.get(board, {})
    found = [m for m in naive.milestones.values() if m.board == board]
    return {
        f"{board}: days": days,
        f"{board}: versions": {when: set(readings[when]) - {now} for when, now in days},
        f"{board}: progress": naive.progress.get(board, NOTHING),
        f"{board}: milestones": tuple(sorted(found, key=lambda m: (m.date, m.key))),
    }
