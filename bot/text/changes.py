"""What somebody did to a server's settings, in words; they name channels as Discord does (pure)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from bot.model import Severity
from bot.subscription import NOBODY, Change, Deed
from bot.text.boards import board_title
from bot.text.panel import LANGUAGES, least_words
from bot.text.rule_names import rule_title
from bot.text.say import Say
from bot.text.timing import clock, weekday, zone_name

NAMED = 2
"""Boards, and rules, that a line names before it says how many more there are."""

_Words: TypeAlias = Callable[[str, Say], str]


def change_line(change: Change, say: Say) -> str:
    """Return when, by whom, where and what was changed, in one line."""
    parts = [moment(change.when), person(change.who, say)]
    if change.channel_id:
        parts.append(f"<#{change.channel_id}>")
    return " · ".join([*parts, changed(change, say)])


def changed(change: Change, say: Say) -> str:
    """Return what was changed, and what is set from then on."""
    deed = _deed(change, say)
    if change.number is not None:
        which = say("subscription {number}", number=change.number)
        deed = f"{which}: {deed}"
    return " · ".join([deed, *_details(change.values, say)])


def person(who: int, say: Say) -> str:
    """Return a person, or that they had their data deleted."""
    return say("somebody unknown") if who == NOBODY else f"<@{who}>"


def moment(when: datetime) -> str:
    """Return a moment (UTC) that Discord shows by the reader's clock."""
    return f"<t:{int(when.timestamp())}:f>"


def some(names: Sequence[str], most: int, say: Say) -> str:
    """Return names, at most so many, and how many more there are."""
    if len(names) <= most:
        return ", ".join(names)
    more = say("and {count} more", count=len(names) - most)
    return f"{', '.join(names[:most])} {more}"


def _deed(change: Change, say: Say) -> str:
    return {
        Deed.SUBSCRIBED: say("started"),
        Deed.AMENDED: say("changed"),
        Deed.UNSUBSCRIBED: say("ended"),
        Deed.STOPPED: say("paused"),
        Deed.RESUMED: say("resumed"),
        Deed.MUTED: say("muted"),
        Deed.UNMUTED: say("no longer muted"),
        Deed.QUIET: say("quiet hours set"),
        Deed.NO_QUIET: say("quiet hours ended"),
        Deed.BUDGET: say("message limit set"),
        Deed.NO_BUDGET: say("message limit ended"),
        Deed.DIGEST: say("weekly digest set"),
        Deed.NO_DIGEST: say("weekly digest ended"),
        Deed.TESTED: say("test asked for"),
    }[change.deed]


def _details(values: Mapping[str, str], say: Say) -> Iterator[str]:
    """Yield what is set, in an order of its own; a code that is known no more as it is."""
    words: Mapping[str, _Words] = {
        "boards": _boards,
        "least": _least,
        "rules": _rules,
        "language": _language,
        "role": _role,
        "publish": _publish,
        "until": _until,
        "weekday": _weekday,
        "hour": _hour,
        "timezone": _timezone,
        "messages": _messages,
    }
    if hours := [_hour(values[name], say) for name in ("start", "end") if values.get(name)]:
        yield "–".join(hours)
    yield from (told(values[name], say) for name, told in words.items() if values.get(name))


def _boards(codes: str, say: Say) -> str:
    return some([board_title(each, say) for each in codes.split(",")], NAMED, say)


def _rules(codes: str, say: Say) -> str:
    return some([rule_title(each, say) for each in codes.split(",")], NAMED, say)


def _least(code: str, say: Say) -> str:
    return least_words(Severity(code), say) if code in set(Severity) else code


def _language(code: str, _: Say) -> str:
    return next((name for name, each in LANGUAGES.items() if each == code), code)


def _role(code: str, say: Say) -> str:
    return say("mentions {role}", role=f"<@&{code}>" if code.isdecimal() else code)


def _publish(_: str, say: Say) -> str:
    return say("published")


def _until(code: str, say: Say) -> str:
    return say("until {until}", until=_read(code))


def _read(code: str) -> str:
    try:
        when = datetime.fromisoformat(code)
        return moment(when if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return code


def _weekday(code: str, say: Say) -> str:
    return weekday(int(code), say) if code in {*"0123456"} else code


def _hour(code: str, _: Say) -> str:
    return clock(int(code)) if code.isascii() and code.isdecimal() and len(code) < 3 else code


def _timezone(code: str, _: Say) -> str:
    return zone_name(code)


def _messages(code: str, say: Say) -> str:
    return say("at most {messages} in any 7 days", messages=code)
