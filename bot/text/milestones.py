"""What happened, as a list, and one milestone with its proof (pure)."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answers.milestones import Listed
from bot.message import Line, Link, Message, Section
from bot.model import Milestone, Receipt, Severity
from bot.text.alert import Told, alert, on_board, reading_words
from bot.text.say import Names, Say
from bot.text.searched import over
from bot.text.words import citation

_DIGITS = 16
"""Of a sha256 so many digits tell two apart for a reader; the whole is checked by `verify`."""


def happened(listed: Listed, told: Sequence[Told], posted: Mapping[str, Link], say: Say) -> Message:
    """Return a page of milestones, newest first, with the ways to their alerts."""
    sought = listed.sought
    return Message(
        title=on_board(say("Milestones"), sought.board, say),
        lead=(_how_many(listed, say),),
        caption="",
        ranking=(),
        notes=(say("/milestone shows how one was computed."),) if told else (),
        citation=citation(max(one.milestone.as_of for one in told)) if told else "",
        sections=tuple(_entry(one, posted, say) for one in told),
    )


def _how_many(listed: Listed, say: Say) -> str:
    since = say.day(listed.sought.since)
    if not listed.count:
        return say("None was told since {since}.", since=since)
    count = say.plural(
        "{count} milestone since {since}",
        "{count} milestones since {since}",
        listed.count,
        since=since,
    )
    if listed.pages == 1:
        return count
    page = say("page {page} of {pages}", page=listed.page + 1, pages=listed.pages)
    return f"{count} · {page}"


def _entry(told: Told, posted: Mapping[str, Link], say: Say) -> Section:
    one = told.milestone
    headline = told.headline
    if one.withdrawn is not None:
        headline = say("Withdrawn: {headline}", headline=headline)
    about = f"{say.day(one.date)} · {severity_word(one.severity, say)}"
    return Section(headline, (Line(about, posted.get(one.key)), Line(one.key)))


def severity_word(severity: Severity, say: Say) -> str:
    """Return the shape and the word for how much a milestone matters."""
    words = {
        Severity.HEADLINE: f"★ {say('headline')}",
        Severity.NOTABLE: f"☆ {say('notable')}",
        Severity.MINOR: f"▫ {say('minor')}",
    }
    return words[severity]


def proven(told: Told, post: Link | None, names: Names, say: Say) -> Message:
    """Return one milestone: what was said, how well it stands, and what it was computed from."""
    one, said = told.milestone, alert([_unclaimed(told, say)], say)
    posted = [Line(say("It was told here."), post)] if post else []
    about = Line(f"{say.day(one.date)} · {severity_word(one.severity, say)}")
    return replace(
        said,
        lead=(*_standing(one, names, say), *said.lead),
        sections=(
            Section("", (about, *posted)),
            *(() if one.held_by else _robustness(one.receipt, say)),
            *_receipt(one, say),
        ),
    )


def _unclaimed(told: Told, say: Say) -> Told:
    """Return it without what would be said twice, and without any claim if nothing is proven."""
    one = replace(told.milestone, receipt=None)
    if not one.held_by:
        return replace(told, milestone=one)
    headline = say("Not told: {headline}", headline=told.headline)
    return Told(replace(one, first=False), headline, say("Nobody has shown that it is so."))


def _standing(one: Milestone, names: Names, say: Say) -> tuple[str, ...]:
    """Say why it was not told, if it was not."""
    if one.held_by:
        models = say.listed([names(model) for model in one.held_by])
        return (
            say(
                "It depends on models of which it is not known whether they are open: {models}.",
                models=models,
            ),
        )
    if one.inhibited_by is not None:
        return (say("Not told by itself: {key} says it.", key=one.inhibited_by),)
    return ()


def _robustness(receipt: Receipt | None, say: Say) -> tuple[Section, ...]:
    if receipt is None or not receipt.holds + receipt.fails:
        return ()
    lines = []
    if receipt.holds:
        words = say.listed([reading_words(each, say) for each in receipt.holds])
        lines.append(Line(say("✔ It also holds with: {readings}.", readings=words)))
    if receipt.fails:
        words = say.listed([reading_words(each, say) for each in receipt.fails])
        lines.append(Line(say("✘ It does not hold with: {readings}.", readings=words)))
    return (Section(say("Other readings of the same figures"), tuple(lines)),)


def _receipt(one: Milestone, say: Say) -> tuple[Section, ...]:
    receipt = one.receipt
    if receipt is None:
        return (Section(say("Receipt"), (Line(say("It has none yet: the next poll adds it.")),)),)
    lines = [
        say("Rule {rule}, version {version}", rule=receipt.rule, version=receipt.version),
        say("Window: {start} to {end}", start=say.day(receipt.start), end=say.day(receipt.end)),
        say("Searched: {over}", over=over(receipt.searched, say)),
        say("Openness registry of {version}", version=receipt.registry),
        say.plural(
            "Rows of {count} day, sha256 {digits}…",
            "Rows of {count} days, sha256 {digits}…",
            len(receipt.inputs),
            digits=receipt.rows[:_DIGITS],
        ),
        say("To recompute it: rankshift verify {key}", key=shlex.quote(one.key)),
    ]
    if one.final:
        lines.append(say("The final figures were looked at; it stands."))
    return (Section(say("Receipt"), tuple(map(Line, lines))),)
