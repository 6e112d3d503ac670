"""What the page of a milestone says: claim, proof, and what became of it (pure)."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.answers.evidence import Correction, Entry, Evidence, Input, Judged, Reading, Term
from bot.knowledge import Hinted
from bot.model import Milestone, Openness, Receipt
from bot.openness import Directory
from bot.settling import SURE
from bot.standings import ONE_DAY
from bot.text.alert import Told, alert, cause, on_board, reading_words
from bot.text.boards import board_title
from bot.text.brief import brief
from bot.text.milestones import severity_word
from bot.text.openness import evidence as in_words
from bot.text.say import Say
from bot.text.searched import over
from bot.text.words import openness_word

_REPOSITORY = re.compile(r"huggingface\.co/([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*[A-Za-z0-9])")


def entry(told: Told, path: str, say: Say) -> Entry:
    """Return a milestone as a list has it."""
    one = told.milestone
    return Entry(
        path=path,
        date=one.date,
        day=say.day(one.date),
        severity=severity_word(one.severity, say),
        board=board_title(one.board, say),
        title=on_board(told.headline, one.board, say),
        withdrawn=say("Withdrawn") if one.withdrawn is not None else "",
    )


def evidence(
    told: Told, earlier: Sequence[Told], path: str, directory: Directory, say: Say
) -> Evidence:
    """Return all that the page of a milestone says.

    `earlier` is the same milestone as it was before each of its changes, oldest first.
    """
    one, said = told.milestone, alert([told], say)
    receipt = one.receipt
    return Evidence(
        entry=entry(told, path, say),
        standing=_standing(one, say),
        claim=said.lead,
        caption=said.caption,
        ranking=said.ranking,
        notes=said.notes,
        readings=tuple(_readings(receipt, say)) if receipt else (),
        judged=tuple(_judged(one, directory, say)),
        receipt=tuple(_terms(one, receipt, say)) if receipt else (),
        inputs=tuple(_inputs(receipt, say)) if receipt else (),
        corrections=tuple(_history(told, earlier, say)),
        brief=brief(told, say),
        citation=said.citation,
        key=one.key,
    )


def _standing(one: Milestone, say: Say) -> str:
    if one.withdrawn is not None and one.revised is not None:
        day = say.day(one.revised.date())
        return f"{say('Withdrawn on {day}.', day=day)} {cause(one, say)}"
    if one.final:
        return say("It stands: the final figures of its days were looked at.")
    final = one.date + ONE_DAY + SURE
    return say(
        "It stands as of {day}. Figures are final about a day after the day ended, from {final}"
        " on.",
        day=say.day(one.as_of.date()),
        final=say.day(final),
    )


def _readings(receipt: Receipt, say: Say) -> Iterator[Reading]:
    yield from (Reading(reading_words(each, say), holds=True) for each in receipt.holds)
    yield from (Reading(reading_words(each, say), holds=False) for each in receipt.fails)


def _judged(one: Milestone, directory: Directory, say: Say) -> Iterator[Judged]:
    """Yield what the models shown, and those that the claim rests on, were taken for."""
    shown = {entrant.model: entrant.openness for entrant in one.top}
    names = {entrant.model: entrant.name for entrant in one.top}
    for model, openness in shown.items():
        verdict = directory.at(model, one.date)
        words = in_words(verdict, say)
        if verdict.openness is not openness:
            now = openness_word(verdict.openness, say)
            words = f"{say('The registry of today says: {word}.', word=now)} {words}"
        hinted = verdict.basis.address if isinstance(verdict.basis, Hinted) else verdict.evidence
        address = _repository(hinted) if verdict.openness is Openness.OPEN else None
        marked = f"{openness.mark} {openness_word(openness, say)}"
        yield Judged(names[model], marked, words, address)


def _repository(text: str) -> str | None:
    """Return the address of the repository that our own evidence names first."""
    found = _REPOSITORY.search(text)
    return f"https://huggingface.co/{found[1]}" if found else None


def _terms(one: Milestone, receipt: Receipt, say: Say) -> Iterator[Term]:
    yield Term(say("Key"), one.key)
    yield Term(
        say("Rule"),
        say("{rule}, version {version}", rule=receipt.rule, version=receipt.version),
    )
    yield Term(say("Board"), board_title(one.board, say))
    window = say("{start} to {end}", start=say.day(receipt.start), end=say.day(receipt.end))
    yield Term(say("Days ranked"), window)
    yield Term(say("Days searched"), over(receipt.searched, say))
    if receipt.searched.missing:
        days = say.listed([say.day(day) for day in receipt.searched.missing])
        yield Term(say("Days missing"), days)
    yield Term(say("Openness registry"), receipt.registry)
    yield Term(say("sha256 of all input rows"), receipt.rows)
    yield Term(say("To recompute it"), f"rankshift verify {one.key}")


def _inputs(receipt: Receipt, say: Say) -> Iterator[Input]:
    for each in receipt.inputs:
        yield Input(say.day(each.date), each.origin, _moment(each.as_of, say), each.rows)


def _moment(when: datetime, say: Say) -> str:
    return f"{say.day(when.date())}, {when:%H:%M} UTC"


def _history(told: Told, earlier: Sequence[Told], say: Say) -> Iterator[Correction]:
    """Yield what happened to a milestone, oldest first."""
    one = told.milestone
    first = earlier[0].milestone if earlier else one
    yield Correction(_moment(first.as_of, say), say("Found in the figures of that moment."))
    changes = [said.until for said in one.earlier]
    for number, (when, before) in enumerate(zip(changes, earlier, strict=True), start=1):
        last = number == len(changes)
        what = cause(one, say) if last and one.withdrawn is not None else None
        yield Correction(
            _moment(when, say),
            f"{say('Withdrawn')}: {what}" if what else say("Changed to the final figures."),
            (before.headline, *alert([before], say).lead),
        )
    if one.final and one.withdrawn is None and not changes:
        yield Correction(
            "", say("The final figures were looked at; nothing that was said changed.")
        )
