"""What this is, how to ask it, and what it keeps (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.message import Line, Link, Message, Section
from bot.text.say import Say
from bot.text.words import citation

LICENCE = Link("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
SOURCE = Link("openrouter.ai/rankings", "https://openrouter.ai/rankings")


@dataclass(frozen=True, slots=True)
class Offered:
    """A command as Discord offers it, in the reader's language."""

    name: str
    description: str


def help_message(questions: Sequence[Offered], alerts: Sequence[Offered], say: Say) -> Message:
    """Return what can be asked, and what to know before quoting an answer."""
    return Message(
        title=say("What you can ask me"),
        lead=(
            say(
                "I watch which AI models are used most on OpenRouter, and tell when something"
                " worth telling happens."
            ),
        ),
        caption="",
        ranking=(),
        notes=(),
        citation="",
        sections=(
            Section(say("Questions"), tuple(map(_command, questions))),
            Section(say("Alerts"), tuple(map(_command, alerts))),
            Section(say("Before you quote a figure"), tuple(map(Line, caveats(say)))),
        ),
    )


def _command(one: Offered) -> Line:
    return Line(f"/{one.name} – {one.description}")


def caveats(say: Say) -> Sequence[str]:
    """Return what figures mean, and what they do not."""
    return (
        say(
            "Each provider counts tokens with its own tokenizer: rows of different providers are"
            " not strictly comparable."
        ),
        say("Ranks are by the tokens of seven complete days (UTC), variants of a model together."),
        say("● open: the public can download the weights. ■ closed: it cannot."),
        say("◆ unknown: nobody has shown which. No alert rests on it."),
        say("A model below the published places of a day is unknown that day, not zero."),
    )


def about_message(
    version: str, registry: str, as_of: datetime | None, project: Link | None, say: Say
) -> Message:
    """Return what this is, whose the figures are, and under which licences."""
    return Message(
        title=say("About Rankshift"),
        lead=(
            say(
                "An open-source bot that watches OpenRouter’s model-usage rankings. Where an alert"
                " calls something a first, it says over how many days; each can be recomputed from"
                " its receipt."
            ),
        ),
        caption="",
        ranking=(),
        notes=(say("Not affiliated with OpenRouter or Discord."),),
        citation=citation(as_of) if as_of else "",
        sections=(
            Section(
                "",
                (
                    Line(say("Version {version}; code: MIT licence", version=version)),
                    Line(say("Openness registry of {version}", version=registry)),
                    Line(say("Rankings: OpenRouter’s"), SOURCE),
                    Line(say("Their licence"), LICENCE),
                ),
            ),
        ),
        links=(project,) if project else (),
    )


def privacy_message(say: Say) -> Message:
    """Return what is kept about whom, for how long, and how to have it removed."""
    return Message(
        title=say("What I keep"),
        lead=(say("I keep what I need to post alerts, and nothing else."),),
        caption="",
        ranking=(),
        notes=(say("Names of servers, channels, roles and people are not stored."),),
        citation="",
        sections=(
            Section(say("Questions"), (Line(_questions(say)),)),
            Section(say("A channel that gets alerts"), (Line(_channels(say)),)),
            Section(say("Changes of settings"), (Line(_changes(say)),)),
            Section(say("What you watch"), (Line(_watches(say)),)),
            Section(say("Alerts that were posted"), (Line(_alerts(say)),)),
            Section(say("To have it removed"), tuple(map(Line, _removal(say)))),
        ),
    )


def _questions(say: Say) -> str:
    return say(
        "Nothing of what you ask is stored. If I cannot answer, the log has the command’s name and"
        " a reference, and not who asked."
    )


def _channels(say: Say) -> str:
    return say(
        "The ids of channel, server, mentioned roles and of who subscribed it; what it gets and"
        " when, its weekly digest too; language, day and time; why it is paused, if it is. Until it"
        " is unsubscribed."
    )


def _changes(say: Say) -> str:
    return say(
        "Who changed what in a server’s settings and when, by ids: the newest 100. The log has them"
        " too."
    )


def _watches(say: Say) -> str:
    return say(
        "Your id and that of our direct messages; models and authors; language, day and time."
        " Until you watch nothing any more."
    )


def _alerts(say: Say) -> str:
    return say(
        "Ids of channel, server, roles and message, and when it was sent or why not: 90 days. What"
        " a later correction needs of it: a year more."
    )


def _removal(say: Say) -> Sequence[str]:
    return (
        say("/data show shows what I hold on you or, if you manage it, on a server."),
        say("/data delete deletes that; /unsubscribe ends a channel, /unwatch what you watch."),
        say("Seven days after I am removed from a server, all that is held of it is deleted."),
        say("The log keeps its lines. For these, and anything else, ask whoever runs this bot."),
    )
