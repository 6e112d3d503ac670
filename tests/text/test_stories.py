"""The words on the picture of a milestone, and those that stand in for it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from bot import rules
from bot.answers.stories import Course, Scene
from bot.model import HalfYear, Openness
from bot.packaged import read_languages
from bot.pictures.milestone import ALL_MODELS, OPEN_MODELS, Places, Ways
from bot.text.say import Say, english
from bot.text.stories import story_picture
from bot.text.story_alt import story_alt
from bot.text.words import LONGEST_ALT, citation
from tests.rules.milestones import milestone, name, top

SAY = english()
TURKISH = read_languages()["tr"]
RULES = rules.discover()
T = 10**12
TOP = top("occoo", (500, 200, 100, 90, 80))
END = date(2026, 6, 7)
DATES = (END - timedelta(14), END - timedelta(7), END)


def scene(rule: str, facts: Mapping[str, Any], *courses: Course) -> Scene:
    """Return a scene of a milestone made by hand; without courses, of the first places."""
    one = milestone(rule, facts, TOP)
    story = RULES[rule].story(one)
    seats = () if courses else (TOP[1:4], (), TOP)
    return Scene(one, story, DATES, 2, stored=True, seats=seats, courses=courses)


def course(about: str, *values: Fraction | int | None, strong: bool = True) -> Course:
    """Return the course of an open model, or of all models, open ones, or an author."""
    exact = tuple(None if value is None else Fraction(value) for value in values)
    single = "/" in about and not about.endswith("/")
    return Course(about, Openness.OPEN if single else None, exact, strong)


def places(found: Scene, say: Say = SAY) -> Places:
    """Return the picture of a scene with first places."""
    picture = story_picture(found, "title", name, say)
    assert isinstance(picture, Places)
    return picture


def ways(found: Scene, say: Say = SAY) -> Ways:
    """Return the picture of a scene with lines."""
    picture = story_picture(found, "title", name, say)
    assert isinstance(picture, Ways)
    return picture


THREE_OPEN = scene("open_top5", {"level": 3, "open": ["lab/1", "lab/4", "lab/5"]})
RECORD = scene(
    "share_record",
    {"model": "lab/1", "tokens": 500, "total": 1000, "record_tokens": 1, "record_total": 3},
    course("lab/1", Fraction(1, 3), None, Fraction(1, 2)),
    course("lab/2", Fraction(1, 5), Fraction(1, 6), Fraction(1, 5), strong=False),
)
HALF = scene(
    "open_share",
    {"mark": 50, "direction": "up"},
    replace(
        course(OPEN_MODELS, Fraction(2, 5), Fraction(9, 20), Fraction(1, 2)),
        most=(Fraction(2, 5), Fraction(1, 2), Fraction(5499, 10000)),
    ),
)
MARK = scene("token_mark", {"model": "lab/1", "mark": 2 * T}, course("lab/1", T, None, 2 * T + 1))
CLIMB = scene(
    "surge",
    {"model": "lab/9", "rank": 12, "rank_before": 30},
    course("lab/9", 45, 30, 12),
    course("lab/1", 1, 1, 1, strong=False),
    course("lab/2", 11, None, 9, strong=False),
)
THEN = HalfYear(date(2025, 12, 7), top("cocc", (9, 8, 7, 6)), 100, None, 0, 8, 0, 30)


def with_half_year(found: Scene, then: HalfYear) -> Scene:
    """Return a scene whose milestone knows what was six months before."""
    return replace(found, milestone=replace(found.milestone, half_year=then))


def test_first_places_have_their_holders_and_how_many_are_open() -> None:
    picture = places(THREE_OPEN)
    assert [seat.name for seat in picture.seats[-1]] == [f"lab/{n}" for n in range(1, 6)]
    assert (picture.counted, picture.counts) == (("1", "", "3"), "open models")
    assert (picture.title, picture.since, picture.before) == ("title", 2, None)
    assert (
        picture.subtitle
        == "Five most-used models by tokens over seven days, 24 May 2026 to 7 June 2026"
    )
    assert picture.days == ("24 May", "31 May", "7 Jun")
    assert (picture.citation, picture.estimated) == (citation(THREE_OPEN.milestone.as_of), "")


def test_where_one_is_unknown_those_are_counted_that_are_known_to_be_open() -> None:
    one = replace(THREE_OPEN.milestone, top=top("ouc", (3, 2, 1)))
    assert places(replace(THREE_OPEN, milestone=one)).counts == "known to be open"


def test_six_months_before_are_set_apart_unless_they_are_among_the_dates() -> None:
    before = places(with_half_year(THREE_OPEN, THEN)).before
    assert before is not None
    assert (before.label, before.counted) == ("six months before", "1")
    assert [seat.openness.mark for seat in before.seats] == list("■●■■")
    assert places(with_half_year(THREE_OPEN, replace(THEN, date=DATES[0]))).before is None
    assert places(with_half_year(THREE_OPEN, replace(THEN, top=()))).before is None


def test_first_places_in_words_have_those_of_both_windows_and_each_count() -> None:
    assert story_alt(with_half_year(THREE_OPEN, THEN), name, SAY) == (
        "Five most-used models by tokens over seven days, 24 May 2026 to 7 June 2026. On the last"
        " day: 1 lab/1 (open); 2 lab/2 (closed); 3 lab/3 (closed); 4 lab/4 (open); 5 lab/5 (open)."
        " Known to be open: 3 of 5. Six months before, 7 December 2025: 1 lab/1 (closed); 2 lab/2"
        " (open); 3 lab/3 (closed); 4 lab/4 (closed). Known to be open: 1 of 4."
        " How many were open before: 24 May 1."
    )


def test_shares_are_exact_in_words_and_hundredths_of_a_per_cent_in_lines() -> None:
    picture = ways(RECORD)
    assert [way.values for way in picture.ways] == [(3333, None, 5000), (2000, 1667, 2000)]
    assert [(way.ending, way.strong) for way in picture.ways] == [
        ("50.0 %", True),
        ("20.0 %", False),
    ]
    assert picture.happened == "7 Jun: Record share: 50.0 %"
    assert [tick.label for tick in picture.ticks] == ["0 %", "10 %", "20 %", "30 %", "40 %", "50 %"]
    assert (picture.mark, picture.ticks[-1].value) == (None, 5000)
    assert "Share of all tokens on OpenRouter over seven days, " in picture.subtitle
    assert story_alt(RECORD, name, SAY).endswith(
        " 7 Jun: Record share: 50.0 %. Model 1 (open): 50.0 %. Model 1 before: 24 May 33.3 %."
        " On the last day: Model 2 (open) 20.0 %."
    )


@pytest.mark.parametrize(
    ("direction", "words"), [("up", "7 Jun: At least 50 %"), ("down", "7 Jun: Less than 50 %")]
)
def test_the_open_share_has_its_mark_and_the_most_it_may_be(direction: str, words: str) -> None:
    one = replace(HALF.milestone, facts={"mark": 50, "direction": direction})
    picture = ways(replace(HALF, milestone=one))
    assert picture.happened == words
    (way,) = picture.ways
    assert (way.name, way.most) == ("Open models", (4000, 5000, 5499))
    assert way.ending == "50.0 %, at most 55.0 %"
    assert picture.mark is not None
    assert (picture.mark.value, picture.mark.label) == (5000, "50 %")
    assert "Share of ranked tokens on OpenRouter" in picture.subtitle


def test_where_nothing_is_unknown_at_the_end_the_share_is_one_figure() -> None:
    known = replace(HALF.courses[0], most=(*HALF.courses[0].most[:2], Fraction(1, 2)))
    assert ways(replace(HALF, courses=(known,))).ways[0].ending == "50.0 %"


def test_tokens_begin_at_nothing_and_reach_above_the_mark() -> None:
    picture = ways(MARK)
    assert picture.ways[0].values == (T, None, 2 * T + 1)
    assert picture.ways[0].ending == "2.00 T"
    assert picture.ticks[0].value == 0
    assert picture.ticks[-1].value > 2 * T
    assert picture.mark is not None
    assert (picture.mark.value, picture.mark.label) == (2 * T, "2 T")
    assert picture.happened == "7 Jun: 2 T in a week"


def test_all_models_together_are_called_so_and_have_no_openness() -> None:
    found = scene("platform_mark", {"mark": 50 * T}, course(ALL_MODELS, 40 * T, 45 * T, 51 * T))
    picture = ways(found)
    assert (picture.ways[0].name, picture.ways[0].openness) == ("All models", None)
    assert picture.happened == "7 Jun: 50 T in a week"
    assert "All models: 51.0 T. All models before: 24 May 40.0 T, 31 May 45.0 T." in story_alt(
        found, name, SAY
    )


def test_authors_are_called_by_their_names() -> None:
    facts = {"author": "lab", "previous": "old"}
    half = Fraction(1, 2)
    found = scene("author_leader", facts, *(course(each, 0, 0, half) for each in ("lab/", "old/")))
    assert [way.name for way in ways(found).ways] == ["lab", "old"]
    assert ways(found).happened == "7 Jun: Most-used author"


def test_ranks_reach_to_the_deepest_strong_one_and_others_to_the_tenth() -> None:
    picture = ways(CLIMB)
    assert [way.values for way in picture.ways] == [(45, 30, 12), (1, 1, 1), (None, None, 9)]
    assert [tick.value for tick in picture.ticks] == [1, 2, 5, 10, 20, 50]
    assert [way.ending for way in picture.ways] == ["number 12", "number 1", "number 9"]
    assert picture.happened == "7 Jun: Up to number 12 in a week"
    assert story_alt(CLIMB, name, SAY).endswith(
        " Model 9 (open): number 12. Model 9 before: 24 May 45, 31 May 30."
        " On the last day: 1 Model 1 (open); 9 Model 2 (open); 12 Model 9 (open)."
    )


def test_who_is_not_listed_is_said_to_be_so_only_where_the_window_is_stored() -> None:
    gone = course("lab/9", 3, 4, None)
    facts = {"model": "lab/9", "rank": None, "last": "2026-05-31"}
    found = scene("dropout", facts, gone)
    assert ways(found).ways[0].ending == "not listed"
    assert ways(replace(found, stored=False)).ways[0].ending == ""
    assert "Model 9 (open): not listed." in story_alt(found, name, SAY)
    empty = replace(found, courses=(course("lab/9", None, None, None),), stored=False)
    assert ways(empty).ticks[-1].value == 10
    assert "Model 9" not in story_alt(empty, name, SAY)


def test_what_has_lasted_is_told_without_a_day() -> None:
    facts = {"subject": "lab/1", "windows": 30}
    assert (
        ways(scene("streak", facts, course("lab/1", 1, 1, 1))).happened == "Number one for 30 days"
    )


def test_estimates_and_boards_say_that_they_are_such() -> None:
    of_weeks = {"board": "category-legal", "began": END - timedelta(7)}
    for found in (RECORD, CLIMB, THREE_OPEN):
        one = replace(found, milestone=replace(found.milestone, **of_weeks))
        picture = story_picture(one, "title", name, SAY)
        assert picture.estimated == "Estimates from a sample of requests"
        assert picture.subtitle.startswith("Legal: ")
        assert "Estimates from a sample of requests." in story_alt(one, name, SAY)


def test_in_turkish_numbers_dates_and_words_are_turkish() -> None:
    picture = ways(RECORD, TURKISH)
    assert picture.language == "tr"
    assert picture.subtitle.endswith("24 Mayıs 2026 – 7 Haziran 2026")
    assert picture.ways[0].ending == "%50,0"
    assert "%33,3" in story_alt(RECORD, name, TURKISH)


def test_the_description_names_as_many_on_the_last_day_as_there_is_room_for() -> None:
    dates = tuple(END - timedelta(40 - n) for n in range(41))
    strong = [course(f"lab/{n}", *range(60, 20, -1), n) for n in (1, 2)]
    crowd = [course(f"lab/{n}", *([1] * 40), n, strong=False) for n in range(3, 40)]
    found = replace(CLIMB, dates=dates, since=40, courses=(*strong, *crowd))
    few = story_alt(found, lambda model: f"{model} {'x' * 60}".replace(" ", "-"), SAY)
    assert LONGEST_ALT - 60 < len(few) <= LONGEST_ALT
    named = re.findall(r"[:;] (\d+) lab/(\d+)", few)
    assert named == [(str(n), str(n)) for n in range(1, len(named) + 1)]
    assert 5 < len(named) < 10
    assert few.endswith("(open).")
    every = story_alt(found, name, SAY)
    assert re.findall(r"[:;] (\d+) Model", every) == [str(n) for n in range(1, 11)]
