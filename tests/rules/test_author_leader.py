"""Another author's models together become the most used."""

import pytest

from bot.rules.author_leader import RULE
from tests.rules.windows import Tokens, at, run, subjects

A, B = {"a/x": 9, "b/x": 5, "b/y": 3}, {"a/x": 9, "b/x": 5, "b/y": 5}


def test_an_author_leads_by_all_its_models_together_in_two_windows() -> None:
    ((number, found),) = run(RULE, at((1, A), (2, B)))
    assert (number, found.subject, found.first) == (2, "b", True)
    assert found.facts == {"author": "b", "previous": "a"}


@pytest.mark.parametrize(
    "spells",
    [
        [(5, A)],
        [(1, A), (1, B), (1, A), (1, B)],
        [(1, A), (1, B), (1, None), (1, B)],
        [(1, A), (2, {"a/x": 9, "b/x": 5, "b/y": 4})],
        [(1, A), (3, {})],
    ],
    ids=["no change", "never twice running", "a gap between", "equal sums go by name", "nobody"],
)
def test_nothing_is_found_before_two_windows_running_agree(
    spells: list[tuple[int, Tokens | None]],
) -> None:
    assert subjects(RULE, at(*spells)) == []


def test_meta_and_meta_llama_are_one_author() -> None:
    both = {"a/x": 9, "meta/x": 5, "meta-llama/y": 5}
    assert subjects(RULE, at((1, A), (2, both))) == [(2, "meta")]
    assert subjects(RULE, at((1, both), (2, {"meta-llama/y": 9}))) == []


def test_a_first_led_no_earlier_window() -> None:
    told = run(RULE, at((1, A), (2, B), (2, A), (2, B)))
    assert [(n, f.subject, f.first) for n, f in told] == [
        (2, "b", True),
        (4, "a", False),
        (6, "b", False),
    ]
    unconfirmed = run(RULE, at((1, A), (1, B), (1, A), (2, B)))
    assert [(n, f.first) for n, f in unconfirmed] == [(4, False)]
