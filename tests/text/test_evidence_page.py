"""What the page of a milestone says of it, its proof and what became of it."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.alerts import tell
from bot.answers.evidence import Evidence, Input, Reading
from bot.detect import detect
from bot.model import Cause, Earlier, Milestone, Searched
from bot.packaged import read_languages
from bot.proof import prove
from bot.text.alert import alert
from bot.text.brief import brief
from bot.text.evidence import entry, evidence
from bot.text.milestones import severity_word
from bot.text.say import Say
from tests.angled import angled
from tests.made import at, directory
from tests.naive import eventful
from tests.reviewing import CLOSED, KNOWN, LATER, LEVEL, OPEN, RULES, SAID, reviewed
from tests.text.paging import PATH, SAY, page

in_both = pytest.mark.parametrize("say", read_languages().values(), ids=read_languages())
NEVER_LOOKED_AT = replace(LEVEL, final=False, revised=None)
LOOKED_AT = replace(LEVEL, final=True, revised=None)
BEFORE = Earlier(LATER, LEVEL.date, LEVEL.facts, LEVEL.top[::-1], 10**9, LEVEL.as_of)
CHANGED = replace(LEVEL, as_of=LATER, final=True, revised=LATER, earlier=(BEFORE,))
WITHDRAWN = replace(CHANGED, withdrawn=Cause.FIGURES)


def term(found: Evidence, label: str) -> str:
    """Return what the receipt says under a label."""
    (text,) = [each.text for each in found.receipt if each.label == label]
    return text


@in_both
def test_page_and_alert_say_the_same(say: Say) -> None:
    world = eventful()
    _, found = detect("models", world.days, world.directory, RULES)
    for one in found[::40]:
        proven = prove(one, world.days, world.directory, RULES[one.rule])
        told = tell(proven, RULES, world.directory, say)
        said, shown = alert([told], say), evidence(told, (), PATH, world.directory, say)
        assert (shown.entry.title, shown.claim, shown.caption) == (
            said.title,
            said.lead,
            said.caption,
        )
        assert (shown.ranking, shown.notes, shown.citation) == (
            said.ranking,
            said.notes,
            said.citation,
        )
        assert (shown.key, shown.brief) == (one.key, brief(told, say))


def test_a_list_has_day_weight_board_headline_and_whether_it_was_withdrawn() -> None:
    found = entry(tell(LEVEL, RULES, KNOWN, SAY), PATH, SAY)
    assert (found.path, found.date, found.day) == (PATH, LEVEL.date, SAY.day(LEVEL.date))
    assert (found.severity, found.board) == (severity_word(LEVEL.severity, SAY), "All models")
    assert (found.title, found.withdrawn) == (page(LEVEL).entry.title, "")
    other = replace(WITHDRAWN, board="category-programming")
    found = entry(tell(other, RULES, KNOWN, SAY), PATH, SAY)
    assert found.title == "Programming: Open models now hold three of the top five"
    assert (found.board, found.withdrawn) == ("Programming", "Withdrawn")


@pytest.mark.parametrize(
    ("one", "standing"),
    [
        (
            NEVER_LOOKED_AT,
            "It stands. On 13 June 2026 its figures are final, and are looked at again.",
        ),
        (LOOKED_AT, "It stands: the final figures of its days were looked at."),
        (CHANGED, "It stands as it was changed on 23 June 2026: by the final figures."),
        (
            WITHDRAWN,
            "Withdrawn on 23 June 2026. By the final figures of the day it is not true.",
        ),
        (
            replace(WITHDRAWN, withdrawn=Cause.REGISTRY),
            (
                "Withdrawn on 23 June 2026. It rested on what was believed of a model's weights,"
                " and that was wrong."
            ),
        ),
    ],
)
def test_one_sentence_says_whether_it_stands(one: Milestone, standing: str) -> None:
    assert LEVEL.date == date(2026, 6, 11)
    assert page(one).standing == standing


def test_the_day_of_its_final_figures_is_the_one_on_which_a_review_finds_them_so() -> None:
    assert not reviewed(NEVER_LOOKED_AT, hours=25).final
    assert reviewed(NEVER_LOOKED_AT, hours=26).final
    looked_at = at(LEVEL.date + timedelta(days=1), 0, 0) + timedelta(hours=26)
    assert f"On {SAY.day(looked_at.date())} its" in page(NEVER_LOOKED_AT).standing


def test_readings_are_told_one_by_one_and_of_a_withdrawn_one_none() -> None:
    assert LEVEL.receipt
    receipt = replace(LEVEL.receipt, holds=("one-day ranking",), fails=("variants unmerged",))
    found = page(replace(LEVEL, receipt=receipt))
    assert found.readings == (
        Reading("single days", True),
        Reading("each variant by itself", False),
    )
    assert page(replace(WITHDRAWN, receipt=receipt)).readings == ()


def test_the_receipt_says_how_to_compute_it_again() -> None:
    receipt, found = LEVEL.receipt, page(LEVEL)
    assert receipt
    assert [each.label for each in found.receipt] == [
        "Key",
        "Rule",
        "Board",
        "Days ranked",
        "Days searched",
        "Openness registry",
        "sha256 of all input rows",
        "To recompute it",
    ]
    assert term(found, "Rule") == "Open models in the top five (open_top5, version 2)"
    assert term(found, "Days ranked") == "5 June 2026 to 11 June 2026"
    assert term(found, "sha256 of all input rows") == receipt.rows
    assert term(found, "To recompute it") == f"rankshift verify {LEVEL.key}"
    assert len(found.inputs) == len(receipt.inputs) == 8
    first = receipt.inputs[0]
    assert found.inputs[0] == Input(
        "4 June 2026", first.origin, "20 June 2026, 02:00 UTC", first.rows
    )


def test_days_that_were_not_searched_are_named() -> None:
    assert LEVEL.receipt
    gaps = Searched(date(2026, 6, 1), 9, (date(2026, 6, 2), date(2026, 6, 5)))
    found = page(replace(LEVEL, receipt=replace(LEVEL.receipt, searched=gaps)))
    assert term(found, "Days searched") == "9 complete days since 1 June 2026 (2 missing)"
    assert term(found, "Days missing") == "2 June 2026 and 5 June 2026"


@pytest.mark.parametrize("key", ["models.overtake.a/x>b/y.2026-06-11", "x.`reboot`;$(ls)'.1"])
def test_a_key_is_one_word_to_a_shell(key: str) -> None:
    found = page(replace(LEVEL, key=key))
    assert shlex.split(term(found, "To recompute it")) == ["rankshift", "verify", key]


def test_what_has_no_receipt_yet_shows_none() -> None:
    found = page(replace(LEVEL, receipt=None))
    assert (found.receipt, found.inputs, found.readings, found.judged) == ((), (), (), ())
    assert found.claim


def happened(found: Evidence) -> Sequence[tuple[str, str, bool]]:
    """Return what became of a milestone: when, what, and whether it had said something else."""
    return [(each.when, each.what, bool(each.said)) for each in found.corrections]


FOUND = ("20 June 2026, 02:00 UTC", "Found in the figures of that moment.", False)


def test_its_history_begins_when_it_was_found() -> None:
    assert happened(page(NEVER_LOOKED_AT)) == [FOUND]
    looked_at = ("", "The final figures were looked at; nothing that was said changed.", False)
    assert happened(page(LOOKED_AT)) == [FOUND, looked_at]


def test_a_change_keeps_what_was_said_before_it() -> None:
    found = page(CHANGED)
    assert happened(found) == [
        FOUND,
        ("23 June 2026, 02:00 UTC", "Changed to the final figures.", True),
    ]
    title, *_, first = found.corrections[1].said
    assert title == "Open models now hold three of the top five"
    assert first.startswith("First in the ranking, with shares of all tokens: five (closed, ")
    assert "five (closed" not in found.claim


def test_a_withdrawal_says_why_and_keeps_what_was_said_before_it() -> None:
    cause = "Withdrawn: By the final figures of the day it is not true."
    assert happened(page(WITHDRAWN)) == [FOUND, ("23 June 2026, 02:00 UTC", cause, True)]
    assert "Open models now hold three of the top five" in page(WITHDRAWN).corrections[1].said


def test_what_was_changed_and_then_withdrawn_tells_both_in_their_order() -> None:
    second = replace(BEFORE, until=LATER + timedelta(days=9))
    one = replace(WITHDRAWN, revised=second.until, earlier=(BEFORE, second))
    assert [what for _, what, _ in happened(page(one))] == [
        "Found in the figures of that moment.",
        "Changed to the final figures.",
        "Withdrawn: By the final figures of the day it is not true.",
    ]


@pytest.mark.parametrize("one", [CHANGED, WITHDRAWN])
def test_a_change_is_told_though_nobody_kept_what_was_said_before(one: Milestone) -> None:
    (_, (when, what, _)) = happened(page(one))
    (_, only) = happened(page(replace(one, earlier=())))
    assert only == (when, what, False)


def test_a_real_review_leaves_a_page_that_tells_what_it_did() -> None:
    wrong = directory(
        {**SAID, "c/three": replace(SAID["c/three"], openness=CLOSED, correction=True)}
    )
    one = reviewed(LEVEL, known=wrong)
    assert one.withdrawn is Cause.REGISTRY
    found = page(one, known=wrong)
    assert len(found.corrections) == 2
    judged = next(each for each in found.judged if each.name == "three")
    assert judged.word == f"{OPEN.mark} open"
    assert judged.evidence.startswith("The registry of today says: closed.")


def test_every_sentence_of_a_page_can_be_translated() -> None:
    assert LEVEL.receipt
    receipt = replace(LEVEL.receipt, searched=Searched(LEVEL.date, 1, (LEVEL.date,)))
    for one in (NEVER_LOOKED_AT, LOOKED_AT, CHANGED, WITHDRAWN):
        found = page(replace(one, receipt=receipt), angled())
        labels = [each.label for each in found.receipt]
        texts = [found.standing, found.entry.board, *(each.what for each in found.corrections)]
        for text in (*labels, *texts, *found.brief):
            assert text.startswith("<"), text
