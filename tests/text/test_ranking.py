"""A ranking's words: places with their changes, or why there are none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.answers.rankings import Page, Wanted
from bot.boards import MODELS, Board
from bot.knowledge import CatalogueEntry
from bot.message import Message, Ranked
from bot.model import Answer, Openness, Place, Standings
from bot.openness import Directory
from bot.packaged import read_boards
from bot.queries.rankings import page_of
from bot.standings import OFFICIAL, WEEKLY, Counting
from bot.text.ranking import change, ranking
from bot.text.say import english
from bot.text.words import citation
from tests.made import AS_OF, START, directory, verdict

SAY = english()
END = date(2026, 6, 14)
PLACES = (
    Place("lab/a", 1, 600, 3, 100),
    Place("lab/b", 2, 250, 2, 90),
    Place("lab/c", 3, 50, 1, 80),
    Place("lab/d", 4, 1, None, None),
)
FOUND = Standings("models", END, 7, PLACES, 1000, 0, True, AS_OF)
ANSWER = Answer(FOUND, END, ())


NEEDED = "A complete window is needed; these days are missing:"
_ONE = timedelta(1)


def _directory() -> Directory:
    hint = CatalogueEntry("lab/a", "Model A", START, "lab/a", END)
    models = {"lab/b": verdict(Openness.CLOSED), "lab/c": verdict(Openness.OPEN, END + _ONE)}
    return directory(models, catalogue=[hint], names={"lab/b": "Model B"})


def page(
    answer: Answer,
    wanted: Wanted,
    known: Directory,
    counting: Counting = OFFICIAL,
    board: Board = MODELS,
) -> Page:
    """Return a page of an answer."""
    return page_of(board, answer, counting, wanted, known)


def shown(answer: Answer, wanted: Wanted | None = None, counting: Counting = OFFICIAL) -> Message:
    """Return the message of a page."""
    return ranking(page(answer, wanted or Wanted(), _directory(), counting), _directory(), SAY)


def test_a_ranking_tells_places_shares_and_changes() -> None:
    message = shown(ANSWER)
    assert message.ranking == (
        Ranked(1, "Model A", Openness.OPEN, "open", "60.0 %", "600", "▲ up 2"),
        Ranked(2, "Model B", Openness.CLOSED, "closed", "25.0 %", "250", "= same"),
        Ranked(3, "c", Openness.UNKNOWN, "unknown", "5.0 %", "50", "▼ down 2"),
        Ranked(4, "d", Openness.UNKNOWN, "unknown", "0.1 %", "1", "unlisted then"),
    )
    assert message.caption == "By tokens, 8 June 2026 to 14 June 2026"
    assert message.notes == ("Changes are against the seven days before.",)
    assert message.citation == citation(AS_OF)
    assert message.key is None


@pytest.mark.parametrize(("top", "count"), [(1, 1), (3, 3), (4, 4), (50, 4)])
def test_a_ranking_shows_the_first_places_that_were_asked_for(top: int, count: int) -> None:
    ranks = [place.rank for place in shown(ANSWER, Wanted(top=top)).ranking]
    assert ranks == [*range(1, count + 1)]


def test_a_page_says_which_places_of_how_many_it_shows() -> None:
    second = shown(ANSWER, Wanted(top=3, page=1))
    assert second.caption == "By tokens, 8 June 2026 to 14 June 2026 · 4 of 4"


@pytest.mark.parametrize(
    ("show", "title", "names"),
    [
        (Openness.OPEN, "Most-used open models on OpenRouter", ["Model A"]),
        (Openness.CLOSED, "Most-used closed models on OpenRouter", ["Model B"]),
    ],
)
def test_of_one_openness_the_title_says_which(show: Openness, title: str, names: list[str]) -> None:
    message = shown(ANSWER, Wanted(show=show))
    assert message.title == title
    assert [place.name for place in message.ranking] == names


def test_where_no_model_is_known_to_be_open_it_says_so() -> None:
    message = ranking(page(ANSWER, Wanted(show=Openness.OPEN), directory()), directory(), SAY)
    assert message.lead == ("No listed model is known to be open.",)
    assert message.caption == ""


@pytest.mark.parametrize(
    ("counting", "note"),
    [
        (Counting(window=1), "Changes are against the same day of the week before."),
        (Counting(window=30), "Changes are against the same number of days that ended a week"),
    ],
)
def test_changes_over_other_windows_say_against_what(counting: Counting, note: str) -> None:
    message = shown(ANSWER, counting=counting)
    assert message.notes[0].startswith(note)


def test_estimates_are_called_so() -> None:
    weekly = read_boards()["category-legal"]
    found = ranking(page(ANSWER, Wanted(), _directory(), WEEKLY, weekly), _directory(), SAY)
    assert any(note.startswith("These are estimates") for note in found.notes)
    assert found.caption == "By tokens, 8 June 2026 to 14 June 2026"


def test_nothing_is_compared_where_the_week_before_is_not_complete() -> None:
    message = shown(replace(ANSWER, standings=replace(FOUND, compared=False)))
    assert {place.change for place in message.ranking} == {""}
    assert message.notes == ()


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (None, "unlisted then"),
        (9, "▲ up 4"),
        (6, "▲ up 1"),
        (5, "= same"),
        (4, "▼ down 1"),
        (1, "▼ down 4"),
    ],
)
def test_a_change_is_told_in_places_by_shape_and_word(before: int | None, words: str) -> None:
    assert change(Place("lab/a", 5, 1, before, before), SAY) == words


def test_a_newer_day_that_makes_no_window_is_told_with_what_is_missing() -> None:
    missing = (END + _ONE, END + 2 * _ONE)
    message = shown(Answer(FOUND, END + 3 * _ONE, missing))
    assert message.notes[1:] == (
        "Newer days are stored, but these are missing: 15 June 2026 and 16 June 2026.",
    )


def test_a_missing_other_is_told() -> None:
    found = replace(FOUND, days_without_other=3)
    message = shown(replace(ANSWER, standings=found))
    assert [note.startswith("For 3 of the days") for note in message.notes] == [False, True]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(None, None, ()), "No rankings are stored yet. The next poll brings them."),
        (
            Answer(None, END, (START, START + _ONE, END)),
            f"{NEEDED} 1 June 2026, 2 June 2026 and 14 June 2026.",
        ),
    ],
)
def test_without_standings_it_says_why(answer: Answer, why: str) -> None:
    message = shown(answer)
    assert message.title == "No standings yet"
    assert message.lead == (why,)
    assert (message.ranking, message.notes) == ((), ())
    assert message.citation == ""
