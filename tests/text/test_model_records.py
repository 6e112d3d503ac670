"""What is told of a model's best and its streaks, and what of them the stored days leave open."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.boards import MODELS
from bot.message import Message
from bot.model import BOARD_MODELS, Day
from bot.packaged import read_languages
from bot.queries.almanac import almanac
from bot.queries.model import profile
from bot.standings import OFFICIAL
from bot.text.models import model_message
from bot.text.say import Say, english
from tests.made import START, days, directory

SAY, TURKISH = english(), read_languages()["tr"]
A, B, C = "lab/a-1", "lab/b-2", "lab/c-3"
KNOWN = directory(names={A: "Model A"})


def told(stored: Mapping[date, Day], model: str = A, say: Say = SAY) -> Message:
    """Return what is told of a model after these days."""
    found = profile(MODELS, almanac(BOARD_MODELS, stored, OFFICIAL), KNOWN, model, date.max)
    return model_message(found, (), None, say)


def lines(message: Message, heading: str) -> Sequence[str]:
    """Return the texts below a heading."""
    (section,) = (each for each in message.sections if each.heading == heading)
    return tuple(line.text for line in section.lines)


def test_what_the_stored_rankings_show_from_end_to_end_is_told_flatly() -> None:
    message = told(days([{B: 50}] * 7 + [{A: 99, B: 50}] * 16 + [{B: 500}] * 7))
    assert lines(message, "Best so far")[0] == "Rank 1 on 13 days, first on 11 June 2026"
    assert lines(message, "In a row") == (
        "Number one: longest on record 13 days, 11 June 2026 to 23 June 2026",
        "Top five: longest on record 22 days, 8 June 2026 to 29 June 2026",
    )


def test_a_streak_that_began_in_the_stored_rankings_is_told_since_then() -> None:
    message = told(days([{B: 50}] * 7 + [{A: 99, B: 50}] * 30))
    assert lines(message, "In a row") == (
        "Number one: 27 days now, since 11 June 2026 · longest on record",
        "Top five: 30 days now, since 8 June 2026 · longest on record",
    )


def test_what_a_missing_day_may_have_cut_is_told_so() -> None:
    stored = days([{B: 50}] * 7 + [{A: 99, B: 50}] * 30)
    del stored[START + timedelta(days=14)]
    message = told(stored)
    assert lines(message, "Best so far")[0] == "Rank 1 on 20 days, first on 11 June 2026"
    assert lines(message, "In a row") == (
        "Number one: at least 16 days now, stored since 22 June 2026 · longest on record",
    )
    ended = told({**stored, **{when: days([{B: 900}], when)[when] for when in list(stored)[-10:]}})
    assert lines(ended, "In a row")[0].startswith(
        "Number one: longest on record 6 days or more, 22"
    )


def test_a_streak_that_a_missing_day_ends_may_have_been_longer() -> None:
    stored = days([{B: 50}] * 7 + [{A: 99, B: 50}] * 16 + [{B: 500}] * 7)
    del stored[START + timedelta(days=20)]
    assert lines(told(stored), "In a row")[0] == (
        "Number one: longest on record 10 days or more, 11 June 2026 to 20 June 2026"
    )


def test_a_best_rank_after_a_missing_day_is_the_first_on_record() -> None:
    stored = days([{B: 50}] * 15 + [{A: 99, B: 50}] * 22)
    del stored[START + timedelta(days=14)]
    best = lines(told(stored, say=TURKISH), "Şimdiye kadarki en iyisi")
    assert best[0] == "16 gün 1. sıra, kayıtlarda ilk kez 22 Haziran 2026"


def test_a_highest_share_below_the_present_one_is_left_out() -> None:
    stored = days([{A: 50, B: 50}] * 7 + [{A: 500, B: 50}] * 2)
    newest = START + timedelta(days=8)
    assert any("Highest share" in line for line in lines(told(stored), "Best so far"))
    stored[newest] = replace(stored[newest], other=None)
    assert [line.split()[0] for line in lines(told(stored), "Best so far")] == ["Rank", "Out"]


def test_a_model_listed_on_some_of_the_days_only_is_told_to_have_too_few_perhaps() -> None:
    note = "Not listed on each of these days, so that tokens may be too few: Model A."
    assert note in told(days([{B: 50}] * 6 + [{A: 900, B: 50}])).notes
    assert note not in told(days([{A: 900, B: 50}] * 7)).notes


def test_models_with_equal_tokens_are_said_to_be_ranked_by_name() -> None:
    stored = days([{A: 50, B: 50, C: 9}] * 7)
    note = "Models with equal tokens are ranked by name."
    assert note in told(stored, B).notes
    assert note not in told(stored, C).notes


def test_a_best_rank_of_one_window_is_told_with_its_day() -> None:
    message = told(days([{B: 50}] * 7 + [{A: 900, B: 50}] + [{B: 900}] * 6))
    assert lines(message, "Best so far")[0] == "Rank 1 on 1 day, 8 June 2026"
