"""What is answered to changes of a server's subscriptions; channels as Discord does (pure)."""

from collections.abc import Sequence

from bot.answers.managed import Entry
from bot.subscription import Channel, Subscription
from bot.text.managed import name
from bot.text.say import Say


def stopped(entry: Entry, say: Say) -> str:
    """Say that a subscription brings nothing new until it is resumed."""
    return say(
        "{what}: paused. This subscription brings nothing new until you resume it.",
        what=name(entry, say),
    )


def resumed(entry: Entry, one: Subscription, say: Say) -> str:
    """Say from which day on a subscription tells again."""
    return say(
        "{what}: resumed. It brings what is dated after {after}.",
        what=name(entry, say),
        after=say.day(one.after),
    )


def opened(channel: Channel, say: Say) -> str:
    """Say that a channel that was closed to us goes on."""
    return say(
        "{channel} gets alerts again; what waited for less than 24 hours follows.",
        channel=f"<#{channel.channel_id}>",
    )


def still_closed(say: Say) -> str:
    """Say that a channel stays paused; why stands in its details."""
    return say("I still cannot post there. It says above why.")


def no_test(say: Say) -> str:
    """Say that a channel gets no test as it is paused; why stands in its details."""
    return say("No test was sent, as I cannot post there. It says above why.")


def owed(channel: Channel, say: Say) -> str:
    """Say that a test is on its way."""
    return say("A test is on its way to {channel}.", channel=f"<#{channel.channel_id}>")


def too_soon(say: Say) -> str:
    """Say that a channel gets no more than one test a minute."""
    return say("A channel gets one test a minute at most. Please try again in a moment.")


def sure(entry: Entry, say: Say) -> str:
    """Ask whether something is to end for good."""
    return say("Stop this for good: {what}?", what=name(entry, say))


def ended(entries: Sequence[Entry], say: Say) -> str:
    """Say what ended."""
    return say("Stopped: {what}.", what=say.listed([name(each, say) for each in entries]))


def gone(say: Say) -> str:
    """Say that what was meant is there no more."""
    return say("That has ended meanwhile, or was made anew. This is what there is now.")


def nothing_there(channel: str, say: Say) -> str:
    """Say that there is nothing to end."""
    return say("{channel} gets no alerts as it is.", channel=channel)


def no_more(channel: str, say: Say) -> str:
    """Say that all that a channel got has ended."""
    return say("{channel} gets nothing more.", channel=channel)


def which(channel: str, left_out: int, say: Say) -> str:
    """Ask what of several things of a channel is to end."""
    asked = say("{channel} gets several things. Which should stop?", channel=channel)
    if not left_out:
        return asked
    more = say.plural(
        "{count} more is in /subscriptions.", "{count} more are in /subscriptions.", left_out
    )
    return f"{asked} {more}"
