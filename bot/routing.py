"""Milestones and subscriptions become deliveries with stable keys (pure)."""

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeAlias

from bot.delivery import Delivery, DeliveryState, Held, Kind
from bot.hush import Restraints, held_back
from bot.model import Milestone
from bot.subscription import Channel, Manner, Subscription, Wish
from bot.wishes import SEVERITIES, asked

LATEST = timedelta(days=7)
"""How long after its date a milestone is still sent."""

_FIRST = ("leader", "open_top5", "open_share", "first_to_mark", "platform_mark")
"""Rules whose milestones come before others of their severity."""

_TOLD_AFTER = timedelta(minutes=1)
"""A notice waits for so long, for channels are seldom closed to us one by one."""

_FREE = Restraints()

_Asking: TypeAlias = list[tuple[Subscription, tuple[str, ...]]]
"""Who asks for which milestones."""

_Wanted: TypeAlias = Sequence[tuple[int, tuple[str, ...]]]
"""The keys that a wish asks for, by the number of the board and day that they are of."""


def route(
    milestones: Iterable[Milestone],
    subscriptions: Sequence[Subscription],
    now: datetime,
    restraints: Restraints = _FREE,
) -> tuple[Delivery, ...]:
    """Return what is owed to whom: one alert a channel, language, board and day, oldest day first.

    Where a channel publishes, each alert is followed by its publishing. What the restraints hold
    back has that state. docs/subscriptions.md says exactly who gets what.
    """
    told = {one.key: one for one in sorted((m for m in milestones if m.told), key=_order)}
    lately = (one for one in told.values() if now.date() - one.date <= LATEST)
    groups = [list(each) for _, each in groupby(lately, key=lambda one: (one.date, one.board))]
    alerts = [
        _alert(keys, askers, now)
        for group, asking in zip(groups, _askers(groups, subscriptions), strict=True)
        for keys in [tuple(one.key for one in group)]
        for channels in asking.values()
        for askers in channels.values()
    ]
    held = held_back(alerts, told, subscriptions, restraints, now)
    return tuple(
        row
        for alert in alerts
        for row in (
            (_held(alert, held[alert.key]),) if alert.key in held else published(alert, now)
        )
    )


def _askers(
    groups: Sequence[Sequence[Milestone]], subscriptions: Sequence[Subscription]
) -> Sequence[Mapping[str, Mapping[int, _Asking]]]:
    """Return for each board and day, by language and channel, who asks for which milestones."""
    days = [group[0].date for group in groups]
    askers = [defaultdict[str, dict[int, _Asking]](dict) for _ in groups]
    by_wish: dict[Wish, _Wanted] = {}
    by_id: dict[int, _Wanted] = {}
    for each in subscriptions:
        wish = each.wish
        # A store hands out the same wish again and again: then even its hash is not computed.
        wanted = by_id.get(id(wish))
        if wanted is None:
            if wish not in by_wish:
                by_wish[wish] = _wanted(groups, wish)
            wanted = by_id[id(wish)] = by_wish[wish]
        if wanted and each.stopped is None:
            for number, keys in wanted:
                if each.after < days[number]:
                    channels = askers[number][each.language]
                    others = channels.get(each.channel_id)
                    if others is None:
                        channels[each.channel_id] = [(each, keys)]
                    else:
                        others.append((each, keys))
    return askers


def _wanted(groups: Sequence[Sequence[Milestone]], wish: Wish) -> _Wanted:
    """Return of which of these groups a wish asks for what."""
    keys = (tuple(one.key for one in group if asked(one, wish)) for group in groups)
    return [(number, found) for number, found in enumerate(keys) if found]


def still_asked(
    held: Sequence[Delivery],
    milestones: Mapping[str, Milestone],
    subscriptions: Sequence[Subscription],
) -> tuple[Delivery, ...]:
    """Return what was held back as far as a running subscription of its channel still asks for it.

    It mentions the roles of those that do. `milestones` has what is stored of those held, by key.
    A language that nobody reads there any more gives way to one in which the same is held.
    """
    asking: dict[int, list[Subscription]] = defaultdict(list)
    channels = {row.channel_id for row in held}
    for each in subscriptions:
        if each.channel_id in channels and each.stopped is None:
            asking[each.channel_id].append(each)
    there = {(row.channel_id, row.language, key) for row in held for key in row.milestones}
    found = (_still(row, milestones, asking[row.channel_id], there) for row in held)
    return tuple(row for row in found if row is not None)


def _still(
    row: Delivery,
    milestones: Mapping[str, Milestone],
    subscriptions: Sequence[Subscription],
    there: Container[tuple[int, str, str]],
) -> Delivery | None:
    askers: dict[str, list[Subscription]] = {
        key: [
            each
            for each in subscriptions
            if each.language == row.language or (row.channel_id, each.language, key) not in there
            if each.after < milestones[key].date and asked(milestones[key], each.wish)
        ]
        for key in row.milestones
        if key in milestones
    }
    keys = tuple(key for key in row.milestones if askers.get(key))
    if not keys:
        return None
    manner = joined(each.manner for key in keys for each in askers[key])
    mentions = () if row.held is Held.BUDGET else manner.mentions
    return replace(row, milestones=keys, manner=replace(manner, mentions=mentions))


def follow_up(
    revised: Sequence[Milestone],
    posted: Iterable[Delivery],
    subscriptions: Sequence[Subscription],
    channels: Sequence[Channel],
    now: datetime,
) -> tuple[Delivery, ...]:
    """Return what is owed to those who got an alert that has changed since.

    `posted` are the alerts that went out, or may be on their way, with any of the milestones. Each
    is edited once for new figures and once for each withdrawal; a withdrawal is also told, in a
    message of its own, to the channels that still get something of its board.
    """
    boards = {one.board for one in revised}
    asking = {each.channel_id for each in subscriptions if boards.intersection(each.wish.boards)}
    asking |= {
        each.channel_id for each in channels if each.digest and boards & {*each.digest.boards}
    }
    withdrawn = {one.key for one in revised if one.withdrawn}
    owed: list[Delivery] = []
    for alert in posted:
        gone = tuple(key for key in alert.milestones if key in withdrawn)
        # One alert may lose its milestones one by one: each time that is another edit.
        which = "+".join(gone)
        why = f"withdrawn:{which}" if gone else "final"
        owed.append(_about(alert, Kind.EDIT, why, alert.milestones, now))
        if gone and alert.channel_id in asking:
            owed.append(_about(alert, Kind.CORRECTION, f"correction:{which}", gone, now))
    return tuple(owed)


def pause_notice(
    channel: Channel, language: str, place: int, now: datetime
) -> tuple[Delivery, ...]:
    """Return what tells a server, in its system channel `place`, that a channel is paused.

    None if that is the paused one. It waits for a minute, so that it tells of others too.
    """
    if place == channel.channel_id:
        return ()
    key = f"{place}:paused.{channel.channel_id}.{now:%Y-%m-%d.%H%M%S}"
    notice = Delivery(
        key=key,
        channel_id=place,
        guild_id=channel.guild_id,
        milestones=(),
        nonce=nonce(key),
        created_at=now,
        language=language,
        retry_at=now + _TOLD_AFTER,
        kind=Kind.NOTICE,
    )
    return (notice,)


def published(alert: Delivery, now: datetime) -> tuple[Delivery, ...]:
    """Return an alert, with its publishing where it wants that."""
    if not alert.manner.publish:
        return (alert,)
    return (alert, _about(alert, Kind.PUBLISH, "publish", alert.milestones, now))


def _about(
    alert: Delivery, kind: Kind, why: str, milestones: tuple[str, ...], now: datetime
) -> Delivery:
    key = f"{alert.key}!{why}"
    return Delivery(
        key=key,
        channel_id=alert.channel_id,
        guild_id=alert.guild_id,
        milestones=milestones,
        nonce=nonce(key),
        created_at=now,
        language=alert.language,
        kind=kind,
        about=alert.key,
        manner=replace(alert.manner, mentions=()),
        target=alert.message_id,
        form=alert.form,
        summary=alert.summary,
    )


def _order(milestone: Milestone) -> tuple[date, str, int, int, str]:
    rule = milestone.rule
    return (
        milestone.date,
        milestone.board,
        SEVERITIES.index(milestone.severity),
        _FIRST.index(rule) if rule in _FIRST else len(_FIRST),
        milestone.key,
    )


def _alert(keys: tuple[str, ...], askers: _Asking, now: datetime) -> Delivery:
    """Return what tells a channel, in a language, those of the milestones that are asked for."""
    first, wanted = askers[0]
    manner, channel_id, language = first.manner, first.channel_id, first.language
    if len(askers) > 1:
        every = {key for _, theirs in askers for key in theirs}
        wanted = tuple(key for key in keys if key in every)
        manner = joined(each.manner for each, _ in askers)
    key = f"{channel_id}:{language}:{'+'.join(wanted)}"
    return Delivery(
        key=key,
        channel_id=channel_id,
        guild_id=first.guild_id,
        milestones=wanted,
        nonce=nonce(key),
        created_at=now,
        language=language,
        manner=manner,
    )


def _held(alert: Delivery, why: Held) -> Delivery:
    """Return an alert held back; what yields to a budget mentions nobody later either."""
    manner = alert.manner
    if why is Held.BUDGET and manner.mentions:
        manner = replace(manner, mentions=())
    return replace(alert, state=DeliveryState.HELD, held=why, manner=manner)


def joined(manners: Iterable[Manner]) -> Manner:
    """Return the manner that has what any of these has."""
    every = tuple(manners)
    return Manner(
        any(each.forum for each in every),
        any(each.publish for each in every),
        tuple(sorted({role for each in every for role in each.mentions})),
    )


def nonce(key: str) -> str:
    """Return the nonce that follows from a delivery's key: 24 characters, of Discord's 25."""
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
