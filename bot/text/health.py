"""How things stand becomes a message (pure)."""

from collections.abc import Callable, Sequence
from datetime import date

from bot.answers.health import Freshness, Health, Here
from bot.message import Line, Link, Message, Section
from bot.model import Milestone
from bot.standings import ONE_DAY, WEEK
from bot.states import State, StateKind
from bot.text.say import Names, Say
from bot.text.words import citation, span

_MOST = 5
"""States, milestones or missing days that are named; of the others it is said how many."""

Headline = Callable[[Milestone], str]


def health_message(
    found: Health, headline: Headline, names: Names, posted: Link | None, say: Say
) -> Message:
    """Return how fresh the figures are, what is awaited, and how alerts do where somebody asks."""
    fresh = found.fresh
    return Message(
        title=say("How things stand"),
        lead=(),
        caption="",
        ranking=(),
        notes=(),
        citation=citation(fresh.as_of) if fresh.as_of else "",
        sections=(
            Section(say("Figures"), _lines(_figures(fresh, say))),
            Section(say("Sources"), _lines([*_sources(found, say), *_states(fresh, names, say)])),
            *_held(found.held, headline, names, say),
            *([_here(found.here, headline, posted, say)] if found.here else []),
        ),
    )


def _lines(texts: Sequence[str]) -> tuple[Line, ...]:
    return tuple(map(Line, texts))


def _figures(fresh: Freshness, say: Say) -> list[str]:
    if fresh.newest is None or fresh.as_of is None:
        return [say("No rankings are stored yet. The next poll brings them.")]
    lines = [
        say(
            "Newest day: {day}, read on {read} at {time} UTC",
            day=say.day(fresh.newest),
            read=say.day(fresh.as_of.date()),
            time=f"{fresh.as_of:%H:%M}",
        )
    ]
    if fresh.window is not None:
        lines.append(
            say("Newest complete week: {span}", span=span(fresh.window, WEEK, say)),
        )
    lines.append(_missing(fresh.missing, say))
    awaited = fresh.newest + ONE_DAY
    lines.append(
        say(
            "Figures of {day} are used from {next}, 03:00 UTC on.",
            day=say.day(awaited),
            next=say.day(awaited + ONE_DAY),
        )
    )
    return lines


def _missing(days: Sequence[date], say: Say) -> str:
    if not days:
        return say("None of the last thirty days is missing.")
    named = say.listed([say.day(day) for day in days[-_MOST:]])
    return say.plural(
        "Of the last thirty days {count} is missing: {days}",
        "Of the last thirty days {count} are missing, the newest: {days}",
        len(days),
        days=named,
    )


def _sources(found: Health, say: Say) -> list[str]:
    lines = [
        say.plural(
            "OpenRouter’s published rankings: {count} board is read.",
            "OpenRouter’s published rankings: {count} boards are read.",
            found.boards,
        )
    ]
    if found.catalogue is not None:
        read = say.day(found.catalogue)
        lines.append(say("OpenRouter’s catalogue of models: read on {day}.", day=read))
    return lines


def _states(fresh: Freshness, names: Names, say: Say) -> list[str]:
    states = [state for state in fresh.states if state.kind is not StateKind.HELD]
    if not states:
        return [say("Nothing is out of the ordinary.")]
    states.sort(key=lambda state: state.since)
    lines = [_state(state, names, say) for state in states[:_MOST]]
    return [*lines, *_more(len(states) - _MOST, say)]


def _more(count: int, say: Say) -> list[str]:
    return [say("and {count} more", count=count)] if count > 0 else []


def _state(state: State, names: Names, say: Say) -> str:
    since = say.day(state.since.date())
    if state.kind is StateKind.UNREACHABLE:
        return say("Since {since} it cannot be reached: {what}.", since=since, what=state.subject)
    if state.kind is StateKind.REFUSED:
        return say("Since {since} what it publishes cannot be used.", since=since)
    if state.kind is StateKind.NOT_PUBLISHED:
        return say("Not published yet: {day}.", day=_day(state.subject, say))
    if state.kind is StateKind.UNSETTLED:
        return say("Figures that have not settled yet: {day}.", day=_day(state.subject, say))
    return say("Nobody has shown whether {model} is open.", model=names(state.subject))


def _day(text: str, say: Say) -> str:
    try:
        return say.day(date.fromisoformat(text))
    except ValueError:
        return text


def _held(
    milestones: Sequence[Milestone], headline: Headline, names: Names, say: Say
) -> tuple[Section, ...]:
    if not milestones:
        return ()
    lines = [_waits(one, headline(one), names, say) for one in milestones[:_MOST]]
    heading = say("Milestones that wait for evidence")
    return (Section(heading, _lines([*lines, *_more(len(milestones) - _MOST, say)])),)


def _waits(milestone: Milestone, headline: str, names: Names, say: Say) -> str:
    models = say.listed([names(model) for model in milestone.held_by])
    return say("“{headline}” hangs on {models}.", headline=headline, models=models)


def _here(here: Here, headline: Headline, posted: Link | None, say: Say) -> Section:
    paused = [one for one in here.channels if one.paused is not None]
    lines = [Line(_subscribed(here, say))]
    if paused:
        told = say.plural(
            "{count} of them is paused; /subscriptions or /watching says why.",
            "{count} of them are paused; /subscriptions or /watching says why.",
            len(paused),
        )
        lines.append(Line(told))
    if here.waiting:
        waiting = say.plural(
            "{count} message waits to be sent.", "{count} messages wait to be sent.", here.waiting
        )
        lines.append(Line(waiting))
    if here.newest is not None:
        newest = say(
            "Newest alert here: {headline} ({day})",
            headline=headline(here.newest),
            day=say.day(here.newest.date),
        )
        lines.append(Line(newest, posted))
    return Section(say("Alerts here"), tuple(lines))


def _subscribed(here: Here, say: Say) -> str:
    if not here.channels:
        return say("Nobody here has asked for alerts. /subscribe or /watch starts them.")
    return say.plural(
        "{count} place here gets alerts.",
        "{count} places here get alerts.",
        len(here.channels),
    )
