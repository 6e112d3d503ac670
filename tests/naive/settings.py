"""Who gets what, told a second time from docs/subscriptions.md alone, as naively as can be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.delivery import Delivery, DeliveryState, Held
from bot.model import Milestone, Severity
from bot.subscription import Channel, QuietHours, Subscription

WEEK = timedelta(days=7)
_LIGHTEST_FIRST = (Severity.MINOR, Severity.NOTABLE, Severity.HEADLINE)


class Past(NamedTuple):
    """What the backtest of a board found, over so many complete windows, so many a week."""

    found: Sequence[Milestone]
    windows: int
    a_week: int


@dataclass(frozen=True)
class Settings:
    """What is set and known when milestones are found: posts are those that may count."""

    subscriptions: Sequence[Subscription]
    channels: Mapping[int, Channel] = field(default_factory=dict)
    posts: Sequence[Delivery] = ()
    pasts: Mapping[str, Past] = field(default_factory=dict)


class Said(NamedTuple):
    """One message to a channel; what the budget holds back has no roles, for it mentions nobody."""

    channel: int
    language: str
    board: str
    day: date
    keys: frozenset[str]
    held: Held | None
    roles: tuple[int, ...]
    published: bool


def names(one: Milestone, what: str) -> bool:
    """Say whether a milestone names a model, or an author ("author/") or a model of theirs."""
    said: list[str] = []
    for fact in one.facts.values():
        said += [fact] if isinstance(fact, str) else fact if isinstance(fact, list) else []
    authors = [each.split("/")[0].replace("meta-llama", "meta") + "/" for each in said]
    return what in said or what in authors


def asks(subscription: Subscription, one: Milestone) -> bool:
    """Say whether a subscription asks for such milestones of that day."""
    wish, weight = subscription.wish, _LIGHTEST_FIRST.index
    return (
        one.board in wish.boards
        and weight(one.severity) >= weight(wish.least)
        and (not wish.rules or one.rule in wish.rules)
        and (not wish.only or any(names(one, each) for each in wish.only))
        and one.date > subscription.after
        and subscription.stopped is None
    )


def tellable(one: Milestone) -> bool:
    """Say whether a milestone may be told."""
    return not one.held_by and one.inhibited_by is None and one.withdrawn is None


def quiet(channel: Channel, now: datetime) -> Held | None:
    """Return why a channel is quiet at `now`, None if it is not."""
    if channel.muted_until is not None and now < channel.muted_until:
        return Held.MUTE
    if channel.quiet is not None and _hour(channel.quiet, now) in _hours(channel.quiet):
        return Held.QUIET
    return None


def _hour(hours: QuietHours, now: datetime) -> int:
    return now.astimezone(ZoneInfo(hours.timezone)).hour


def _hours(hours: QuietHours) -> list[int]:
    found, hour = [], hours.start
    while hour != hours.end:
        found.append(hour)
        hour = (hour + 1) % 24
    return found


def room(channel: Channel, posts: Sequence[Delivery], now: datetime) -> int | None:
    """Return how many messages a channel may get at `now`, None without a budget."""
    if channel.budget is None:
        return None
    of = [each for each in posts if each.channel_id == channel.channel_id]
    sent = [each for each in of if each.sent_at is not None and each.sent_at > now - WEEK]
    waiting = [each for each in of if each.state in (DeliveryState.PENDING, DeliveryState.SENDING)]
    return channel.budget - len(sent) - len(waiting)


def seen(past: Past | None, rule: str, severity: Severity) -> int:
    """Return how often the backtest saw milestones of a rule and severity that were told."""
    return sum(
        (one.rule, one.severity) == (rule, severity)
        for one in (past.found if past is not None else ())
        if tellable(one)
    )


class _Message(NamedTuple):
    said: Said
    of: list[Milestone]

    @property
    def headline(self) -> bool:
        return any(one.severity is Severity.HEADLINE for one in self.of)

    def rarity(self, past: Past | None) -> int:
        return min(seen(past, one.rule, one.severity) for one in self.of)


_NOTHING = (frozenset[str](), None, (), False)


def _messages(
    channel: int, found: Sequence[Milestone], known: Settings, now: datetime
) -> Iterator[_Message]:
    subscriptions = [each for each in known.subscriptions if each.channel_id == channel]
    found = [one for one in found if tellable(one) and one.date >= now.date() - WEEK]
    for language in {each.language for each in subscriptions}:
        ours = [each for each in subscriptions if each.language == language]
        for board, day in {(one.board, one.date) for one in found}:
            there = [one for one in found if (one.board, one.date) == (board, day)]
            told = [one for one in there if any(asks(each, one) for each in ours)]
            who = [each for each in ours if any(asks(each, one) for one in told)]
            if told:
                yield _message(Said(channel, language, board, day, *_NOTHING), told, who)


def _message(said: Said, told: list[Milestone], who: list[Subscription]) -> _Message:
    keys = frozenset(one.key for one in told)
    roles = tuple(sorted({role for each in who for role in each.manner.mentions}))
    published = any(each.manner.publish for each in who)
    return _Message(said._replace(keys=keys, roles=roles, published=published), told)


def _rarer(channel: int, message: _Message, known: Settings) -> Fraction:
    """Return how many rarer ones are to be expected in seven days."""
    board = message.said.board
    past = known.pasts.get(board)
    if past is None or past.windows == 0:
        return Fraction(0)
    wishes = [
        each.wish
        for each in known.subscriptions
        if each.channel_id == channel and each.stopped is None and board in each.wish.boards
    ]
    expected = 0
    for rule, severity in {(one.rule, one.severity) for one in past.found}:
        asked = any(
            _LIGHTEST_FIRST.index(severity) >= _LIGHTEST_FIRST.index(wish.least)
            and (not wish.rules or rule in wish.rules)
            for wish in wishes
        )
        hits = seen(past, rule, severity)
        rarer = severity is Severity.HEADLINE or hits < message.rarity(past)
        expected += hits if asked and rarer else 0
    return Fraction(expected * past.a_week, past.windows)


def said(
    found: Sequence[Milestone], known: Settings, now: datetime, boards: Sequence[str]
) -> set[Said]:
    """Return every message that becomes owed; `boards` is the order of what is otherwise equal."""
    told: set[Said] = set()
    for channel in {each.channel_id for each in known.subscriptions}:
        settings = known.channels.get(channel, Channel(channel, 0))
        free = room(settings, known.posts, now)

        def place(message: _Message) -> tuple[bool, int, date, str, int]:
            one = message.said
            rarity = 0 if message.headline else message.rarity(known.pasts.get(one.board))
            return not message.headline, rarity, one.day, one.language, boards.index(one.board)

        for message in sorted(_messages(channel, found, known, now), key=place):
            held = quiet(settings, now)
            if held is None and free is not None:
                if message.headline or free > _rarer(channel, message, known):
                    free -= 1
                else:
                    held = Held.BUDGET
            roles = () if held is Held.BUDGET else message.said.roles
            told.add(message.said._replace(held=held, roles=roles))
    return told
