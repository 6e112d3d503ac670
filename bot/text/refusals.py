"""Why a question is not answered, and what to do (pure)."""

from bot.errors import (
    DaysRefused,
    NoStandings,
    OneModelAlone,
    QuestionRefused,
    SpanRefused,
    TooEarly,
    UnknownDay,
    UnknownName,
)
from bot.model import Answer
from bot.text.say import Say

_LONGEST = 60
_MOST_DAYS = 14
"""Missing days that are named; more of them would fill the message."""


def refusal(error: QuestionRefused, say: Say) -> str:
    """Return what happened and what to do about it, without markup."""
    if isinstance(error, UnknownName):
        return _unknown(error, say)
    if isinstance(error, NoStandings):
        return why_none(error.answer, say)
    return _wrongly_asked(error, say)


def _wrongly_asked(error: QuestionRefused, say: Say) -> str:
    if isinstance(error, UnknownDay):
        typed = _short(error.typed)
        return say("“{typed}” is not a date. Please write it as 2026-06-07.", typed=typed)
    if isinstance(error, SpanRefused):
        return say("This board is published by whole weeks: please choose a week or a month.")
    if isinstance(error, DaysRefused):
        return _days(error, say)
    if isinstance(error, TooEarly):
        return say(
            "Nothing is stored so far back: the first complete window ends on {first}.",
            first=say.day(error.first),
        )
    if isinstance(error, OneModelAlone):
        return say(
            "To compare, please name two different models; each of these is {model}.",
            model=_short(error.name),
        )
    return say("I cannot answer that. /help lists what I know.")


def why_none(answer: Answer, say: Say) -> str:
    """Return why there are no standings yet."""
    if answer.newest is None:
        return say("No rankings are stored yet. The next poll brings them.")
    return say.plural(
        "A complete window is needed; this day is missing: {days}.",
        "A complete window is needed; these days are missing: {days}.",
        len(answer.missing),
        days=say.listed([say.day(day) for day in answer.missing[:_MOST_DAYS]]),
    )


def _days(error: DaysRefused, say: Say) -> str:
    since, until = say.day(error.since), say.day(error.until)
    if error.until < error.since:
        return say(
            "The last day, {until}, is before the first one, {since}. Please swap them.",
            since=since,
            until=until,
        )
    return say(
        "{since} to {until} are more than {most} days, and no more go into one file. Please ask"
        " for one part after the other.",
        since=since,
        until=until,
        most=error.most,
    )


def _unknown(error: UnknownName, say: Say) -> str:
    typed = _short(error.typed)
    said = {
        "model": say("I know no model called “{typed}”.", typed=typed),
        "author": say("I know no author called “{typed}”.", typed=typed),
        "board": say("There is no board called “{typed}”.", typed=typed),
        "milestone": say("I know no milestone with the key “{typed}”.", typed=typed),
        "timezone": say("I know no time zone called “{typed}”.", typed=typed),
    }[error.kind]
    if not error.nearest:
        return f"{said} {say('Please choose one that is offered while you type.')}"
    nearest = say.listed([_short(name) for name in error.nearest])
    return f"{said} {say('Nearest: {names}.', names=nearest)}"


def _short(text: str) -> str:
    shown = " ".join("".join(sign for sign in text[:1000] if sign.isprintable()).split())
    if len(shown) <= _LONGEST:
        return shown
    head = shown[: _LONGEST - 1]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head else head}…"
