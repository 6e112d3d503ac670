"""Why something was or was not posted, step by step (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answers.reasons import Asked, Check, Forgotten, Outcome, Step, Wait, Way, Why
from bot.delivery import Form, Held
from bot.message import Line, Link, Message, Section
from bot.subscription import DIRECT, Change
from bot.text import steps
from bot.text.changes import changed
from bot.text.say import Names, Say

_MOST_ASKED, _MOST_WAYS, _MOST_CHANGES = 4, 3, 5
_MARKS = {True: "✓", False: "✗", None: "–"}
_MARKUP = ("role", "until")
"""What a change has that only Discord's markup would say."""

_UNRECORDED = (Outcome.NOBODY, Outcome.UNASKED, Outcome.UNRECORDED)


def why_message(
    why: Why, headline: str, place: str, names: Names, links: Mapping[str, Link], say: Say
) -> Message:
    """Return whether and why a milestone was posted, the conclusion first.

    `place` names the channel, "" where somebody asks in it; `links` lead to messages by the key of
    their delivery.
    """
    one = why.milestone
    itself = (_line(step, steps.of_milestone(step, one, names, say)) for step in why.itself)
    return Message(
        title=say("Why: {headline}", headline=headline),
        lead=(say("Channel: {name}", name=place),) if place else (),
        caption="",
        ranking=(),
        notes=_notes(why, say),
        citation="",
        key=one.key,
        sections=(
            Section("", (Line(_conclusion(why, names, say), _link(why.ways[:1], links)),)),
            Section(say("The milestone"), tuple(itself)),
            *(_asked(each, why, say) for each in why.asked[:_MOST_ASKED]),
            *_more(len(why.asked) - _MOST_ASKED, say),
            *(_way(way, why, links, say) for way in why.ways[:_MOST_WAYS]),
            *_changed(why.changed, say),
        ),
    )


def _link(ways: Sequence[Way], links: Mapping[str, Link]) -> Link | None:
    return next((links.get(way.message.key) for way in ways if way.message is not None), None)


def _line(step: Step, text: str) -> Line:
    return Line(f"{_MARKS[step.passed]} {text}")


def _asked(asked: Asked, why: Why, say: Say) -> Section:
    one = asked.subscription
    heading = say("Subscription {number}", number=one.number)
    if one.guild_id == DIRECT:
        heading = say("What you watch")
    shown = [step for step in asked.steps if step.check is not Check.NAMES or one.wish.only]
    lines = (_line(step, steps.of_subscription(step, one, why.milestone, say)) for step in shown)
    return Section(heading, tuple(lines))


def _more(count: int, say: Say) -> tuple[Section, ...]:
    if count <= 0:
        return ()
    more = say.plural(
        "{count} more subscription of this channel is not shown.",
        "{count} more subscriptions of this channel are not shown.",
        count,
    )
    return (Section("", (Line(more),)),)


def _way(way: Way, why: Why, links: Mapping[str, Link], say: Say) -> Section:
    headings = {
        Form.ALERT: say("Its alert"),
        Form.ROUNDUP: say("A message with others that names it"),
        Form.DIGEST: say("A weekly digest that names it"),
    }
    lines = [_line(step, steps.of_way(step, way, why.channel, say)) for step in way.steps]
    lines[-1] = replace(lines[-1], link=_link([way], links))
    return Section(headings[way.alert.form], tuple(lines))


def _changed(changes: Sequence[Change], say: Say) -> tuple[Section, ...]:
    if not changes:
        return ()
    lines = [Line(_change(each, say)) for each in changes[:_MOST_CHANGES]]
    if len(changes) > _MOST_CHANGES:
        lines.append(Line(say("and {count} more", count=len(changes) - _MOST_CHANGES)))
    return (Section(say("Settings that were changed since"), tuple(lines)),)


def _change(change: Change, say: Say) -> str:
    values = {name: value for name, value in change.values.items() if name not in _MARKUP}
    what = changed(replace(change, values=values), say)
    return f"{steps.moment(change.when, say)} · {what}"


def _conclusion(why: Why, names: Names, say: Say) -> str:
    if why.outcome is Outcome.POSTED:
        return _posted(why.ways[0], say)
    if why.outcome is Outcome.HELD:
        return _held(why, say)
    if why.outcome in _UNRECORDED and why.forgotten is Forgotten.ALL:
        return say("Nothing is recorded of it any more.")
    return f"{say('Not posted.')} {_reason(why, names, say)}"


def _posted(way: Way, say: Say) -> str:
    shown = way.message or way.alert
    when = steps.moment(shown.sent_at or shown.created_at, say)
    return {
        Form.ALERT: say("Posted on {when}.", when=when),
        Form.ROUNDUP: say("Posted on {when}, in one message with others.", when=when),
        Form.DIGEST: say("Posted on {when}, in the weekly digest.", when=when),
    }[shown.form]


def _held(why: Why, say: Say) -> str:
    words = {
        Held.MUTE: say("Held back: the channel was muted."),
        Held.QUIET: say("Held back: quiet hours."),
        Held.BUDGET: say("Held back: the message limit."),
    }
    return f"{words[why.ways[0].alert.held or Held.QUIET]} {_comes(why, say)}".rstrip()


def _comes(why: Why, say: Say) -> str:
    """Say when what is held back comes."""
    if why.channel is not None and why.channel.paused is not None:
        return steps.paused(why.channel, say)
    if why.waits is Wait.UNASKED:
        return _unasked(why, say)
    if why.waits is Wait.TOO_LONG:
        return say("It will not be told: by then it is held back for more than 35 days.")
    return "" if why.opens is None else _opens(why.opens, why, say)


def _opens(opens: datetime, why: Why, say: Say) -> str:
    soon, rationed = opens <= why.now, why.waits is Wait.ROOM
    if soon and rationed:
        return say("It comes with others as soon as there is room for a message.")
    if soon:
        return say("It comes with others within a minute or two.")
    when = steps.moment(opens, say)
    if rationed:
        return say(
            "It comes with others on {when}, or later if there is no room for a message then.",
            when=when,
        )
    return say("It comes with others on {when}.", when=when)


def _unasked(why: Why, say: Say) -> str:
    """Say that no subscription asks for it; and that the digest tells of it, if that is so."""
    if why.summed and not why.asked:
        return say("No subscription asks for alerts here; the weekly digest tells of it.")
    if why.outcome is Outcome.NOBODY:
        return say("Nobody has asked for alerts here.")
    if why.summed:
        return say("No subscription here asks for it any more; the weekly digest tells of it.")
    return say("No subscription here asks for it any more.")


def _reason(why: Why, names: Names, say: Say) -> str:
    if why.outcome in (Outcome.COMING, Outcome.GIVEN_UP):
        return steps.delivered(why.ways[0].message, say)
    if why.outcome is Outcome.PAUSED:
        return steps.paused(why.channel, say)
    if why.outcome is Outcome.NOBODY:
        return _unasked(why, say)
    if why.outcome is Outcome.UNTOLD:
        failed = next(step for step in why.itself if not step.passed)
        return steps.of_milestone(failed, why.milestone, names, say)
    if why.outcome is Outcome.UNASKED:
        nearest = why.asked[0]
        failed = next(step for step in nearest.steps if not step.passed)
        return steps.of_subscription(failed, nearest.subscription, why.milestone, say)
    return say("By today’s settings it would be posted; why it was not is not recorded.")


def _notes(why: Why, say: Say) -> tuple[str, ...]:
    return (
        *_withdrawn(why, say),
        *_then_or_now(why, say),
        *_lost(why, say),
    )


def _withdrawn(why: Why, say: Say) -> tuple[str, ...]:
    gone = why.outcome is Outcome.POSTED and why.milestone.withdrawn is not None
    return (steps.withdrawn(why.milestone, say),) if gone else ()


def _then_or_now(why: Why, say: Say) -> tuple[str, ...]:
    """Say that settings are those of now, and whether they were others when it was found."""
    if why.changed:
        return (
            say(
                "Settings are shown as they are now. They were changed since it was found, on about"
                " {day}; how they were then is not kept.",
                day=say.day(why.found.date()),
            ),
        )
    return (say("Settings are shown as they are now."),) if why.asked else ()


def _lost(why: Why, say: Say) -> tuple[str, ...]:
    """Say what may lie behind it that nothing is recorded."""
    if why.outcome in _UNRECORDED and why.forgotten is not Forgotten.NOTHING:
        return (
            say("What was not posted is recorded for 90 days, what was posted for a year more."),
        )
    if why.outcome is not Outcome.UNRECORDED:
        return ()
    return (
        say(
            "What is found long after its time, as when older days are filled in, is kept and not"
            " told."
        ),
    )
