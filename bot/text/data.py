"""What is held on a person or a server, in words and as a file (pure)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeAlias

from bot.answers.held_data import About, HeldData
from bot.message import Line, Message, Section
from bot.text.say import Say

_EXACT = 2**53
"""Many readers of JSON round numbers above this."""

_Counted: TypeAlias = tuple[int, str, Sequence[datetime]]
"""How many there are, that in words, and of which moments (UTC) if that is known."""


def shown(held: HeldData, say: Say) -> Message:
    """Return what is held in words; the file goes with it."""
    if held.empty:
        return nothing(held.about, say)
    if held.about is About.ME:
        title, delete = say("What I hold on you"), say("/data delete deletes it.")
    else:
        title = say("What I hold on this server")
        delete = say("/data delete about:server deletes it.")
    return _message(title, _lines(held, say), (say("The file has all of it."), delete))


def nothing(about: About, say: Say) -> Message:
    """Return that nothing is held."""
    words = {
        About.ME: say("I hold nothing on you."),
        About.SERVER: say("I hold nothing on this server."),
    }
    return _message(words[about], (), ())


def confirm(held: HeldData, say: Say) -> Message:
    """Return what a deletion would delete, before it does."""
    if held.about is About.ME:
        title = say("Delete what I hold on you?")
        notes = (
            say("What you watch ends at once, and what is not sent yet is not sent any more."),
            say(
                "Your id is taken out of servers’ settings; “somebody unknown” stands there"
                " instead."
            ),
        )
    else:
        title = say("Delete what I hold on this server?")
        notes = (
            say("All its subscriptions, digests and other settings end at once."),
            say("What is not sent yet is not sent any more."),
        )
    last = say("This cannot be undone. Messages that stand on Discord stay there.")
    return _message(title, _lines(held, say), (*notes, last))


def button(about: About, say: Say) -> str:
    """Return what the button says that deletes."""
    words = {
        About.ME: say("Delete what is held on me"),
        About.SERVER: say("Delete what is held on this server"),
    }
    return words[about]


def deleted(left: HeldData, say: Say) -> Message:
    """Return that it was deleted, and what is `left`."""
    if left.empty:
        words = {
            About.ME: say("I hold nothing on you any more."),
            About.SERVER: say("I hold nothing on this server any more."),
        }
        lines: tuple[str, ...] = (words[left.about],)
    else:
        lines = (say("What came meanwhile is still here:"), *_lines(left, say))
    notes = (
        say("Messages that stand on Discord stay there."),
        say("The log keeps its lines, as /privacy says."),
    )
    return _message(say("Deleted"), lines, notes)


def _message(title: str, lines: Sequence[str], notes: tuple[str, ...]) -> Message:
    return Message(
        title=title,
        lead=(),
        caption="",
        ranking=(),
        notes=notes,
        citation="",
        sections=(Section("", tuple(map(Line, lines))),) if lines else (),
    )


def _lines(held: HeldData, say: Say) -> tuple[str, ...]:
    counted = _of_person(held, say) if held.about is About.ME else _of_server(held, say)
    lines = [_line(text, moments, say) for count, text, moments in counted if count]
    if held.absent_since is not None:
        day = say.day(held.absent_since.date())
        lines.append(say("I was removed from it, as I noticed on {day}.", day=day))
    return tuple(lines)


def _line(text: str, moments: Sequence[datetime], say: Say) -> str:
    if not moments:
        return text
    return f"{text} · {say('oldest: {day}', day=say.day(min(moments).date()))}"


def _of_person(held: HeldData, say: Say) -> Sequence[_Counted]:
    watched = sum(len(each.wish.only) for each in held.subscriptions)
    named, changes = len(held.named), len(held.changes)
    return (
        (
            watched,
            say.plural(
                "{count} model or author that you watch",
                "{count} models and authors that you watch",
                watched,
            ),
            [each.created_at for each in held.subscriptions],
        ),
        _messages(held, say),
        (
            named,
            say.plural(
                "Your id in {count} subscription of a server",
                "Your id in {count} subscriptions of servers",
                named,
            ),
            [each.created_at for each in held.named],
        ),
        (
            changes,
            say.plural(
                "Your id in {count} change of a server’s settings",
                "Your id in {count} changes of servers’ settings",
                changes,
            ),
            [each.when for each in held.changes],
        ),
    )


def _of_server(held: HeldData, say: Say) -> Sequence[_Counted]:
    digests = sum(each.digest is not None for each in held.channels)
    subscriptions, changes = len(held.subscriptions), len(held.changes)
    return (
        (
            subscriptions,
            say.plural("{count} subscription", "{count} subscriptions", subscriptions),
            [each.created_at for each in held.subscriptions],
        ),
        (
            digests,
            say.plural("{count} weekly digest", "{count} weekly digests", digests),
            (),
        ),
        _messages(held, say),
        (
            changes,
            say.plural("{count} change of settings", "{count} changes of settings", changes),
            [each.when for each in held.changes],
        ),
    )


def _messages(held: HeldData, say: Say) -> _Counted:
    count = len(held.deliveries)
    text = say.plural("The record of {count} message", "The records of {count} messages", count)
    return count, text, [each.created_at for each in held.deliveries]


def file_name(about: About) -> str:
    """Return what the file is called."""
    return f"rankshift-{about}.json"


def as_json(held: HeldData, read: datetime) -> bytes:
    """Return what was held at `read` (UTC) as a JSON object in UTF-8; long ids are texts."""
    told = {"read": read, **asdict(held)}
    return f"{json.dumps(_spelt(told), ensure_ascii=False, indent=1)}\n".encode()


def _spelt(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Mapping):
        return {str(name): _spelt(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_spelt(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and value > _EXACT else value
