"""What the page of a milestone takes models for, and the ways to their weights."""

from dataclasses import replace

import pytest

from bot.knowledge import CatalogueEntry
from bot.openness import Directory, Registry
from tests.made import directory
from tests.reviewing import CLOSED, LEADER, LEVEL, SAID
from tests.text.paging import page


def test_models_are_judged_where_the_claim_rests_on_it() -> None:
    found = page(LEVEL).judged
    assert [(each.name, each.word) for each in found] == [
        ("one", "● open"),
        ("two", "● open"),
        ("three", "● open"),
        ("four", "■ closed"),
        ("five", "■ closed"),
    ]
    assert {each.evidence for each in found} == {"made up"}
    assert page(LEADER).judged == ()


def test_a_model_that_it_is_about_is_judged_though_it_is_not_among_the_first() -> None:
    assert LEVEL.receipt
    about = replace(
        LEVEL, rule="reclassified", facts={"model": "f/six", "was": "open", "now": "closed"}
    )
    assert page(about).judged[0].name == "six"
    assert len(page(about).judged) == 6


def test_what_the_registry_says_today_is_told_where_it_is_something_else() -> None:
    closed = directory({**SAID, "a/one": replace(SAID["a/one"], openness=CLOSED)})
    first, second, *_ = page(LEVEL, known=closed).judged
    assert first.word == "● open"
    assert first.evidence == "The registry of today says: closed. made up"
    assert first.address is None
    assert second.evidence == "made up"


@pytest.mark.parametrize(
    ("evidence", "address"),
    [
        ("Weights at huggingface.co/lab/M-1.5, named by models.dev.", "lab/M-1.5"),
        ("Weights at huggingface.co/lab/M.", "lab/M"),
        ("Weights at huggingface.co/a/b; day: that of the news at huggingface.co/c/d.", "a/b"),
        ("Weights at github.com/lab/M.", None),
        ("A file at huggingface.co/lab/M/tree/main names them.", None),
        ("The page huggingface.co/lab says so.", None),
    ],
)
def test_a_way_to_the_weights_is_one_that_our_registry_names(
    evidence: str, address: str | None
) -> None:
    known = directory({**SAID, "a/one": replace(SAID["a/one"], evidence=evidence)})
    found = page(LEVEL, known=known).judged[0]
    assert found.evidence == evidence
    assert found.address == (f"https://huggingface.co/{address}" if address else None)


def test_there_is_no_way_to_weights_that_are_not_public() -> None:
    gone = replace(SAID["a/one"], openness=CLOSED, evidence="Once at huggingface.co/lab/M.")
    assert page(LEVEL, known=directory({**SAID, "a/one": gone})).judged[0].address is None


@pytest.mark.parametrize(
    "weights",
    [
        *(
            "lab/M/../../evil",
            "lab/M?x=1",
            "lab/M#x",
            "lab",
            "../evil",
            "lab/M javascript:",
            "//evil",
        ),
        *("lab/M\"onclick='x'", "läb/M", "lab/-M", "lab/M/tree/main", "@evil.example/M", "lab/"),
    ],
)
def test_what_the_catalogue_calls_weights_is_a_way_only_where_it_can_be_a_repository(
    weights: str,
) -> None:
    def known(repository: str) -> Directory:
        listed = CatalogueEntry("a/one", "One", LEVEL.date, repository, LEVEL.date)
        return Directory(Registry("test", {}, {}, {}), {"a/one": listed})

    fine = page(LEVEL, known=known("lab/M")).judged[0]
    assert fine.address == "https://huggingface.co/lab/M"
    assert page(LEVEL, known=known(weights)).judged[0].address is None
