"""What holds a message back: quiet times, and the channel's budget with its rarities (pure)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.delivery import Delivery, DeliveryState, Held
from bot.hours import quiet
from bot.model import Milestone, Severity
from bot.subscription import Channel, Subscription, Wish
from bot.wishes import ruled, weighty

SPAN = timedelta(days=7)
"""Over how long a budget counts."""

LOOKED_BACK = SPAN + timedelta(days=2)
"""What was sent in that span became owed within this: nothing waits for so long."""

_WAITS = (DeliveryState.PENDING, DeliveryState.SENDING)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Likes:
    """How often the backtest of a board saw milestones of a rule and severity, told ones alone.

    Over so many complete windows, of which a week has `windows_a_week`.
    """

    hits: Mapping[tuple[str, Severity], int]
    windows: int
    windows_a_week: int = _WEEK


@dataclass(frozen=True, slots=True)
class Restraints:
    """What may hold messages back.

    `channels` by id; `lately` has how many messages that count each got in the seven days before;
    `likes` are by board. What is not named holds nothing back, and was never seen.
    """

    channels: Mapping[int, Channel] = field(default_factory=dict)
    lately: Mapping[int, int] = field(default_factory=dict)
    likes: Mapping[str, Likes] = field(default_factory=dict)


def likes_of(found: Iterable[Milestone], windows: int, windows_a_week: int = _WEEK) -> Likes:
    """Return how often a backtest saw each kind of milestone."""
    hits = Counter((one.rule, one.severity) for one in found if one.told)
    return Likes(hits, windows, windows_a_week)


def counted(posts: Iterable[Delivery], now: datetime) -> Mapping[int, int]:
    """Return how many messages count against each channel's budget at `now` (UTC)."""
    return Counter(each.channel_id for each in posts if _counts(each, now))


def _counts(post: Delivery, now: datetime) -> bool:
    if post.state in _WAITS:
        return True
    sent = post.sent_at or post.created_at
    return post.state is DeliveryState.SENT and now - SPAN < sent <= now


def held_back(
    alerts: Sequence[Delivery],
    told: Mapping[str, Milestone],
    subscriptions: Sequence[Subscription],
    restraints: Restraints,
    now: datetime,
) -> Mapping[str, Held]:
    """Return by its key why an alert is held back at `now` (UTC), if it is.

    `told` has the milestones of the alerts by key.
    """
    rows: dict[int, list[Delivery]] = defaultdict(list)
    for alert in alerts:
        if alert.channel_id in restraints.channels:
            rows[alert.channel_id].append(alert)
    why = {channel: quiet(restraints.channels[channel], now) for channel in rows}
    held = {row.key: reason for at, reason in why.items() if reason for row in rows[at]}
    rationed = {at for at in rows if not why[at] and restraints.channels[at].budget is not None}
    wishes = _wishes(subscriptions, rationed)
    for at in rationed:
        yielding = _yielding(rows[at], told, wishes[at], restraints, restraints.channels[at])
        held |= dict.fromkeys(yielding, Held.BUDGET)
    return held


def _wishes(subscriptions: Sequence[Subscription], of: set[int]) -> Mapping[int, Sequence[Wish]]:
    wishes: dict[int, list[Wish]] = {channel: [] for channel in of}
    for each in [one for one in subscriptions if one.channel_id in of] if of else ():
        if each.stopped is None:
            wishes[each.channel_id].append(each.wish)
    return wishes


def _yielding(
    rows: Sequence[Delivery],
    told: Mapping[str, Milestone],
    wishes: Iterable[Wish],
    restraints: Restraints,
    channel: Channel,
) -> list[str]:
    """Return the keys of a channel's alerts that yield to its budget."""
    room = (channel.budget or 0) - restraints.lately.get(channel.channel_id, 0)
    yielding = []
    in_turn = sorted(rows, key=lambda row: _turn(row, told, restraints)) if rows[1:] else rows
    for row in in_turn:
        milestones = [told[key] for key in row.milestones]
        likes = restraints.likes.get(milestones[0].board, Likes({}, 0))
        if _passes(milestones, likes, wishes, room):
            room -= 1
        else:
            yielding.append(row.key)
    return yielding


def _turn(
    row: Delivery, told: Mapping[str, Milestone], restraints: Restraints
) -> tuple[bool, int, date, str, str]:
    """Return what says whose turn it is: headlines, then the rarest, the oldest, the language."""
    milestones = [told[key] for key in row.milestones]
    board, day = milestones[0].board, milestones[0].date
    likes = restraints.likes.get(board, Likes({}, 0))
    return (not _headline(milestones), _rarity(milestones, likes), day, row.language, board)


def _passes(
    milestones: Sequence[Milestone], likes: Likes, wishes: Iterable[Wish], room: int
) -> bool:
    """Say whether there is room for a message, beside the rarer ones to be expected in a week."""
    if _headline(milestones):
        return True
    if room <= 0:
        return False
    board, hits = milestones[0].board, _rarity(milestones, likes)
    rarer = sum(
        count
        for (rule, severity), count in likes.hits.items()
        if severity is Severity.HEADLINE or count < hits
        if any(board in w.boards and ruled(rule, w) and weighty(severity, w) for w in wishes)
    )
    return not likes.windows or room * likes.windows > rarer * likes.windows_a_week


def _headline(milestones: Iterable[Milestone]) -> bool:
    return any(one.severity is Severity.HEADLINE for one in milestones)


def _rarity(milestones: Iterable[Milestone], likes: Likes) -> int:
    return min(likes.hits.get((one.rule, one.severity), 0) for one in milestones)
