"""What arrives in the channels of a server, in words; they name channels as Discord does (pure)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from bot.answers.managed import LATELY, Entry, Part
from bot.delivery import Delivery
from bot.subscription import Change, Digest, Subscription, Wish
from bot.text.boards import board_title
from bot.text.changes import NAMED, change_line, moment, person, some
from bot.text.panel import LANGUAGES, least_words
from bot.text.panel import Part as Choice
from bot.text.panel import heading as choice_name
from bot.text.pauses import reason
from bot.text.rule_names import rule_title
from bot.text.say import Say
from bot.text.timing import clock, weekday, zone_name

_EVERY = 1000
_DETAIL = (4, NAMED, 1, 0)
"""Boards, and rules, that a list names, tried in this order until it is short enough."""

Missing = Mapping[int, Sequence[str]]
"""The names of the permissions that are known to be missing, by channel."""


def page_text(part: Part[Entry], missing: Missing, now: datetime, room: int, say: Say) -> str:
    """Return what arrives where, in at most `room` characters."""
    if not part.total:
        return say("No channel of this server gets alerts. `/subscribe` starts them.")
    texts = (_blocks(part.shown, missing, now, most, say) for most in _DETAIL)
    return next((text for text in texts if len(text) <= room), "") or _whole_lines(
        _blocks(part.shown, missing, now, 0, say), room
    )


def heading(part: Part[Entry], say: Say) -> str:
    """Return the title of a list of what arrives where."""
    return _paged(say("Alerts in this server"), part.page, part.pages, say)


def changes_title(part: Part[Change], say: Say) -> str:
    """Return the title of the list of all changes."""
    return _paged(say("Changes of the settings"), part.page, part.pages, say)


def last_changes(changes: Sequence[Change], room: int, say: Say) -> str:
    """Return the last changes under a heading, those that have room; "" where none has."""
    lines = [f"**{say('Last changes')}**", *_bullets(changes, say)]
    text = _whole_lines("\n".join(lines), room)
    return text if "\n" in text else ""


def all_changes(part: Part[Change], say: Say) -> str:
    """Return a page of changes, newest first."""
    return "\n".join(_bullets(part.shown, say)) or say("Nothing was changed.")


def _bullets(changes: Sequence[Change], say: Say) -> list[str]:
    return [f"- {change_line(each, say)}" for each in changes]


def _paged(title: str, page: int, pages: int, say: Say) -> str:
    if pages == 1:
        return title
    return f"{title} · {say('page {page} of {pages}', page=page + 1, pages=pages)}"


def _whole_lines(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return text[: room + 1].rpartition("\n")[0]


def _blocks(shown: Sequence[Entry], missing: Missing, now: datetime, most: int, say: Say) -> str:
    grouped = groupby(shown, key=lambda entry: entry.channel.channel_id)
    blocks = (
        _block(list(group), missing.get(channel, ()), now, most, say) for channel, group in grouped
    )
    return "\n\n".join(blocks)


def _block(
    group: Sequence[Entry], missing: Sequence[str], now: datetime, most: int, say: Say
) -> str:
    first = group[0]
    lines = [
        f"**<#{first.channel.channel_id}>**",
        *_channel(first, missing, now, say),
        *(f"- {_entry(each, most, say)}" for each in group),
    ]
    return "\n".join(lines)


def _channel(entry: Entry, missing: Sequence[str], now: datetime, say: Say) -> list[str]:
    """Return how things stand in a channel, whatever arrives there."""
    channel = entry.channel
    if channel.paused is not None:
        standing = [reason(channel.paused, missing, say)]
    else:
        held = " · ".join(_held(entry, now, say))
        standing = [held] if held else []
    return [*standing, last_alert(entry.last, say)]


def _held(entry: Entry, now: datetime, say: Say) -> list[str]:
    channel, held = entry.channel, []
    if channel.muted_until is not None and channel.muted_until > now:
        held.append(say("muted until {until}", until=moment(channel.muted_until)))
    if channel.quiet is not None:
        held.append(
            say(
                "quiet from {start} to {end} ({timezone})",
                start=clock(channel.quiet.start),
                end=clock(channel.quiet.end),
                timezone=zone_name(channel.quiet.timezone),
            )
        )
    if channel.budget is not None:
        held.append(_budget(entry.used, channel.budget, say))
    return held


def _budget(used: int, budget: int, say: Say) -> str:
    return say.plural(
        "{count} message in the last 7 days, limit {limit}",
        "{count} messages in the last 7 days, limit {limit}",
        used,
        limit=budget,
    )


def last_alert(last: Delivery | None, say: Say) -> str:
    """Return when the last alert came, and the way to it."""
    if last is None:
        return say("No alert in the last {days} days", days=LATELY.days)
    # In a forum the alert is a post of its own, a channel that has the message's id.
    place = last.message_id if last.manner.forum else last.channel_id
    url = f"https://discord.com/channels/{last.guild_id}/{place}/{last.message_id}"
    day = say.day((last.sent_at or last.created_at).date())
    return say("Last alert: {alert}", alert=f"[{day}]({url})")


def _entry(entry: Entry, most: int, say: Say) -> str:
    one = entry.subscription
    if one is None:
        digest = entry.channel.digest
        return _digest_words(digest, entry.coming, most, say) if digest else ""
    number = [f"**{one.number}**"] if entry.several else []
    return " · ".join([*number, *_traits(one, most, say), _status(entry, one, say)])


def _traits(one: Subscription, most: int, say: Say) -> list[str]:
    return [
        _boards(one.wish.boards, most, say),
        least_words(one.wish.least, say),
        _rules(one.wish, most, say),
        *_manner(one, say),
        language(one.language),
    ]


def _manner(one: Subscription, say: Say) -> list[str]:
    called = (say("mentions {role}", role=f"<@&{role}>") for role in one.manner.mentions)
    return [*called, *([say("published")] if one.manner.publish else [])]


def language(code: str) -> str:
    """Return what a language calls itself; its code where that is not known."""
    return next((name for name, each in LANGUAGES.items() if each == code), code)


def _boards(boards: Sequence[str], most: int, say: Say) -> str:
    if not most and len(boards) > 1:
        return say.plural("{count} board", "{count} boards", len(boards))
    return some([board_title(each, say) for each in boards], max(most, 1), say)


def _rules(wish: Wish, most: int, say: Say) -> str:
    if not wish.rules:
        return say("every rule")
    if not most:
        return say.plural("{count} rule", "{count} rules", len(wish.rules))
    return some([rule_title(each, say) for each in wish.rules], most, say)


def _status(entry: Entry, one: Subscription, say: Say) -> str:
    after = say.day(one.after)
    if one.stopped is None and entry.channel.paused is not None:
        return say("for days after {after}", after=after)
    if one.stopped is None:
        return say("active, for days after {after}", after=after)
    since = say.day(one.stopped.date())
    if entry.stopped_by is None:
        return say("paused since {since} by hand", since=since)
    return say("paused since {since} by {who}", since=since, who=person(entry.stopped_by, say))


def _digest_words(digest: Digest, coming: datetime | None, most: int, say: Say) -> str:
    return f"{say('weekly digest')} · {_digest(digest, coming, most, say)}"


def _digest(digest: Digest, coming: datetime | None, most: int, say: Say) -> str:
    words = [
        f"{weekday(digest.weekday, say)} {clock(digest.hour)} ({zone_name(digest.timezone)})",
        *([say("next {moment}", moment=moment(coming))] if coming else []),
        _boards(digest.boards, most, say),
        language(digest.language),
    ]
    return " · ".join(words)


def name(entry: Entry, say: Say) -> str:
    """Return what an entry is called in a sentence."""
    channel = f"<#{entry.channel.channel_id}>"
    if entry.subscription is None:
        return f"{channel} · {say('weekly digest')}"
    if not entry.several:
        return channel
    return f"{channel} · {say('subscription {number}', number=entry.subscription.number)}"


def details(entry: Entry, missing: Sequence[str], now: datetime, say: Say) -> str:
    """Return all there is to say of an entry, its title first."""
    one, channel = entry.subscription, entry.channel
    closed = [reason(channel.paused, missing, say)] if channel.paused else []
    lines = [f"## {name(entry, say)}", *closed, *_wholly(entry, one, say), *_held(entry, now, say)]
    if one is not None and channel.digest is not None:
        lines.append(_digest_words(channel.digest, entry.coming, NAMED, say))
    return "\n".join([*lines, last_alert(entry.last, say)])


def _wholly(entry: Entry, one: Subscription | None, say: Say) -> list[str]:
    if one is None:
        return [_entry(entry, _EVERY, say)]
    told = {
        Choice.BOARDS: _boards(one.wish.boards, _EVERY, say),
        Choice.LEAST: least_words(one.wish.least, say),
        Choice.RULES: _rules(one.wish, _EVERY, say),
        Choice.ROLE: " ".join(f"<@&{role}>" for role in one.manner.mentions),
        Choice.LANGUAGE: language(one.language),
        Choice.PUBLISH: say("published") if one.manner.publish else "",
    }
    lines = [f"{choice_name(choice, say)}: {words}" for choice, words in told.items() if words]
    return [_status(entry, one, say), *lines]


def label(entry: Entry, place: str, say: Say) -> str:
    """Return what an entry is called in a select, where no channel can be mentioned."""
    if entry.subscription is None:
        return f"{place} · {say('weekly digest')}"
    return f"{place} · {entry.subscription.number}" if entry.several else place


def thing(entry: Entry, say: Say) -> str:
    """Return what an entry is called among those of its channel."""
    if entry.subscription is None:
        return say("weekly digest")
    return say("subscription {number}", number=entry.subscription.number)


def brief(entry: Entry, say: Say) -> str:
    """Return what tells an entry from others, in few words."""
    one = entry.subscription
    if one is not None:
        return f"{_boards(one.wish.boards, NAMED, say)} · {least_words(one.wish.least, say)}"
    digest = entry.channel.digest
    return _digest(digest, None, 1, say) if digest else ""


def unknown(channel_id: int, say: Say) -> str:
    """Return what a channel is called that Discord does not show us, or no more."""
    return say("unknown channel {id}", id=channel_id)
