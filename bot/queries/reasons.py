"""Why a milestone was or was not posted in a channel, step by step (pure)."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from bot.answers.reasons import Asked, Check, Forgotten, Outcome, Step, Wait, Way, Why
from bot.delivery import LONGEST_HELD, MISSED, Delivery, DeliveryState, Form, Held
from bot.hours import digest_from, listens_from
from bot.model import Milestone, Severity
from bot.routing import LATEST, still_asked
from bot.standings import ONE_DAY, WEEK, newest_judged
from bot.subscription import Change, Channel, Deed, Subscription
from bot.wishes import named, ruled, weighty
from storage.protocol import KEPT_SLIM, KEPT_WHOLE

_ON_ITS_WAY = (DeliveryState.PENDING, DeliveryState.SENDING)
_ORDER = (
    DeliveryState.SENT,
    DeliveryState.SENDING,
    DeliveryState.PENDING,
    DeliveryState.HELD,
    DeliveryState.GATHERED,
    DeliveryState.DEAD,
)
"""Which of several messages says what became of a milestone."""

_RESTRAINTS = ((Check.MUTE, Held.MUTE), (Check.QUIET, Held.QUIET), (Check.BUDGET, Held.BUDGET))


def reasons(
    milestone: Milestone,
    channel: Channel | None,
    subscriptions: Sequence[Subscription],
    deliveries: Sequence[Delivery],
    changes: Sequence[Change],
    now: datetime,
) -> Why:
    """Return whether and why a milestone was posted in a channel, as far as is known at `now`.

    All but the milestone are of that channel; `deliveries` are its alerts with the milestone,
    whatever their form and state. What is recorded decides; where nothing is, settings as they are
    now tell what they would have done when the milestone was found.
    """
    found = _found(milestone, deliveries)
    itself = _itself(milestone)
    asked = [Asked(each, _steps(milestone, each, found)) for each in subscriptions]
    asked.sort(key=lambda each: sum(not step.passed for step in each.steps))
    ways = sorted(_ways(deliveries, channel), key=_leading)
    opens = _opens(ways[0].alert, channel, now) if ways else None
    return Why(
        milestone=milestone,
        found=found,
        channel=channel,
        itself=itself,
        asked=tuple(asked),
        ways=tuple(ways),
        changed=tuple(one for one in changes if one.when > found and one.deed is not Deed.TESTED),
        outcome=_outcome(milestone, ways, asked, channel),
        opens=opens,
        waits=_waits(milestone, ways[0].alert, channel, subscriptions, opens) if ways else None,
        summed=_summed(milestone, channel, now),
        forgotten=_forgotten(now - found),
        now=now,
    )


def _found(milestone: Milestone, deliveries: Sequence[Delivery]) -> datetime:
    """Return when a milestone was found: when it became owed, else the first moment it could be."""
    owed = [one.created_at for one in deliveries if one.form is Form.ALERT]
    over = datetime.combine(milestone.date + timedelta(days=1), time(), UTC)
    # Figures that were revised since are of a later moment than those it was found in.
    read = over if milestone.revised else max(over, milestone.as_of)
    return min(owed, default=read)


def _forgotten(age: timedelta) -> Forgotten:
    if age <= KEPT_WHOLE:
        return Forgotten.NOTHING
    return Forgotten.UNPOSTED if age <= KEPT_WHOLE + KEPT_SLIM else Forgotten.ALL


def _itself(milestone: Milestone) -> tuple[Step, ...]:
    return (
        Step(Check.KNOWN, not milestone.held_by),
        Step(Check.HEARD, milestone.inhibited_by is None),
        Step(Check.STANDS, milestone.withdrawn is None),
    )


def _steps(one: Milestone, subscription: Subscription, found: datetime) -> tuple[Step, ...]:
    wish = subscription.wish
    return (
        Step(Check.BOARD, one.board in wish.boards),
        Step(Check.SEVERITY, weighty(one.severity, wish)),
        Step(Check.RULE, ruled(one.rule, wish)),
        Step(Check.NAMES, named(one, wish)),
        Step(Check.AFTER, subscription.after < one.date),
        Step(Check.IN_TIME, found.date() - one.date <= LATEST),
        Step(Check.RUNNING, subscription.stopped is None),
    )


def _ways(deliveries: Sequence[Delivery], channel: Channel | None) -> list[Way]:
    """Return what became of each alert; messages that gathered one stand with it alone."""
    by_key = {one.key: one for one in deliveries}
    gathered = {one.about for one in deliveries if one.state is DeliveryState.GATHERED}
    return [
        Way(one, message, _way(one, message, channel))
        for one in deliveries
        if one.key not in gathered
        for message in [_message(one, by_key.get(one.about or ""))]
    ]


def _message(alert: Delivery, gatherer: Delivery | None) -> Delivery | None:
    if alert.state is DeliveryState.HELD:
        return None
    return gatherer if alert.state is DeliveryState.GATHERED else alert


def _way(alert: Delivery, message: Delivery | None, channel: Channel | None) -> tuple[Step, ...]:
    open_ = _open(message, channel)
    return (
        *(_restraints(alert) if alert.form is Form.ALERT else ()),
        *((Step(Check.OPEN, open_),) if open_ is not None else ()),
        Step(Check.DELIVERED, _delivered(message)),
    )


def _restraints(alert: Delivery) -> tuple[Step, ...]:
    """Return what held an alert back; what comes after that was not looked at any more."""
    steps = []
    passed: bool | None = True
    for check, held in _RESTRAINTS:
        steps.append(Step(check, False if alert.held is held else passed))
        passed = None if alert.held is held else passed
    waits = {DeliveryState.HELD: False, DeliveryState.GATHERED: True}
    return (*steps, Step(Check.GATHERED, waits.get(alert.state)))


def _open(message: Delivery | None, channel: Channel | None) -> bool | None:
    """Say whether the channel takes it as it is now; None where that does not matter any more."""
    if message is not None and message.state is DeliveryState.DEAD:
        return False if message.reason == MISSED else None
    if channel is None or (message is not None and message.state is DeliveryState.SENT):
        return None
    return channel.paused is None


def _delivered(message: Delivery | None) -> bool | None:
    done = {DeliveryState.SENT: True, DeliveryState.DEAD: False}
    return None if message is None else done.get(message.state)


def _leading(way: Way) -> tuple[int, bool, datetime]:
    """Return what says which way decides: that of a post before others, alerts before digests."""
    shown = way.message or way.alert
    return _ORDER.index(shown.state), shown.form is Form.DIGEST, shown.created_at


def _outcome(
    milestone: Milestone, ways: Sequence[Way], asked: Sequence[Asked], channel: Channel | None
) -> Outcome:
    if not ways:
        return _unrecorded(milestone, asked)
    shown = ways[0].message or ways[0].alert
    if _withdrawn_before(milestone, shown):
        return Outcome.UNTOLD
    if shown.state is DeliveryState.SENT:
        return Outcome.POSTED
    if shown.state in _ON_ITS_WAY:
        paused = channel is not None and channel.paused is not None
        return Outcome.PAUSED if paused else Outcome.COMING
    return Outcome.HELD if shown.state is DeliveryState.HELD else Outcome.GIVEN_UP


def _withdrawn_before(milestone: Milestone, message: Delivery) -> bool:
    """Say whether a milestone was withdrawn before a message went out, which then left it out."""
    if milestone.withdrawn is None or message.state is not DeliveryState.SENT:
        return milestone.withdrawn is not None
    tried = message.tried_at or message.created_at
    return milestone.revised is not None and milestone.revised <= tried


def _unrecorded(milestone: Milestone, asked: Sequence[Asked]) -> Outcome:
    if not milestone.told:
        return Outcome.UNTOLD
    if not asked:
        return Outcome.NOBODY
    return Outcome.UNRECORDED if asked[0].wanted else Outcome.UNASKED


def _opens(alert: Delivery, channel: Channel | None, now: datetime) -> datetime | None:
    """Return the first moment at which what is held back may come; None where nothing can."""
    if alert.state is not DeliveryState.HELD or channel is None or channel.paused is not None:
        return None
    digest = digest_from(channel, now) if alert.held is Held.BUDGET else None
    return digest or listens_from(channel, now)


def _waits(
    milestone: Milestone,
    alert: Delivery,
    channel: Channel | None,
    subscriptions: Sequence[Subscription],
    opens: datetime | None,
) -> Wait | None:
    """Return what an alert that is held back waits for; None where nothing can be posted."""
    if opens is None or channel is None:
        return None
    if not still_asked([alert], {milestone.key: milestone}, subscriptions):
        return Wait.UNASKED
    if opens - alert.created_at > LONGEST_HELD:
        return Wait.TOO_LONG
    rationed = channel.budget is not None and channel.digest is None
    return Wait.ROOM if rationed and alert.held is Held.BUDGET else Wait.CLOCK


def _summed(milestone: Milestone, channel: Channel | None, now: datetime) -> bool:
    """Say whether the next digest is of the week of a milestone, and names it."""
    coming = digest_from(channel, now) if channel is not None else None
    if channel is None or channel.digest is None or coming is None:
        return False
    first = newest_judged(coming) - (WEEK - 1) * ONE_DAY
    told = milestone.told and milestone.severity is not Severity.MINOR
    return told and milestone.board in channel.digest.boards and milestone.date >= first
