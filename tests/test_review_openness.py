"""What is learnt of models later: corrections of the registry withdraw, nothing else does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.knowledge import CatalogueEntry, Verdict
from bot.model import Cause, Openness
from bot.openness import Directory
from tests.made import START, day, directory, verdict
from tests.reviewing import (
    AFTER,
    CLOSED,
    DAY,
    LEADER,
    LEVEL,
    MODELS,
    OPEN,
    SAID,
    TURN,
    UNKNOWN,
    final_at,
    reviewed,
    story,
    told,
)


def hinted(model: str, weights: str | None = "somewhere") -> CatalogueEntry:
    """Return the catalogue's word on a model: where its weights are, from START on."""
    return CatalogueEntry(model, model, START, weights, START if weights else None)


def said(**changed: Verdict | None) -> dict[str, Verdict]:
    """Return the registry's verdicts, some changed (by their model's name), None: without one."""
    changes = {model: changed.get(model[2:], SAID[model]) for model in MODELS}
    return {model: one for model, one in changes.items() if one is not None}


def correction(openness: Openness, since: date | None = None) -> Verdict:
    """Return a registry entry that is marked as a correction."""
    return replace(verdict(openness, since), correction=True)


BY_HINT = directory(said(three=None), catalogue=[hinted("c/three")])
VANISHED = directory(said(three=None), catalogue=[hinted("c/three", None)])


@pytest.mark.parametrize(
    "known",
    [
        VANISHED,
        directory(said(three=None)),
        directory(said(three=verdict(CLOSED))),
        directory(said(three=verdict(OPEN, START + timedelta(14)))),
        directory(said(three=None), authors={"c": verdict(CLOSED)}),
    ],
    ids=["no hint", "not listed", "closed", "open later", "closed author"],
)
def test_what_was_learnt_of_models_since_withdraws_nothing(known: Directory) -> None:
    one = told("open_top5", BY_HINT)
    assert one.subject == "3"
    after = reviewed(one, known=known)
    assert after == replace(one, final=True)
    assert reviewed(after, known=known, hours=300) is after


def test_a_hint_that_appeared_withdraws_nothing_either() -> None:
    counts = [AFTER] * TURN + [AFTER | {"d/four": 10**6, "e/five": 10**6, "f/six": 10**6}] * 5
    held = {START + timedelta(n): day(n, each) for n, each in enumerate(counts)}
    closed = {"d": verdict(CLOSED)}
    one = told("open_top5_lost", directory(said(four=None), authors=closed), held)
    known = directory(said(four=None), authors=closed, catalogue=[hinted("d/four")])
    assert known.at("d/four", one.date).openness is OPEN
    assert reviewed(one, held, known) == replace(one, final=True)


@pytest.mark.parametrize(
    "known",
    [
        directory(said(three=correction(CLOSED))),
        directory(said(three=correction(UNKNOWN))),
        directory(said(three=correction(OPEN, START + timedelta(14)))),
        directory(said(three=None), authors={"c": correction(CLOSED)}),
    ],
    ids=["closed", "unknown", "open later", "author"],
)
@pytest.mark.parametrize("hours", [3, 26, 24 * 60])
def test_what_a_correction_of_the_registry_makes_untrue_is_withdrawn_at_any_time(
    known: Directory, hours: int
) -> None:
    one = LEVEL if hours < 26 else reviewed(LEVEL)
    after = reviewed(one, known=known, hours=hours)
    assert after.withdrawn is Cause.REGISTRY
    assert (after.final, after.told, after.facts) == (True, False, LEVEL.facts)
    assert after.revised == final_at(one) + timedelta(hours=hours - 26)
    shown = {each.model: each.openness for each in after.top}
    assert shown["c/three"] is known.at("c/three", one.date).openness is not OPEN


@pytest.mark.parametrize("hours", [3, 24 * 60])
@pytest.mark.parametrize(
    "known",
    [
        directory(said(four=correction(CLOSED))),
        directory(said(four=correction(OPEN))),
        directory(said(three=correction(OPEN))),
        directory(said(six=correction(UNKNOWN))),
        replace(VANISHED, registry=directory(said(three=None, four=correction(CLOSED))).registry),
    ],
    ids=["another", "one more open", "the same", "below the five", "another, and a hint gone"],
)
def test_a_correction_that_leaves_the_claim_true_changes_nothing(
    known: Directory, hours: int
) -> None:
    one = LEVEL if hours < 26 else replace(LEVEL, final=True)
    assert reviewed(one, known=known, hours=hours) is one


def test_a_claim_that_does_not_rest_on_what_is_open_is_not_withdrawn_by_the_registry() -> None:
    known = directory({model: correction(CLOSED) for model in MODELS})
    final = replace(LEADER, final=True)
    assert reviewed(final, known=known, hours=300) is final


def test_a_correction_about_a_model_below_the_first_five_counts_for_the_open_share() -> None:
    once = dict.fromkeys(MODELS, 1) | {"d/four": 100}
    then = dict.fromkeys(MODELS, 60_000) | {"a/one": 65_000, "b/two": 65_000, "f/six": 59_000}
    counts = [once] * TURN + [then] * 6
    held = {START + timedelta(n): day(n, each) for n, each in enumerate(counts)}
    half = {"c/three": verdict(CLOSED), "f/six": verdict(OPEN)}
    one = told("open_share", directory(SAID | half), held)
    assert "f/six" not in [each.model for each in one.top]
    known = directory(SAID | half | {"f/six": correction(CLOSED)})
    after = reviewed(replace(one, final=True), held, known, 300)
    assert after.withdrawn is Cause.REGISTRY


def test_an_edit_for_new_figures_says_of_models_what_was_known_when_it_was_told() -> None:
    final = story(**{DAY: {"a/one": AFTER["a/one"] + 9_000}})
    one = told("open_top5", BY_HINT)
    after = reviewed(one, final, VANISHED)
    assert after.revised
    assert after.facts["open"] == ["a/one", "b/two", "c/three"]
    assert [each.openness for each in after.top] == [each.openness for each in one.top]
    assert (one.receipt and one.receipt.openness) == (after.receipt and after.receipt.openness)
    assert (one.receipt and one.receipt.holds) == (after.receipt and after.receipt.holds)
    # So a correction that has nothing to do with it still withdraws nothing.
    other = replace(
        VANISHED, registry=directory(said(three=None, four=correction(CLOSED))).registry
    )
    assert reviewed(after, final, other, 300) is after


def test_a_leaders_list_is_not_edited_for_what_was_learnt_of_models_since() -> None:
    known = directory(dict.fromkeys(MODELS, verdict(CLOSED)))
    assert reviewed(LEADER, known=known) == replace(LEADER, final=True)
