"""What the page of a milestone says: claim, proof, and what became of it (pure)."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answers.evidence import Correction, Entry, Evidence, Input, Judged, Reading, Term
from bot.knowledge import Hinted, Verdict
from bot.model import Milestone, Openness, Receipt
from bot.openness import Directory
from bot.settling import SURE
from bot.standings import ONE_DAY
from bot.text.alert import Told, alert, cause, on_board, reading_words
from bot.text.boards import board_title
from bot.text.brief import brief, first_places
from bot.text.milestones import severity_word
from bot.text.openness import evidence as in_words
from bot.text.rule_names import rule_title
from bot.text.say import Say
from bot.text.searched import over
from bot.text.words import between, openness_word

_NAME = r"[A-Za-z0-9](?:[\w.-]{0,94}[A-Za-z0-9])?"
_REPOSITORY = re.compile(rf"huggingface\.co/({_NAME}/{_NAME})(?![\w/-])", re.ASCII)


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

    `earlier` is the same milestone as it was before each of its changes, oldest first. Of one that
    was withdrawn no reading is told: none makes it true.
    """
    one, said = told.milestone, alert([told], say)
    receipt = one.receipt
    stands = receipt if one.withdrawn is None else None
    return Evidence(
        entry=entry(told, path, say),
        standing=_standing(one, say),
        claim=said.lead,
        caption=said.caption,
        ranking=said.ranking,
        notes=said.notes,
        readings=tuple(_readings(stands, say)) if stands else (),
        judged=tuple(_judged(one, receipt, directory, say)) if receipt else (),
        receipt=tuple(_terms(one, receipt, say)) if receipt else (),
        inputs=tuple(_inputs(receipt, say)) if receipt else (),
        corrections=tuple(_history(told, earlier, say)),
        brief=brief(told, say),
        citation=said.citation,
        key=one.key,
    )


def _standing(one: Milestone, say: Say) -> str:
    changed = say.day(one.revised.date()) if one.revised is not None else None
    if one.withdrawn is not None:
        withdrawn = say("Withdrawn on {day}.", day=changed) if changed else f"{say('Withdrawn')}:"
        return f"{withdrawn} {cause(one, say)}"
    if not one.final:
        final = say.day(one.date + ONE_DAY + SURE)
        return say("It stands. On {day} its figures are final, and are looked at again.", day=final)
    if changed:
        return say("It stands as it was changed on {day}: by the final figures.", day=changed)
    return say("It stands: the final figures of its days were looked at.")


def _readings(receipt: Receipt, say: Say) -> Iterator[Reading]:
    yield from (Reading(reading_words(each, say), holds=True) for each in receipt.holds)
    yield from (Reading(reading_words(each, say), holds=False) for each in receipt.fails)


def _judged(one: Milestone, receipt: Receipt, directory: Directory, say: Say) -> Iterator[Judged]:
    """Yield what the models that it is about, and the first places, were taken for.

    Nothing where the claim rests on no openness.
    """
    names = {entrant.model: entrant.name for entrant in one.top}
    about = [fact for fact in one.facts.values() if isinstance(fact, str)]
    for model in dict.fromkeys([*about, *names]):
        taken = receipt.openness.get(model)
        if taken is None:
            continue
        verdict = directory.at(model, one.date)
        yield Judged(
            name=names.get(model) or directory.name(model),
            word=f"{taken.mark} {openness_word(taken, say)}",
            evidence=_why(taken, verdict, say),
            address=_repository(verdict),
        )


def _why(taken: Openness, verdict: Verdict, say: Say) -> str:
    """Return the evidence there is by now, and what it says where that is something else."""
    words = in_words(verdict, say)
    if verdict.openness is taken:
        return words
    now = openness_word(verdict.openness, say)
    return f"{say('The registry of today says: {word}.', word=now)} {words}"


def _repository(verdict: Verdict) -> str | None:
    """Return where the weights are, if the evidence names a repository that could be one."""
    if verdict.openness is not Openness.OPEN:
        return None
    basis = verdict.basis
    if isinstance(basis, Hinted):  # the source's words: all of it, or nothing
        found = _REPOSITORY.fullmatch(basis.address)
    else:
        found = _REPOSITORY.search(verdict.evidence)
    return f"https://huggingface.co/{found[1]}" if found else None


def _terms(one: Milestone, receipt: Receipt, say: Say) -> Iterator[Term]:
    yield Term(say("Key"), one.key)
    rule = say(
        "{title} ({rule}, version {version})",
        title=rule_title(receipt.rule, say),
        rule=receipt.rule,
        version=receipt.version,
    )
    yield Term(say("Rule"), rule)
    yield Term(say("Board"), board_title(one.board, say))
    yield Term(say("Days ranked"), between(receipt.start, receipt.end, say))
    yield Term(say("Days searched"), over(receipt.searched, say))
    if receipt.searched.missing:
        days = say.listed([say.day(day) for day in receipt.searched.missing])
        yield Term(say("Days missing"), days)
    yield Term(say("Openness registry"), receipt.registry)
    yield Term(say("sha256 of all input rows"), receipt.rows)
    # Quoted: a key holds what the source calls models, and some signs mean more to a shell.
    yield Term(say("To recompute it"), f"rankshift verify {shlex.quote(one.key)}")


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
    changes = [each.until for each in one.earlier]
    if not changes and one.revised is not None:
        # Changed by a version that did not keep what was said before.
        yield Correction(_moment(one.revised, say), _change(one, say))
    for number, (when, before) in enumerate(zip(changes, earlier, strict=True), start=1):
        after = one if number == len(changes) else replace(one, withdrawn=None)
        yield Correction(_moment(when, say), _change(after, say), _said(before, say))
    if one.final and one.revised is None:
        said = say("The final figures were looked at; nothing that was said changed.")
        yield Correction("", said)


def _change(one: Milestone, say: Say) -> str:
    """Return what a change made of a milestone."""
    if one.withdrawn is None:
        return say("Changed to the final figures.")
    return f"{say('Withdrawn')}: {cause(one, say)}"


def _said(before: Told, say: Say) -> tuple[str, ...]:
    """Return the paragraphs that it had; the last are the figures."""
    title = on_board(before.headline, before.milestone.board, say)
    paragraphs = (title, *alert([before], say).lead, first_places(before.milestone, say))
    return tuple(text for text in paragraphs if text)
