"""How much of the use is of open models becomes a message (pure)."""

from urllib.parse import quote

from babel.numbers import get_decimal_symbol

from bot.answers.openness import Balance, Balances, Unexplained
from bot.knowledge import Hinted, HubCheck, Lacking, NotYet, Unhinted, Verdict
from bot.message import Line, Link, Message, Section
from bot.model import Openness
from bot.standings import WEEK
from bot.text import numbers
from bot.text.alert import estimates, on_board
from bot.text.say import Say
from bot.text.words import citation, openness_word, span

NAMED = 5
"""Unknown models that are named; of the others it is said how many there are."""

_THOUSAND = 1000
_MOST_DAYS = 14
_LONGEST_URL = 512
"""Discord takes no longer address on a button."""


def openness(found: Balances, project_url: str | None, say: Say) -> Message:
    """Return how open the newest window is and earlier ones were, what is unknown, and why."""
    dispute = dispute_link(project_url, say)
    return Message(
        title=on_board(headline(found.now, say), found.board.name, say),
        lead=(span(found.now.date, WEEK, say), *_balance(found.now, say)),
        caption="",
        ranking=(),
        notes=(*_notes(found, say), how_to_dispute(dispute, say)),
        citation=citation(found.found.as_of),
        sections=(
            *_before(found, say),
            *_unknown(found, say),
        ),
        links=(dispute,) if dispute else (),
    )


def headline(now: Balance, say: Say) -> str:
    """Say how much is known to be of open models."""
    if not now.counted:
        return _no_tokens(say)
    share = say.percent(now.open, now.counted)
    return say("{share} of ranked tokens go to models known to be open", share=share)


def _balance(balance: Balance, say: Say) -> tuple[str, ...]:
    """Return the shares, and how many of the first places are open."""
    if not balance.counted:
        return (_no_tokens(say),)
    places = say(
        "Top five: {five} · top ten: {ten}",
        five=_counts(balance.first[:5], say),
        ten=_counts(balance.first, say),
    )
    return (_shares(balance, say), places)


def _no_tokens(say: Say) -> str:
    return say("The listed models have no tokens in these days")


def _shares(balance: Balance, say: Say) -> str:
    return " · ".join(
        f"{kind.mark} {openness_word(kind, say)} {say.percent(balance.of(kind), balance.counted)}"
        for kind in kinds(balance)
    )


def kinds(balance: Balance) -> tuple[Openness, ...]:
    """Return what is told of: open, closed, and unknown where there is anything unknown."""
    told = (Openness.OPEN, Openness.CLOSED)
    return (*told, Openness.UNKNOWN) if balance.unknown else told


def _counts(first: tuple[Openness, ...], say: Say) -> str:
    unknown = first.count(Openness.UNKNOWN)
    said = [say("{count} open", count=first.count(Openness.OPEN))]
    return say.listed([*said, say("{count} unknown", count=unknown)] if unknown else said)


def _before(found: Balances, say: Say) -> tuple[Section, ...]:
    half, year = found.half_year, found.year
    if half is None and year is None:
        return (_compared(say("Six months and a year before"), None, found, say),)
    return (
        _compared(say("Six months before"), half, found, say),
        _compared(say("A year before"), year, found, say),
    )


def _compared(when: str, then: Balance | None, found: Balances, say: Say) -> Section:
    if then is None:
        text = say(
            "No complete week of that time is stored: we watch since {since}.",
            since=say.day(found.since),
        )
        return Section(when, (Line(text),))
    heading = f"{when}: {span(then.date, WEEK, say)}"
    lines = (*_balance(then, say), _since(then, found.now, say))
    return Section(heading, tuple(Line(text) for text in lines))


def _since(then: Balance, now: Balance, say: Say) -> str:
    """Return how the open share changed: the difference of the two figures that are shown."""
    gained = numbers.tenths(now.open, now.counted) - numbers.tenths(then.open, then.counted)
    points = numbers.percent(abs(gained), _THOUSAND, get_decimal_symbol(say.code))
    if gained > 0:
        change = f"▲ {say('up {points} points', points=points)}"
    elif gained < 0:
        change = f"▼ {say('down {points} points', points=points)}"
    else:
        change = f"= {say('same')}"
    said = say("Share known to be open, against then: {change}", change=change)
    if gained and _overlap(then, now):
        return f"{said}. {say('What is unknown could account for it.')}"
    return said


def _overlap(then: Balance, now: Balance) -> bool:
    """Say whether the share of open models may be the same in both, for what is unknown."""
    return (
        then.open * now.counted <= (now.open + now.unknown) * then.counted
        and now.open * then.counted <= (then.open + then.unknown) * now.counted
    )


def _unknown(found: Balances, say: Say) -> tuple[Section, ...]:
    if not found.unknown:
        return ()
    lines = [_unexplained(each, found.now.counted, say) for each in found.unknown[:NAMED]]
    rest = found.unknown[NAMED:]
    if rest:
        more = say.plural(
            "And {count} more model, with {share}",
            "And {count} more models, with {share} together",
            len(rest),
            share=say.percent(sum(each.tokens for each in rest), found.now.counted),
        )
        lines.append(more)
    return (Section(say("What is unknown, and why"), tuple(Line(text) for text in lines)),)


def _unexplained(model: Unexplained, counted: int, say: Say) -> str:
    share = say.percent(model.tokens, counted)
    return f"{Openness.UNKNOWN.mark} {model.name} · {share} · {evidence(model.verdict, say)}"


def evidence(verdict: Verdict, say: Say) -> str:
    """Return what a verdict rests on; the registry's own words stay English, and are marked so."""
    match verdict.basis:
        case Lacking.EVIDENCE:
            return say("No evidence either way.")
        case Lacking.AUTHOR:
            return say("A stealth model: nobody says yet whose it is.")
        case NotYet(words):
            return f"{say('No public weights yet.')} {_quoted(words, say)}"
        case Hinted() as hint:
            return _hinted(hint, say)
        case Unhinted() as unhinted:
            return _unhinted(unhinted, say)
        case None:
            return _quoted(verdict.evidence, say)


def _quoted(words: str, say: Say) -> str:
    # Other languages say here that the words are English.
    return say("{words}", words=words)


def _hinted(hint: Hinted, say: Say) -> str:
    if hint.listed:
        named = say(
            "OpenRouter’s catalogue names its weights: {address}, since {day}, when it was listed"
            " there; the weights’ own day is not known.",
            address=hint.address,
            day=say.day(hint.since),
        )
    else:
        named = say(
            "OpenRouter’s catalogue names its weights: {address}, first seen there on {day}.",
            address=hint.address,
            day=say.day(hint.since),
        )
    return f"{named} {_checked(hint.hub, say)}" if hint.hub else named


def _unhinted(unhinted: Unhinted, say: Say) -> str:
    day = say.day(unhinted.day)
    if unhinted.until:
        return say("No public weights found before {day}.", day=day)
    return say("No public weights found as of {day}.", day=day)


def _checked(hub: HubCheck, say: Say) -> str:
    day = say.day(hub.checked)
    if hub.licence is None:
        return say("Checked on {day}; no licence is stated.", day=day)
    return say("Checked on {day}; licence: {licence}.", day=day, licence=hub.licence)


def _notes(found: Balances, say: Say) -> tuple[str, ...]:
    notes = [say("Open: anyone can download the model’s weights."), _unnamed(found, say)]
    if found.answer.newest != found.now.date:
        missing = found.answer.missing
        notes.append(
            say.plural(
                "Newer days are stored, but this one is missing: {days}.",
                "Newer days are stored, but these are missing: {days}.",
                len(missing),
                days=say.listed([say.day(day) for day in missing[:_MOST_DAYS]]),
            )
        )
    if found.board.estimated:
        notes.append(estimates(say))
    return tuple(notes)


def _unnamed(found: Balances, say: Say) -> str:
    """Say what the shares are of, and how much has no model's name."""
    total, lacking = found.found.total, found.found.days_without_other
    if lacking:
        return say.plural(
            "Ranked tokens are those of the listed models. How many more there were was not"
            " published for one of the days.",
            "Ranked tokens are those of the listed models. How many more there were was not"
            " published for {count} of the days.",
            lacking,
        )
    return say(
        "Ranked tokens are those of the listed models. Another {share} of all tokens were used"
        " outside the published ranks, where no model is named.",
        share=say.percent(total - found.now.counted, total),
    )


def how_to_dispute(link: Link | None, say: Say) -> str:
    """Say what to do about an entry that is wrong."""
    if link is not None:
        return say("Is an entry wrong? The form asks for a link to the page that shows it.")
    return say(
        "Is an entry wrong? Tell the operator of this bot, with a link to the page that shows it."
    )


def dispute_link(project_url: str | None, say: Say, model: str | None = None) -> Link | None:
    """Return the way to the evidence form, filled in for a model; None without a project's page."""
    if project_url is None:
        return None
    form = f"{project_url}/issues/new?template=evidence.yml"
    filled = f"{form}&model={quote(model, safe='')}" if model else form
    return Link(say("Dispute an entry"), filled if len(filled) <= _LONGEST_URL else form)
