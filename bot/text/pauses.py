"""Why nothing goes to a channel, and what helps (pure)."""

from collections.abc import Sequence

from bot.delivery import Pause, PauseReason, Subscription
from bot.message import Message
from bot.text.say import Say


def reason(pause: Pause, missing: Sequence[str], say: Say) -> str:
    """Return since when and why a channel is paused, and the remedy.

    `missing` names the permissions that are known to be missing there now.
    """
    since = say.day(pause.since.date())
    if pause.reason is PauseReason.GONE:
        return say(
            "paused since {since}: the channel is gone. After seven days its subscription ends.",
            since=since,
        )
    if pause.reason is PauseReason.UNWELCOME:
        return say(
            "paused since {since}: direct messages from me are not accepted. Allow them in the"
            " privacy settings of a server that we share.",
            since=since,
        )
    if not missing:
        return say(
            "paused since {since}: Discord does not let me post there. See that I can view it and"
            " write in it, then `/subscribe` it again.",
            since=since,
        )
    return say(
        "paused since {since}: there I lack {permissions}. Once that is granted, alerts go on by"
        " themselves.",
        since=since,
        permissions=say.listed(missing),
    )


def notice(paused: Sequence[Subscription], key: str, say: Say) -> Message:
    """Return the message that tells a server that channels of it (at least one) are paused."""
    return Message(
        title=say("Alerts are paused"),
        lead=(
            _how_many(len({subscription.channel_id for subscription in paused}), say),
            say("/subscriptions shows which, why, and what helps."),
            say("Once I can post again, the alerts of the last 24 hours follow by themselves."),
        ),
        caption="",
        ranking=(),
        notes=(),
        citation="",
        key=key,
    )


def _how_many(channels: int, say: Say) -> str:
    if channels == 1:
        return say("I cannot post in one channel of this server that asked for alerts.")
    return say(
        "I cannot post in {count} channels of this server that asked for alerts.", count=channels
    )
