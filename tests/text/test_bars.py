"""The picture of standings: whose bars, under which words, and what they are to who cannot see."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.model import Openness, Standings
from bot.packaged import read_languages
from bot.pictures.standings import Bar
from bot.standings import WEEKLY, standings
from bot.text.bars import standings_alt, standings_picture
from bot.text.say import Say, english
from bot.text.words import LONGEST_ALT, citation
from tests.made import AS_OF, START, day, days, directory, verdict

SAY, TURKISH = english(), read_languages()["tr"]
LAST = START.replace(day=14)
KNOWN = directory(
    authors={"open": verdict(Openness.OPEN), "closed": verdict(Openness.CLOSED)},
    names={
        f"{author}/{name}": name.upper() for author in ("open", "closed", "x") for name in "abc"
    },
)
THEN = {"closed/a": 50, "open/b": 30, "x/d": 3}
NOW = {"open/b": 50, "closed/a": 30, "x/c": 20}


def week(now: Mapping[str, int] = NOW, then: Mapping[str, int] | None = THEN) -> Standings:
    """Return the standings of the second of two weeks of equal days."""
    counts = [then] * 7 + [now] * 7 if then is not None else [now] * 7
    start = START if then is not None else START.replace(day=8)
    found = standings("models", days(counts, start), LAST)
    assert found is not None
    return found


def alt(found: Standings, say: Say = SAY, top: int = 10) -> str:
    """Return the words that stand in for a picture."""
    made = standings_picture(found, KNOWN, say, title="T", estimated=False, top=top)
    return standings_alt(made, say)


def test_a_place_has_its_figures_and_how_they_are_said() -> None:
    made = standings_picture(week(), KNOWN, SAY, title="B leads", estimated=False)
    assert made.bars == (
        Bar(1, "B", Openness.OPEN, 350, "25.0 %", 2, "▲ up 1"),
        Bar(2, "A", Openness.CLOSED, 210, "15.0 %", 1, "▼ down 1"),
        Bar(3, "C", Openness.UNKNOWN, 140, "10.0 %", None, "unlisted then"),
    )
    assert made.title == "B leads"
    assert made.subtitle == (
        "Most-used models on OpenRouter by tokens, 8 June 2026 to 14 June 2026"
    )
    assert made.columns == ("share of all tokens", "change in rank over a week")
    assert (made.citation, made.language, made.estimated) == (citation(AS_OF), "en", "")


def test_its_rows_are_the_exact_figures() -> None:
    table = standings_picture(week(), KNOWN, SAY, title="", estimated=False).table()
    assert table.columns == (
        "rank", "model", "openness", "tokens", "all_tokens", "rank_before",
    )  # fmt: skip
    assert table.rows[0] == (1, "B", "open", 350, 1400, 2)
    assert table.rows[2] == (3, "C", "unknown", 140, 1400, None)


@pytest.mark.parametrize("top", [1, 2, 10, 25])
def test_only_the_first_places_are_shown(top: int) -> None:
    made = standings_picture(week(), KNOWN, SAY, title="", estimated=False, top=top)
    assert [bar.rank for bar in made.bars] == [1, 2, 3][:top]


def test_without_a_week_before_nothing_is_said_of_changes() -> None:
    found = week(then=None)
    made = standings_picture(found, KNOWN, SAY, title="", estimated=False)
    assert {bar.change for bar in made.bars} == {""}
    assert alt(found).endswith(": 1 B (open) 25.0 %; 2 A (closed) 15.0 %; 3 C (unknown) 10.0 %.")


def test_by_what_equal_models_are_ordered_is_said_where_both_are_shown() -> None:
    found, note = week({"open/b": 9, "closed/a": 5, "x/c": 5}), "with equal tokens are ranked"
    for top, said in ((3, True), (2, False)):
        made = standings_picture(found, KNOWN, SAY, title="", estimated=False, top=top)
        assert (note in made.subtitle) is said


def test_whole_weeks_of_another_board_are_called_so_and_their_estimates_too() -> None:
    stored = {LAST: day(LAST, NOW)}
    found = standings("category-legal", stored, LAST, WEEKLY)
    assert found is not None
    made = standings_picture(found, KNOWN, SAY, title="", estimated=True)
    assert made.subtitle == (
        "Legal: Most-used models on OpenRouter by tokens, 8 June 2026 to 14 June 2026"
    )
    assert made.estimated == "Estimates from a sample of requests"
    assert ". Estimates from a sample of requests; share of all tokens:" in standings_alt(made, SAY)


def test_a_single_day_is_named_alone() -> None:
    made = standings_picture(replace(week(), days=1), KNOWN, SAY, title="", estimated=False)
    assert made.subtitle == "Most-used models on OpenRouter by tokens, 14 June 2026"


def test_the_alt_text_has_the_numbers_in_words() -> None:
    assert alt(week()) == (
        "Most-used models on OpenRouter by tokens, 8 June 2026 to 14 June 2026;"
        " share of all tokens: 1 B (open) 25.0 %, up 1; 2 A (closed) 15.0 %, down 1;"
        " 3 C (unknown) 10.0 %, unlisted then."
    )


def test_it_reads_in_turkish_too() -> None:
    assert alt(week(), TURKISH, top=2) == (
        "OpenRouter’da en çok token işleyen modeller, 8 Haziran 2026 – 14 Haziran 2026;"
        " bütün tokenlardaki pay: 1 B (açık) %25,0, 1 yukarı; 2 A (kapalı) %15,0, 1 aşağı."
    )


def test_without_places_or_tokens_it_still_says_what_there_is() -> None:
    none = replace(week(), places=())
    assert alt(none).endswith("14 June 2026. No model is listed.")
    unused = replace(week({"open/b": 0}), total=0)
    assert alt(unused).endswith("1 B (open) 0.0 %, up 1.")


@given(st.lists(st.text(min_size=1, max_size=90), unique=True, min_size=1, max_size=25))
@example([f"A Long Name of a Model, {n}" for n in range(25)])
@settings(deadline=None, max_examples=60)
def test_the_alt_text_fits_and_counts_the_models_that_it_leaves_out(names: list[str]) -> None:
    made = standings_picture(week(), KNOWN, SAY, title="", estimated=False)
    rows = (replace(made.bars[0], rank=n, name=name) for n, name in enumerate(names, 1))
    said = standings_alt(replace(made, bars=tuple(rows)), SAY)
    assert len(said) <= LONGEST_ALT
    told = said.count(" (open) 25.0 %, up 1")
    if told < len(names):
        left = len(names) - told
        assert said.endswith(f"; {left} more model{'s' if left > 1 else ''}.")
