"""How much of the use is of open models becomes a message (pure)."""

from urllib.parse import quote

from babel.numbers import get_decimal_symbol

from bot.answers.openness import Balance, Balances, Unexplained
from bot.knowledge import Verdict
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
    shares = {kind: say.percent(balance.of(kind), balance.counted) for kind in Openness}
    return " · ".join(
        f"{kind.mark} {openness_word(kind, say)} {share}" for kind, share in shares.items()
    )


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
    said = say("Known to be open since then: {change}", change=change)
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
    """Return what a verdict rests on; what the registry quotes stays in English."""
    ours = {
        "No evidence either way.": say("No evidence either way."),
        "A stealth model: nobody says yet whose it is.": say(
            "A stealth model: nobody says yet whose it is."
        ),
    }
    return ours.get(verdict.evidence, verdict.evidence)


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
            "Ranked tokens are those of the listed models. How many more go to others was not"
            " published for one of the days.",
            "Ranked tokens are those of the listed models. How many more go to others was not"
            " published for {count} of the days.",
            lacking,
        )
    return say(
        "Ranked tokens are those of the listed models. Another {share} of all tokens go to models"
        " outside the published ranks, which have no name there.",
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
