"""The panel in which a channel's alerts are chosen, in words (pure)."""

from enum import StrEnum
from fractions import Fraction
from math import floor

from bot.answers.forecast import Forecast
from bot.model import Severity
from bot.text.say import ENGLISH, Say

LANGUAGES = {"English": "en", "Türkçe": "tr"}
"""The languages of alerts, as each calls itself."""


class Part(StrEnum):
    """What can be chosen."""

    BOARDS = "boards"
    LEAST = "least"
    RULES = "rules"
    ROLE = "role"
    LANGUAGE = "language"
    PUBLISH = "publish"


def language_of(locale: str | None) -> str:
    """Return the language of alerts for a locale such as `tr`; English where we lack it."""
    code = (locale or ENGLISH).split("-", 1)[0]
    return code if code in LANGUAGES.values() else ENGLISH


def language_name(code: str) -> str:
    """Return what a language calls itself."""
    return next(name for name, each in LANGUAGES.items() if each == code)


def heading(part: Part, say: Say) -> str:
    """Return what something to choose is called."""
    return {
        Part.BOARDS: say("Boards"),
        Part.LEAST: say("Least severity"),
        Part.RULES: say("Rules"),
        Part.ROLE: say("Role"),
        Part.LANGUAGE: say("Language"),
        Part.PUBLISH: say("Publishing"),
    }[part]


def about(part: Part, say: Say) -> str:
    """Return what something to choose is, and what holds if nobody chooses."""
    return {
        Part.BOARDS: say(
            "The rankings that are watched: all models, or one kind of use. At first all models."
        ),
        Part.LEAST: say("How much a milestone must matter. At first headlines and notable ones."),
        Part.RULES: say("The kinds of milestone that are told. None chosen: every rule."),
        Part.ROLE: say("Each alert mentions it. None chosen: nobody is mentioned."),
        Part.LANGUAGE: say("What the alerts are written in. At first the language of the server."),
        Part.PUBLISH: say(
            "Whether each alert goes on to the servers that follow this channel. At first it does"
            " not."
        ),
    }[part]


def least_words(least: Severity, say: Say) -> str:
    """Return which milestones are told where a severity is the least."""
    return {
        Severity.HEADLINE: say("Headlines alone"),
        Severity.NOTABLE: say("Headlines and notable ones"),
        Severity.MINOR: say("All, minor ones too"),
    }[least]


def publish_words(say: Say, *, publish: bool) -> str:
    """Return whether alerts are published."""
    return say("Publish each alert") if publish else say("Do not publish")


def title(channel: str, number: int | None, say: Say) -> str:
    """Return what a panel is about: a new subscription, or one that is stored by its number."""
    if number is None:
        return say("Alerts in {channel}", channel=channel)
    return say("Alerts in {channel}: subscription {number}", channel=channel, number=number)


def others(channel: str, count: int, say: Say) -> str:
    """Say how many subscriptions a channel has beside a new one; "" if none."""
    if not count:
        return ""
    return say.plural(
        "{channel} has {count} subscription already, which /subscriptions changes. This is another"
        " one beside it.",
        "{channel} has {count} subscriptions already, which /subscriptions changes. This is another"
        " one beside them.",
        count,
        channel=channel,
    )


def expected(forecast: Forecast | None, say: Say) -> str:
    """Say how many alerts a week to expect; "" where nothing is known of it."""
    if forecast is None:
        return ""
    if not forecast.enough:
        return say("The stored days are too few to tell how many alerts a week this brings.")
    return _expected(forecast, say)


def _expected(forecast: Forecast, say: Say) -> str:
    weekly, days = forecast.weekly, forecast.days
    if not weekly:
        return say(
            "These choices would have brought no alert in the {days} stored days.", days=days
        )
    if (weeks := _rounded(1 / weekly)) > 1:
        return say(
            "Expect about one alert in {weeks} weeks, judged by {days} stored days.",
            weeks=weeks,
            days=days,
        )
    return say.plural(
        "Expect about {count} alert a week, judged by {days} stored days.",
        "Expect about {count} alerts a week, judged by {days} stored days.",
        _rounded(weekly),
        days=days,
    )


def _rounded(number: Fraction) -> int:
    """Return the nearest whole number; halves go up."""
    return floor(number + Fraction(1, 2))


def computing(say: Say) -> str:
    """Say that it takes longer to tell what to expect."""
    return say("How many alerts a week to expect is still being computed.")


def paused(channel: str, say: Say) -> str:
    """Say that a channel is paused, and what saving does to that."""
    return say("{channel} is paused now; saving lets it go on.", channel=channel)
