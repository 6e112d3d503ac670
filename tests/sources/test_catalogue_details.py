"""Context length, price and scores in the catalogue: exact where told, and never a refusal."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import PayloadRefused
from bot.knowledge import CatalogueEntry, Price, Rater, Score
from bot.sources.catalogue import merge_catalogues, parse_catalogue
from tests.sources.test_catalogue import LISTED_ON, TODAY, WHERE, listed, read
from tests.sources.test_rows import mangled

PRICE = {"prompt": "0.0000002", "completion": "0.0000012"}
INDICES = {"intelligence_index": 52.3, "coding_index": 71, "agentic_index": 46.9}
HUGE = b"1" * 5000
NAMES = st.sampled_from([*PRICE, *INDICES, "artificial_analysis", "design_arena", "elo"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)


def rated(category: object, elo: object, rank: object, arena: object = "models") -> dict[str, Any]:
    """Return what Design Arena says of a model, as served."""
    return {"arena": arena, "category": category, "elo": elo, "win_rate": 51.2, "rank": rank}


def detailed(**other: object) -> CatalogueEntry:
    """Return the entry of a row with everything, some of it otherwise."""
    benchmarks = {"artificial_analysis": INDICES, "design_arena": [rated("svg", 1304, 6)]}
    row = {"context_length": 131072, "pricing": PRICE, "benchmarks": benchmarks} | other
    return read(listed(**row))[0]


def scores(*arena: object, **indices: object) -> list[tuple[str, str, int | None]]:
    """Return name, value as text and rank of the scores that benchmarks give."""
    told = detailed(benchmarks={"artificial_analysis": indices, "design_arena": arena}).scores
    return [(score.name, str(score.value), score.rank) for score in told]


def price(prompt: object, completion: object = "0") -> Price | None:
    """Return the price that two costs of a token give."""
    return detailed(pricing={"prompt": prompt, "completion": completion}).price


def test_an_entry_has_context_length_price_and_scores() -> None:
    found = detailed()
    assert found.context == 131072
    assert found.price == Price(Decimal("0.2"), Decimal("1.2"))
    assert found.scores == (
        Score(Rater.ARTIFICIAL_ANALYSIS, "intelligence", Decimal("52.3"), None),
        Score(Rater.ARTIFICIAL_ANALYSIS, "coding", Decimal(71), None),
        Score(Rater.ARTIFICIAL_ANALYSIS, "agentic", Decimal("46.9"), None),
        Score(Rater.DESIGN_ARENA, "svg", Decimal(1304), 6),
    )


def test_a_row_without_details_has_none() -> None:
    row = listed()
    del row["pricing"]
    found = read(row)[0]
    assert (found.context, found.price, found.scores) == (None, None, ())


@pytest.mark.parametrize(
    ("told", "a_million"),
    [
        ("0.0000002", "0.2"),
        ("0.00000004815", "0.04815"),
        ("0.0001", "100"),
        ("0.00010", "100"),
        ("2e-7", "0.2"),
        ("2E-07", "0.2"),
        (2e-07, "0.2"),
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        (0, "0"),
        ("1", "1000000"),
        ("0.1234567890123456789012", "123456.7890123456789012"),
    ],
)
def test_a_price_is_exact_and_for_a_million_tokens(told: object, a_million: str) -> None:
    sent, answered = price(told), price("0", told)
    assert sent is not None
    assert answered is not None
    assert str(sent.prompt) == str(answered.completion) == a_million


@pytest.mark.parametrize(
    "told",
    [
        *("-1", "-0.1", "", " 0.1", "0.1 ", "0.1\n", "0,1", "0x1", "1_0", "0.٣", "1.1", "2", ".1"),
        *("NaN", "Infinity", "-inf", "1e999", "1e5", "1e-999", "0." + "1" * 23, "0" * 9999),
        *(None, True, [], {}, ["0.1"], float("nan"), float("inf"), -1, 10**40, "\ud800"),
    ],
)
def test_what_is_no_price_or_varies_leaves_no_price(told: object) -> None:
    assert price(told) is None
    assert price("0", told) is None


@pytest.mark.parametrize("told", [None, [], "free", 0, {}, {"prompt": "0"}, {"completion": "0"}])
def test_half_a_price_is_none(told: object) -> None:
    assert detailed(pricing=told).price is None


@pytest.mark.parametrize("other", ["a/one:free", "a/one:batch", "~a/one-latest"])
@pytest.mark.parametrize("turned", [False, True], ids=["plain first", "plain last"])
def test_the_plain_id_tells_the_price(other: str, *, turned: bool) -> None:
    free = {"prompt": "0", "completion": "0"}
    rows = [listed(pricing=PRICE, context_length=8), listed(other, pricing=free, context_length=9)]
    (found,) = read(*(reversed(rows) if turned else rows))
    assert found.price == Price(Decimal("0.2"), Decimal("1.2"))
    assert found.context == 8


@pytest.mark.parametrize(
    "told", [None, 0, -1, 10**9 + 1, 10**40, 1.5, 8.0, float("nan"), "8192", True, [], {}]
)
def test_what_is_no_context_length_leaves_none(told: object) -> None:
    assert detailed(context_length=told).context is None


@pytest.mark.parametrize("told", [1, 10**9])
def test_any_usual_number_is_a_context_length(told: int) -> None:
    assert detailed(context_length=told).context == told


@pytest.mark.parametrize(
    "value",
    [None, True, "high", [], {}, float("nan"), float("-inf"), 1e300, 5e-324, 10**9, "1e999"],
)
def test_an_index_that_is_none_is_left_out_alone(value: object) -> None:
    good = {"intelligence": -1.5, "coding": 100.0, "agentic": -0.0}
    texts = {"intelligence": "-1.5", "coding": "100", "agentic": "0"}
    for name in good:
        told = scores(**{f"{key}_index": each for key, each in (good | {name: value}).items()})
        assert told == [(key, text, None) for key, text in texts.items() if key != name]


def test_the_arenas_scores_are_by_rank_those_without_one_last() -> None:
    told = scores(
        rated("c", 1100, None),
        rated("b", 1200, 30),
        rated("a", 1200, 30),
        rated("d", 1300.5, 4),
    )
    assert told == [("d", "1300.5", 4), ("a", "1200", 30), ("b", "1200", 30), ("c", "1100", None)]


def test_other_arenas_are_left_out() -> None:
    assert scores(rated("svg", 1200, 1, "agents"), rated("svg", 1100, 2)) == [("svg", "1100", 2)]


@pytest.mark.parametrize("turned", [False, True])
def test_a_category_told_twice_counts_at_its_best_rank(*, turned: bool) -> None:
    told = [rated("svg", 1200, 3), rated("svg", 1100, 9)]
    assert scores(*(reversed(told) if turned else told)) == [("svg", "1200", 3)]


def test_scores_of_one_model_are_limited_to_the_best() -> None:
    told = scores(*(rated(f"c{n}", 1000, 1000 - n) for n in range(500)))
    assert [rank for _, _, rank in told] == list(range(501, 521))


@pytest.mark.parametrize("rank", [None, 0, -3, 1.0, "6", True, 10**6, []])
def test_a_score_whose_rank_is_none_stays(rank: object) -> None:
    assert scores(rated("svg", 1200, rank)) == [("svg", "1200", None)]


@pytest.mark.parametrize(
    "broken",
    [
        *(rated("svg", elo, 1) for elo in (None, "", [], True, float("inf"), 10**7)),
        *(rated(name, 1200, 1) for name in (None, "", " ", 7, "x" * 41, " svg", "svg\n")),
        *(rated(name, 1200, 1) for name in ("a\x1b[2J", "a\u202eb", "a\u200bb", "\ud800")),
        *(rated("svg", 1200, 1, arena) for arena in (None, 1, [])),
        *(None, 5, "svg", [], {}),
    ],
)
def test_a_broken_score_is_left_out_alone(broken: object) -> None:
    told = scores(broken, rated("3d", 1100, 2), coding_index=1)
    assert told == [("coding", "1", None), ("3d", "1100", 2)]


@pytest.mark.parametrize("told", [None, [], "x", 5, {}, {"artificial_analysis": []}])
def test_what_are_no_benchmarks_give_no_scores(told: object) -> None:
    assert detailed(benchmarks=told).scores == ()


@pytest.mark.parametrize("broken", [None, [], 5, "x"])
def test_one_rater_is_heard_without_the_other(broken: object) -> None:
    arena = [rated("svg", 1200, 1)]
    first = detailed(benchmarks={"artificial_analysis": broken, "design_arena": arena})
    second = detailed(benchmarks={"artificial_analysis": INDICES, "design_arena": broken})
    assert [score.source for score in first.scores] == [Rater.DESIGN_ARENA]
    assert {score.source for score in second.scores} == {Rater.ARTIFICIAL_ANALYSIS}


@pytest.mark.parametrize("huge", [HUGE, b"-" + HUGE, HUGE + b".5", b"1e999", b"NaN", b"-Infinity"])
@pytest.mark.parametrize("field", ["context_length", "pricing", "benchmarks"])
def test_a_number_beyond_all_bounds_refuses_nothing(huge: bytes, field: str) -> None:
    told = {
        "context_length": b"%s",
        "pricing": b'{"prompt": %s, "completion": "0"}',
        "benchmarks": b'{"artificial_analysis": {"coding_index": %s}}',
    }
    text = json.dumps([listed(**{field: "HERE"})]).encode()
    (found,) = parse_catalogue(text.replace(b'"HERE"', told[field] % huge), WHERE)
    assert (found.context, found.price, found.scores) == (None, None, ())


@given(context=JSON, pricing=JSON, benchmarks=JSON)
@settings(deadline=None)
def test_rubbish_in_details_changes_nothing_else(
    context: object, pricing: object, benchmarks: object
) -> None:
    found = detailed(context_length=context, pricing=pricing, benchmarks=benchmarks)
    assert_is_sound(found)
    assert replace(found, context=None, price=None, scores=()) == read(listed(pricing=None))[0]


WHOLE = listed(
    context_length=8192,
    pricing=PRICE,
    benchmarks={"artificial_analysis": INDICES, "design_arena": [rated("svg", 1304, 6)]},
)


@given(mangled(json.dumps([WHOLE])))
@settings(deadline=None)
def test_a_mangled_row_gives_sound_details_or_is_refused(text: str) -> None:
    try:
        entries = parse_catalogue(text.encode("utf-8", "surrogatepass"), WHERE)
    except PayloadRefused:
        return
    for found in entries:
        assert_is_sound(found)


def assert_is_sound(found: CatalogueEntry) -> None:
    """Hold details to their bounds."""
    assert found.context is None or 1 <= found.context <= 10**9
    if found.price is not None:
        assert 0 <= found.price.prompt <= 10**6
        assert 0 <= found.price.completion <= 10**6
    for score in found.scores:
        assert abs(score.value) < 10**6
        assert score.name.isprintable()
        assert 1 <= len(score.name) <= 40
        assert score.rank is None or score.rank >= 1


def test_fresh_details_win_even_where_they_are_gone() -> None:
    known = replace(detailed(), seen=LISTED_ON)
    (found,) = merge_catalogues((known,), (detailed(pricing=None, benchmarks=None),), TODAY)
    assert (found.context, found.price, found.scores) == (131072, None, ())
    (dearer,) = merge_catalogues((known,), (detailed(pricing=PRICE | {"prompt": "1"}),), TODAY)
    assert dearer.price == Price(Decimal(10**6), Decimal("1.2"))


def test_a_vanished_entry_keeps_its_details_and_the_day_they_were_seen() -> None:
    known = replace(detailed(), seen=LISTED_ON)
    assert merge_catalogues((known,), read(listed(canonical_slug="b/two")), TODAY)[0] == known


def test_details_of_an_older_reading_do_not_win() -> None:
    known = replace(detailed(), seen=TODAY)
    fresh = detailed(context_length=1, pricing=None)
    assert merge_catalogues((known,), (fresh,), date(2026, 6, 19)) == (known,)


def test_the_real_catalogue_gives_details(real_data: Path) -> None:
    content = (real_data / "catalog.json").read_bytes()
    entries = parse_catalogue(content, WHERE)
    found = {each.model: each for each in entries}
    plain = {row["canonical_slug"]: row for row in json.loads(content) if ":" not in row["id"]}
    assert {each.model for each in entries if each.price is None} == {
        model for model, row in plain.items() if row["pricing"]["prompt"] == "-1"
    }
    for model, row in plain.items():
        assert found[model].context == row["context_length"]
        if (told := found[model].price) is not None:
            assert told.prompt == Decimal(row["pricing"]["prompt"]) * 10**6
            assert told.completion == Decimal(row["pricing"]["completion"]) * 10**6
    assert sum(len(each.scores) for each in entries) == 1114
