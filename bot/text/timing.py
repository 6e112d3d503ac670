"""When messages arrive in a channel, in words; they name channels as Discord does (pure)."""

from collections.abc import Sequence
from datetime import datetime

from bot.delivery import Held
from bot.subscription import MOST_IN_A_SERVER, Channel, Digest, QuietHours
from bot.text.boards import board_title
from bot.text.say import Say


def no_alerts(channel: str, say: Say) -> str:
    """Say that there is nothing to silence."""
    return say("{channel} gets no alerts yet. `/subscribe` starts them.", channel=channel)


def muted(settings: Channel, until: datetime, say: Say) -> str:
    """Say until when a channel is muted, and what becomes of what falls into that."""
    return say(
        "{channel} is muted until {until}. Alerts and digests of that time, headlines too, follow"
        " together afterwards.",
        channel=_mention(settings),
        until=_moment(until, "f"),
    )


def unmuted(settings: Channel, held: Held | None, say: Say) -> str:
    """Say that a channel is muted no longer, and when what was held back follows.

    `held` is why the channel, as it is now, wants nothing at the moment.
    """
    ended = say("{channel} is no longer muted.", channel=_mention(settings))
    return f"{ended} {_follows(settings, held, say)}"


def not_muted(settings: Channel, say: Say) -> str:
    """Say that there is no mute to end."""
    return say("{channel} is not muted.", channel=_mention(settings))


def quieted(settings: Channel, hours: QuietHours, now: datetime, say: Say) -> str:
    """Say which hours are quiet, and what their clock shows `now`: a wrong zone is seen at once."""
    return say(
        "{channel} is quiet from {start} to {end} ({timezone}; there it is {now} now). Alerts and"
        " digests of these hours, headlines too, follow together afterwards. Corrections still"
        " come, without a sound.",
        channel=_mention(settings),
        start=clock(hours.start),
        end=clock(hours.end),
        timezone=zone_name(hours.timezone),
        now=f"{now:%H:%M}",
    )


def no_longer_quiet(settings: Channel, held: Held | None, say: Say) -> str:
    """Say that a channel's quiet hours are over for good, and when what was held back follows."""
    ended = say("{channel} has no quiet hours any more.", channel=_mention(settings))
    return f"{ended} {_follows(settings, held, say)}"


def never_quiet(settings: Channel, say: Say) -> str:
    """Say that there are no quiet hours to end, and how to have some."""
    return say(
        "{channel} has no quiet hours. To set them, give `start`, `end` and `timezone`.",
        channel=_mention(settings),
    )


def quiet_in_part(say: Say) -> str:
    """Say that some options of quiet hours are missing."""
    return say(
        "Quiet hours need `start`, `end` and `timezone` together; to end them, give none of these."
        " Nothing was changed."
    )


def quiet_all_day(say: Say) -> str:
    """Say that quiet hours have to be over at some time of the day."""
    return say(
        "Quiet hours have to end at another hour than they start. To silence a channel for days"
        " there is `/mute`. Nothing was changed."
    )


def limited(settings: Channel, messages: int, say: Say) -> str:
    """Say how many messages a channel gets, and where the rest goes."""
    limit = say.plural(
        "{channel} gets at most {count} message in any 7 days. Headlines, the weekly digest and"
        " what follows a mute or quiet hours always pass, and count.",
        "{channel} gets at most {count} messages in any 7 days. Headlines, the weekly digest and"
        " what follows a mute or quiet hours always pass, and count.",
        messages,
        channel=_mention(settings),
    )
    if settings.digest is not None:
        rest = say("Of the rest the rarer pass first; the others come with the weekly digest.")
    else:
        rest = say(
            "Of the rest the rarer pass first; the others follow together as soon as there is room."
        )
    return f"{limit} {rest}"


def unlimited(settings: Channel, held: Held | None, say: Say) -> str:
    """Say that a channel gets all again, and when what was held back follows."""
    ended = say(
        "{channel} gets all its alerts again, however many they are.", channel=_mention(settings)
    )
    if settings.digest is not None:
        return f"{ended} {say('What yielded to the limit comes with the weekly digest.')}"
    return f"{ended} {_follows(settings, held, say)}"


def never_limited(settings: Channel, say: Say) -> str:
    """Say that there is no limit to end, and how to set one."""
    return say(
        "{channel} has no message limit. To set one, give `messages`.",
        channel=_mention(settings),
    )


def summed_up(
    settings: Channel, digest: Digest, first: datetime, held: Held | None, say: Say
) -> str:
    """Say what a weekly digest sums up, and when it comes.

    `first` is the moment of the first one by the clocks of its time zone, and `held` why the
    channel will want nothing then.
    """
    when = say(
        "{weekday}, {hour} ({timezone})",
        weekday=weekday(digest.weekday, say),
        hour=clock(digest.hour),
        timezone=zone_name(digest.timezone),
    )
    told = (
        say("{channel} gets a weekly digest: {when}.", channel=_mention(settings), when=when),
        _boards(digest.boards, say),
        _first(first, say),
        _late(held, say),
        say("`/unsubscribe` ends it."),
    )
    return " ".join(filter(None, told))


def too_many_digests(say: Say) -> str:
    """Say that a server has as many weekly digests as it may."""
    return say(
        "This server has {most} weekly digests, and no server may have more. `/unsubscribe` ends"
        " one of them, which makes room.",
        most=MOST_IN_A_SERVER,
    )


def weekday(number: int, say: Say) -> str:
    """Return the name of a day of the week; 0 is Monday."""
    return (
        say("Monday"),
        say("Tuesday"),
        say("Wednesday"),
        say("Thursday"),
        say("Friday"),
        say("Saturday"),
        say("Sunday"),
    )[number]


def clock(hour: int) -> str:
    """Return an hour as clocks show it: `07:00`."""
    return f"{hour:02}:00"


def zone_name(timezone: str) -> str:
    """Return a time zone as people read it: `America/New York`."""
    return timezone.replace("_", " ")


def _mention(settings: Channel) -> str:
    return f"<#{settings.channel_id}>"


def _boards(boards: Sequence[str], say: Say) -> str:
    titles = say.listed([board_title(board, say) for board in boards])
    return say("It sums up: {boards}.", boards=titles)


def _first(moment: datetime, say: Say) -> str:
    return say(
        "The first one comes on {day} at {hour} there, which for you is {moment}.",
        day=say.day(moment.date()),
        hour=f"{moment:%H:%M}",
        moment=_moment(moment, "F"),
    )


def _late(held: Held | None, say: Say) -> str:
    if held is Held.MUTE:
        return say("The channel is muted then: the digest waits until the mute ends.")
    if held is Held.QUIET:
        return say("The channel has quiet hours then: the digest waits until they end.")
    return ""


def _follows(settings: Channel, held: Held | None, say: Say) -> str:
    if settings.paused is not None:
        return say("What was held back follows once I can post there again.")
    if held is Held.MUTE:
        return say("What was held back follows after the mute.")
    if held is Held.QUIET:
        return say("What was held back follows after the quiet hours.")
    if settings.budget is not None or settings.digest is not None:
        return say(
            "What was held back for that, if anything, follows within a minute or two; what yielded"
            " to the message limit may wait longer."
        )
    return say("What was held back, if anything, follows within a minute or two.")


def _moment(when: datetime, style: str) -> str:
    """Return a moment that Discord shows by the reader's clock."""
    return f"<t:{int(when.timestamp())}:{style}>"
