"""A ranking's words: places with their changes, or why there are none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.knowledge import CatalogueEntry
from bot.message import Ranked
from bot.model import Answer, Openness, Place, Standings
from bot.openness import Directory
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


NEEDED = "Seven complete days in a row are needed; these are missing:"
_ONE = timedelta(1)


def _directory() -> Directory:
    hint = CatalogueEntry("lab/a", "Model A", START, "lab/a", END)
    models = {"lab/b": verdict(Openness.CLOSED), "lab/c": verdict(Openness.OPEN, END + _ONE)}
    return directory(models, catalogue=[hint], names={"lab/b": "Model B"})


def test_a_ranking_tells_places_shares_and_changes() -> None:
    message = ranking(ANSWER, 10, _directory(), SAY)
    assert message.ranking == (
        Ranked(1, "Model A", Openness.OPEN, "open", "60.0 %", "600", "up 2"),
        Ranked(2, "Model B", Openness.CLOSED, "closed", "25.0 %", "250", "same"),
        Ranked(3, "c", Openness.UNKNOWN, "unknown", "5.0 %", "50", "down 2"),
        Ranked(4, "d", Openness.UNKNOWN, "unknown", "0.1 %", "1", "unlisted then"),
    )
    assert message.caption == "By tokens, 8 June 2026 to 14 June 2026"
    assert message.notes == ("Changes are against the seven days before.",)
    assert message.citation == citation(AS_OF)
    assert message.key is None


@pytest.mark.parametrize(("top", "shown"), [(0, 0), (1, 1), (3, 3), (4, 4), (50, 4)])
def test_a_ranking_shows_the_first_places_that_were_asked_for(top: int, shown: int) -> None:
    assert [p.rank for p in ranking(ANSWER, top, _directory(), SAY).ranking] == [
        *range(1, shown + 1)
    ]


def test_nothing_is_compared_where_the_week_before_is_not_complete() -> None:
    message = ranking(
        replace(ANSWER, standings=replace(FOUND, compared=False)), 4, _directory(), SAY
    )
    assert {place.change for place in message.ranking} == {""}
    assert message.notes == ()


@pytest.mark.parametrize(
    ("before", "words"),
    [(None, "unlisted then"), (9, "up 4"), (6, "up 1"), (5, "same"), (4, "down 1"), (1, "down 4")],
)
def test_a_change_is_told_in_places(before: int | None, words: str) -> None:
    assert change(Place("lab/a", 5, 1, before, before), SAY) == words


def test_a_newer_day_that_makes_no_window_is_told_with_what_is_missing() -> None:
    missing = (END + _ONE, END + 2 * _ONE)
    message = ranking(Answer(FOUND, END + 3 * _ONE, missing), 4, _directory(), SAY)
    assert message.notes[1:] == (
        "Newer days are stored, but these are missing: 15 June 2026 and 16 June 2026.",
    )


def test_a_missing_other_is_told() -> None:
    found = replace(FOUND, days_without_other=3)
    message = ranking(replace(ANSWER, standings=found), 4, _directory(), SAY)
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
    message = ranking(answer, 10, _directory(), SAY)
    assert message.title == "No standings yet"
    assert message.lead == (why,)
    assert (message.ranking, message.notes) == ((), ())
    assert message.citation == ""
