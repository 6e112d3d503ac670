"""What a person means by a name half typed, shortened or misspelt."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnknownName
from bot.openness import directory
from bot.packaged import read_registry
from bot.queries.names import MOST, Named, Names
from bot.queries.reference import named_models
from bot.sources.catalogue import parse_catalogue

SOME = Names(
    "model",
    (
        Named("deepseek/deepseek-v4-flash-20260423", "DeepSeek V4 Flash"),
        Named("anthropic/claude-4.8-opus-20260528", "Claude Opus 4.8"),
        Named("anthropic/claude-4.1-opus-20250805", "Claude Opus 4.1"),
        Named("qwen/qwen3-coder", "Qwen3 Coder 480B A35B"),
        Named("tencent/hy3-20260706", "Hy3", ("tencent Hy3",)),
        Named("tencent/hy3-preview", "Hy3 preview", ("tencent Hy3 preview",)),
    ),
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("deepseek v4 flash", "DeepSeek V4 Flash"),
        ("v4 flash", "DeepSeek V4 Flash"),
        ("deepsek v4", "DeepSeek V4 Flash"),
        ("DeepSeek/DeepSeek-V4-Flash-20260423", "DeepSeek V4 Flash"),
        ("opus 4.8", "Claude Opus 4.8"),
        ("opus4.8", "Claude Opus 4.8"),
        ("claud ops 4.1", "Claude Opus 4.1"),
        ("qwen3 codr", "Qwen3 Coder 480B A35B"),
        ("hy3", "Hy3"),
        ("tencent", "Hy3"),
        ("dee", "DeepSeek V4 Flash"),
    ],
)
def test_usual_ways_of_typing_find_the_model(typed: str, first: str) -> None:
    assert SOME.offered(typed)[0].name == first


def test_a_number_is_the_same_or_it_is_not() -> None:
    assert [one.name for one in SOME.offered("opus 4.8")] == ["Claude Opus 4.8"]
    assert [one.name for one in SOME.offered("opus 4")] == ["Claude Opus 4.8", "Claude Opus 4.1"]


def test_the_day_at_the_end_of_a_slug_is_no_number_that_anyone_means() -> None:
    assert [one.name for one in SOME.offered("hy 3")] == ["Hy3", "Hy3 preview"]
    assert SOME.offered("2026") == []


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        (" hy3 ", "tencent/hy3-20260706"),
        ("TENCENT/HY3-PREVIEW", "tencent/hy3-preview"),
        ("coder", "qwen/qwen3-coder"),
        ("hy3 prev", "tencent/hy3-preview"),
    ],
)
def test_free_text_names_what_it_alone_can_mean(typed: str, what: str) -> None:
    assert SOME.meant(typed).what == what


@pytest.mark.parametrize("typed", ["CLAUDE OPUS 4.8", "Çlaude Öpus 4.8", "ｃlaude opus ４.8"])
def test_case_accents_and_width_do_not_matter(typed: str) -> None:
    assert SOME.meant(typed).name == "Claude Opus 4.8"


@pytest.mark.parametrize(
    "typed", ["MİNİMAX M3", "mınımax m3", "MiniMax-M3", "minimaxm3", "MINIMAX  M 3"]
)
def test_turkish_letters_and_other_joints_name_the_same_model(typed: str) -> None:
    names = Names("model", (Named("minimax/minimax-m3", "MiniMax M3"), Named("b/m3", "Other M3")))
    assert names.offered(typed)[0].name == "MiniMax M3"


@pytest.mark.parametrize("typed", ["gpt5", "gpt 5", "GPT-5", "gpt‑5"])
def test_a_short_name_is_meant_though_longer_ones_begin_with_it(typed: str) -> None:
    names = Names("model", (Named("o/mini", "GPT-5 Mini"), Named("o/five", "GPT-5")))
    assert names.meant(typed).name == "GPT-5"
    assert names.offered(typed)[0].name == "GPT-5"


def test_text_that_fits_nothing_gets_the_nearest_all_the_same() -> None:
    with pytest.raises(UnknownName) as refused:
        SOME.meant("zzzzqqq")
    assert len(refused.value.nearest) == 3


def test_free_text_that_may_mean_two_is_answered_with_both() -> None:
    with pytest.raises(UnknownName) as refused:
        SOME.meant("opus")
    assert refused.value.nearest == ("Claude Opus 4.8", "Claude Opus 4.1")
    assert refused.value.kind == "model"


def test_a_misspelt_name_is_not_taken_but_suggested() -> None:
    with pytest.raises(UnknownName) as refused:
        SOME.meant("deepsek v4 falsh")
    assert refused.value.nearest == ("DeepSeek V4 Flash",)


def test_nothing_typed_offers_the_first_ones() -> None:
    assert SOME.offered("  ") == SOME.all
    many = Names("model", tuple(Named(f"a/{n}", f"Model {n}") for n in range(60)))
    assert many.offered("") == many.all[:MOST]
    assert len(many.offered("model")) == MOST


def test_of_two_with_one_name_the_first_is_meant() -> None:
    twins = Names("model", (Named("a/one", "Same"), Named("b/two", "Same")))
    assert twins.meant("same").what == "a/one"
    assert twins.meant("b/two").what == "b/two"


@given(typed=st.text(max_size=300))
def test_any_text_is_taken_without_harm(typed: str) -> None:
    offered = SOME.offered(typed)
    assert len(offered) <= MOST
    assert len(set(offered)) == len(offered)
    with suppress(UnknownName):
        assert SOME.meant(typed) in SOME.all


@given(one=st.sampled_from(SOME.all))
def test_what_is_offered_is_understood(one: Named) -> None:
    assert SOME.meant(one.what) is one
    assert SOME.meant(one.name) is one


def test_every_model_of_the_real_catalogue_is_found_by_name_and_by_slug() -> None:
    data = os.environ.get("RANKSHIFT_TEST_DATA")
    if data is None:
        pytest.skip("RANKSHIFT_TEST_DATA is not set: the real catalogue is not there")
    entries = parse_catalogue((Path(data) / "catalog.json").read_bytes(), "catalog.json")
    known = directory(read_registry(), entries)
    names = named_models(known.models(), known)
    assert len(names.all) > 500
    for one in names.all:
        assert names.meant(one.what) == one
        assert names.meant(one.name).name.casefold() == one.name.casefold()
        assert one in names.offered(one.what)
