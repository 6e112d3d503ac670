"""Milestones and subscriptions become deliveries with stable keys (pure)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.delivery import Delivery, Kind, Subscription
from bot.model import Milestone, Openness
from bot.openness import author
from bot.rules.streak import OPEN

LATEST = timedelta(days=7)
"""How long after its date a milestone is still sent."""

_SEVERITIES = ("headline", "notable", "minor")
_FIRST = ("leader", "open_top5", "open_share", "first_to_mark", "platform_mark")
"""Rules whose milestones come before others of their severity."""

_NAMING = ("passed", "previous", "author")
"""Facts that name a model or an author besides those that a milestone is about."""

_TOLD_AFTER = timedelta(minutes=1)
"""A notice waits for so long, for channels are seldom closed to us one by one."""


def route(
    milestones: Iterable[Milestone], subscriptions: Sequence[Subscription], now: datetime
) -> tuple[Delivery, ...]:
    """Return what is owed to whom: one alert a channel, board and day, oldest day first.

    Where a channel publishes, each alert is followed by its publishing.

    A subscription gets the milestones of its board that are neither held nor silenced, weighty
    enough for it, that name something of its `only` (if it has any), dated after its `after` and at
    most seven days before `now` (UTC). Within a delivery the weightiest milestone leads.
    """
    told = sorted((one for one in milestones if one.told), key=_order)
    groups = groupby(told, key=lambda m: (m.date, m.board))
    alerts = (
        _alert(keys, subscription, now)
        for (day, board), grouped in groups
        for group in [list(grouped)]
        for subscription in subscriptions
        if board == subscription.board and _wanted(day, subscription, now)
        if (keys := [m.key for m in group if _asked(m, subscription)])
    )
    return tuple(each for alert in alerts for each in _published(alert, now))


def subjects(milestone: Milestone) -> frozenset[str]:
    """Return the models a milestone is about, which its picture sets off."""
    facts = milestone.facts
    named = [facts.get("model"), facts.get("subject"), *facts.get("open", [])]
    if facts.get("subject") == OPEN:
        named = [each.model for each in milestone.top if each.openness is Openness.OPEN]
    return frozenset(model for model in named if model is not None)


def watchable(milestone: Milestone) -> frozenset[str]:
    """Return the models that a milestone names, and whose they are (as "author/")."""
    facts = milestone.facts
    names = subjects(milestone) | {facts[it] for it in _NAMING if facts.get(it) is not None}
    return names | {f"{author(name)}/" for name in names}


def follow_up(
    revised: Sequence[Milestone],
    posted: Iterable[Delivery],
    subscriptions: Sequence[Subscription],
    now: datetime,
) -> tuple[Delivery, ...]:
    """Return what is owed to those who got an alert that has changed since.

    `posted` are the alerts that went out, or may be on their way, with any of the milestones. Each
    is edited once for new figures and once for each withdrawal; a withdrawal is also told, in a
    message of its own, to the channels that are still subscribed to its board.
    """
    boards = {one.board for one in revised}
    channels = {each.channel_id for each in subscriptions if each.board in boards}
    withdrawn = {one.key for one in revised if one.withdrawn}
    owed: list[Delivery] = []
    for alert in posted:
        gone = tuple(key for key in alert.milestones if key in withdrawn)
        # One alert may lose its milestones one by one: each time that is another edit.
        which = "+".join(gone)
        why = f"withdrawn:{which}" if gone else "final"
        owed.append(_about(alert, Kind.EDIT, why, alert.milestones, now))
        if gone and alert.channel_id in channels:
            owed.append(_about(alert, Kind.CORRECTION, f"correction:{which}", gone, now))
    return tuple(owed)


def pause_notice(subscription: Subscription, place: int, now: datetime) -> tuple[Delivery, ...]:
    """Return what tells a server, in its system channel `place`, that a channel is paused.

    None if that is the paused one. It waits for a minute, so that it tells of others too.
    """
    if place == subscription.channel_id:
        return ()
    key = f"{place}:paused.{subscription.channel_id}.{now:%Y-%m-%d.%H%M%S}"
    notice = Delivery(
        key=key,
        channel_id=place,
        guild_id=subscription.guild_id,
        milestones=(),
        nonce=nonce(key),
        created_at=now,
        language=subscription.language,
        retry_at=now + _TOLD_AFTER,
        kind=Kind.NOTICE,
    )
    return (notice,)


def _published(alert: Delivery, now: datetime) -> tuple[Delivery, ...]:
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
        manner=replace(alert.manner, mention=None),
        target=alert.message_id,
    )


def _order(milestone: Milestone) -> tuple[date, str, int, int, str]:
    rule = milestone.rule
    return (
        milestone.date,
        milestone.board,
        _SEVERITIES.index(milestone.severity),
        _FIRST.index(rule) if rule in _FIRST else len(_FIRST),
        milestone.key,
    )


def _asked(milestone: Milestone, subscription: Subscription) -> bool:
    only = subscription.only
    weighty = _SEVERITIES.index(milestone.severity) <= _SEVERITIES.index(subscription.least)
    return weighty and (not only or not watchable(milestone).isdisjoint(only))


def _wanted(day: date, subscription: Subscription, now: datetime) -> bool:
    return subscription.after < day and now.date() - day <= LATEST


def _alert(keys: list[str], subscription: Subscription, now: datetime) -> Delivery:
    key = f"{subscription.channel_id}:{'+'.join(keys)}"
    return Delivery(
        key=key,
        channel_id=subscription.channel_id,
        guild_id=subscription.guild_id,
        milestones=tuple(keys),
        nonce=nonce(key),
        created_at=now,
        language=subscription.language,
        manner=subscription.manner,
    )


def nonce(key: str) -> str:
    """Return the nonce that follows from a delivery's key: 24 characters, of Discord's 25."""
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
