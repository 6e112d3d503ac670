"""The steps between a milestone and a channel, in words (pure)."""

import re
from datetime import datetime

from bot.answers.reasons import Check, Step, Way
from bot.delivery import MISSED, TOO_OLD, UNASKED, Delivery, DeliveryState, Form
from bot.model import Cause, Milestone
from bot.subscription import Channel, PauseReason, Subscription
from bot.text.boards import board_title
from bot.text.milestones import severity_word
from bot.text.rule_names import rule_title
from bot.text.say import Names, Say

_AFTER_A_DAY = "given up after a day"
_NOTHING_STANDS = "none of these milestones is stored"
_CODE = re.compile(r"Discord answered \d+ \(code (\d+)\)")


def moment(when: datetime, say: Say) -> str:
    """Return a moment (UTC) in words."""
    return say("{day}, {time} UTC", day=say.day(when.date()), time=f"{when:%H:%M}")


def of_milestone(step: Step, milestone: Milestone, names: Names, say: Say) -> str:
    """Say whether a milestone may be told at all."""
    if step.check is Check.KNOWN:
        if step.passed:
            return say("It does not depend on a model whose openness is unknown.")
        return say(
            "It depends on models whose openness is unknown: {models}.",
            models=say.listed([names(model) for model in milestone.held_by]),
        )
    if step.check is Check.HEARD:
        if step.passed:
            return say("No other milestone says it already.")
        return say("Not told by itself: {key} says it.", key=milestone.inhibited_by)
    return say("It was not withdrawn.") if step.passed else withdrawn(milestone, say)


def withdrawn(milestone: Milestone, say: Say) -> str:
    """Say when and why a milestone was withdrawn."""
    day = say.day((milestone.revised or milestone.as_of).date())
    if milestone.withdrawn is Cause.REGISTRY:
        return say(
            "It was withdrawn on {day}: what was believed of a model’s weights was wrong.", day=day
        )
    return say("It was withdrawn on {day}: by the final figures it is not true.", day=day)


def of_subscription(step: Step, subscription: Subscription, milestone: Milestone, say: Say) -> str:
    """Say what a subscription asks for, and whether a milestone is that."""
    if step.check in (Check.AFTER, Check.IN_TIME, Check.RUNNING):
        return _in_time(step, subscription, milestone, say)
    wish = subscription.wish
    if step.check is Check.RULE and not wish.rules:
        return say("Every kind of milestone is asked for.")
    board, rule = board_title(milestone.board, say), rule_title(milestone.rule, say)
    least, severity = severity_word(wish.least, say), severity_word(milestone.severity, say)
    if step.passed:
        return {
            Check.BOARD: say("Its board is asked for: {board}.", board=board),
            Check.SEVERITY: say(
                "It matters enough: {severity}; the least is {least}.",
                severity=severity,
                least=least,
            ),
            Check.RULE: say("Its kind is asked for: {rule}.", rule=rule),
            Check.NAMES: say("It names a model or an author that is watched."),
        }[step.check]
    return {
        Check.BOARD: say("Its board is not asked for: {board}.", board=board),
        Check.SEVERITY: say(
            "It matters too little: {severity}; the least is {least}.",
            severity=severity,
            least=least,
        ),
        Check.RULE: say("Its kind is not asked for: {rule}.", rule=rule),
        Check.NAMES: say("It names no model and no author that is watched."),
    }[step.check]


def _in_time(step: Step, subscription: Subscription, milestone: Milestone, say: Say) -> str:
    day, after = say.day(milestone.date), say.day(subscription.after)
    if step.passed:
        return {
            Check.AFTER: say(
                "It is dated {day}; alerts begin after {after}.", day=day, after=after
            ),
            Check.IN_TIME: say("It was found within seven days after its day."),
            Check.RUNNING: say("This subscription is not paused."),
        }[step.check]
    stopped = say.day((subscription.stopped or subscription.created_at).date())
    return {
        Check.AFTER: say(
            "It is dated {day}, and alerts begin only after {after}.", day=day, after=after
        ),
        Check.IN_TIME: say("It was found more than seven days after its day: too late to tell."),
        Check.RUNNING: say("This subscription has been paused since {day}.", day=stopped),
    }[step.check]


def of_way(step: Step, way: Way, channel: Channel | None, say: Say) -> str:
    """Say what kept an alert back, or did not, and what became of it."""
    if step.check is Check.OPEN:
        return say("The channel is not paused.") if step.passed else _closed(way, channel, say)
    if step.check is Check.DELIVERED:
        return delivered(way.message, say)
    if step.check is Check.GATHERED and step.passed:
        return _gathered(way.message, say)
    if step.passed is None and step.check is not Check.GATHERED:
        return {
            Check.QUIET: say("Quiet hours did not matter: it was held back already."),
            Check.BUDGET: say("The message limit did not matter: it was held back already."),
        }[step.check]
    if step.passed is False:
        return {
            Check.MUTE: say("The channel was muted: it was held back."),
            Check.QUIET: say("It was found in quiet hours, and held back."),
            Check.BUDGET: say("It yielded to the message limit, and was held back."),
            Check.GATHERED: say("It waits to be told with others."),
        }[step.check]
    return {
        Check.MUTE: say("The channel was not muted."),
        Check.QUIET: say("It was not found in quiet hours."),
        Check.BUDGET: say("The message limit did not hold it back."),
        Check.GATHERED: say("It did not have to wait for others."),
    }[step.check]


def _gathered(message: Delivery | None, say: Say) -> str:
    if message is not None and message.form is Form.DIGEST:
        return say("It went into the weekly digest.")
    return say("It went into one message with others.")


def _closed(way: Way, channel: Channel | None, say: Say) -> str:
    if way.message is not None and way.message.state is DeliveryState.DEAD:
        return say("The channel was paused for too long.")
    return paused(channel, say)


def paused(channel: Channel | None, say: Say) -> str:
    """Say why nothing goes to a channel."""
    pause = channel.paused if channel is not None else None
    if pause is None:
        return say("The channel is not paused.")
    since = say.day(pause.since.date())
    return {
        PauseReason.FORBIDDEN: say(
            "The channel has been paused since {day}: Discord does not let me post there.",
            day=since,
        ),
        PauseReason.GONE: say("The channel has been paused since {day}: it is gone.", day=since),
        PauseReason.UNWELCOME: say(
            "Direct messages have been paused since {day}: Discord does not let me write to you.",
            day=since,
        ),
    }[pause.reason]


def delivered(message: Delivery | None, say: Say) -> str:
    """Say how far a message is."""
    if message is None:
        return say("Nothing was sent yet.")
    if message.state is DeliveryState.SENT:
        when = moment(message.sent_at or message.created_at, say)
        if not message.attempts:  # of old messages no more is kept
            return say("Sent on {when}.", when=when)
        return say.plural(
            "Sent on {when}, at the first try.",
            "Sent on {when}, after {count} tries.",
            message.attempts,
            when=when,
        )
    if message.state is DeliveryState.DEAD:
        return given_up(message.reason or "", say)
    if message.attempts and message.retry_at is not None:
        return say.plural(
            "It waits to be sent: {count} try failed, the next is on {when}.",
            "It waits to be sent: {count} tries failed, the next is on {when}.",
            message.attempts,
            when=moment(message.retry_at, say),
        )
    return say("It waits to be sent.")


def given_up(reason: str, say: Say) -> str:
    """Say in plain words why a message was given up."""
    code = _CODE.search(reason)
    known = {
        MISSED: say("Given up: the channel was paused for too long."),
        TOO_OLD: say("Given up: it was held back for too long."),
        UNASKED: say("Given up: no subscription here asked for it any more."),
    }
    if reason in known:
        return known[reason]
    if reason.startswith(_AFTER_A_DAY):
        return say("Given up after a day of tries: Discord could not be reached, or had a fault.")
    if reason.startswith(_NOTHING_STANDS):
        return say("Given up: nothing of what it was to tell stands any more.")
    if code is not None:
        return say("Given up: Discord did not take it (code {code}).", code=code[1])
    return say("Given up: something went wrong on our side.")
