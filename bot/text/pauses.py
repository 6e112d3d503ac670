"""Why nothing goes to a channel, and what helps (pure)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.message import Message
from bot.subscription import Channel, Pause, PauseReason
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
            "paused since {since}: I cannot reach you by direct message. Allow these in the"
            " privacy settings of a server that we share, or join one.",
            since=since,
        )
    if not missing:
        return say(
            "paused since {since}: Discord does not let me post there, and I know of no permission"
            " that is missing. Perhaps I am timed out, or the thread is locked or private. I look"
            " again by myself; resume it in `/subscriptions` to let me try at once.",
            since=since,
        )
    return say(
        "paused since {since}: there I lack {permissions}. Once that is granted, alerts go on by"
        " themselves.",
        since=since,
        permissions=say.listed(missing),
    )


def direct(pause: Pause, say: Say) -> str:
    """Return since when and why a person gets no direct messages, and the remedy."""
    if pause.reason is PauseReason.GONE:
        return say(
            "Direct messages: paused since {since}: Discord says that our conversation is gone."
            " `/watch` any of these again to let me try once more; after seven days of this pause"
            " they are watched no longer.",
            since=say.day(pause.since.date()),
        )
    # Whatever Discord calls it: with a person we can do nothing but ask to be let in.
    unwelcome = replace(pause, reason=PauseReason.UNWELCOME)
    return say(
        "Direct messages: {reason} Then `/watch` any of these again: what waited for less than 24"
        " hours follows.",
        reason=reason(unwelcome, (), say),
    )


def notice(paused: Sequence[Channel], key: str, say: Say) -> Message:
    """Return the message that tells a server that channels of it (at least one) are paused."""
    return Message(
        title=say("Alerts are paused"),
        lead=(
            _how_many(len(paused), say),
            say("/subscriptions shows which, why, and what helps, if you may manage the server."),
            *_what_follows([_gone(channel) for channel in paused], say),
        ),
        caption="",
        ranking=(),
        notes=(),
        citation="",
        key=key,
    )


def _gone(channel: Channel) -> bool:
    return channel.paused is not None and channel.paused.reason is PauseReason.GONE


def _what_follows(gone: Sequence[bool], say: Say) -> list[str]:
    lines = []
    if not all(gone):
        lines.append(
            say(
                "Once I can post in a channel again, its alerts of the last 24 hours follow by"
                " themselves; older ones are not posted any more."
            )
        )
    if any(gone):
        lines.append(
            say("A deleted channel gets nothing more; its subscription ends after seven days.")
        )
    return lines


def _how_many(channels: int, say: Say) -> str:
    return say.plural(
        "I cannot post in one channel of this server that asked for alerts.",
        "I cannot post in {count} channels of this server that asked for alerts.",
        channels,
    )
