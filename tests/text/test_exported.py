"""The files of /export, and the words beside them, in both languages."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.exported import Asked, Chart, DayRow, Exported, WindowRow
from bot.boards import MODELS
from bot.errors import DaysRefused
from bot.message import Link
from bot.model import Openness
from bot.packaged import read_boards, read_languages
from bot.text.exported import as_csv, as_json, export, file_name, hundredths
from bot.text.refusals import refusal
from bot.text.say import Say, english
from bot.text.words import citation
from tests.made import AS_OF, START

SAY, TURKISH = english(), read_languages()["tr"]
ONE = timedelta(1)
URL = "https://creativecommons.org/licenses/by/4.0/"
NOTE = (
    "Each provider counts tokens with its own tokenizer, so that rows of different providers"
    " compare only roughly."
)
BOTH = pytest.mark.parametrize("say", [SAY, TURKISH], ids=["en", "tr"])


def row(name: str = "X", model: str = "lab/x", tokens: int = 1) -> WindowRow:
    """Return a row of a window."""
    return WindowRow(START, 1, model, name, Openness.OPEN, tokens, 3)


RANKS = Exported(
    board=MODELS,
    asked=Asked(),
    since=START,
    until=START + 7 * ONE,
    rows=(row(), row("Y", "lab/y", 2)),
    dates=2,
    as_of=AS_OF,
    first=START,
    newest=START + 9 * ONE,
    more=False,
)
DAILY = replace(
    RANKS,
    asked=Asked(Chart.DAYS),
    rows=(DayRow(START, 1, "lab/x:free", 5), DayRow(START, None, "other", 7)),
    dates=1,
)


def read(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """Return the lines above the rows, and the rows by their header."""
    text = content.decode()
    above = [line for line in text.split("\r\n") if line.startswith("# ")]
    rows = text[sum(len(line) + 2 for line in above) :]
    return above, list(csv.DictReader(io.StringIO(rows, newline=""), strict=True))


def test_a_csv_says_first_what_it_is_whose_and_under_which_licence() -> None:
    above, rows = read(as_csv(RANKS, SAY))
    assert above == [
        (
            "# The rows of the rankings · 2 rows · 2 windows of seven days, dated by their last"
            " · 1 June 2026 to 8 June 2026"
        ),
        f"# {citation(AS_OF)}",
        f"# CC BY 4.0: {URL}",
        f"# {NOTE}",
    ]
    assert rows[0] == {
        "date": "2026-06-01",
        "rank": "1",
        "model": "lab/x",
        "name": "X",
        "openness": "open",
        "tokens": "1",
        "share_percent": "33.33",
    }


def test_published_rows_have_the_slug_as_published_and_no_rank_for_the_others() -> None:
    _, rows = read(as_csv(DAILY, SAY))
    columns = ("date", "rank", "model_permaslug", "tokens")
    assert [tuple(each[name] for name in columns) for each in rows] == [
        ("2026-06-01", "1", "lab/x:free", "5"),
        ("2026-06-01", "", "other", "7"),
    ]
    assert json.loads(as_json(DAILY, SAY))["rows"][1]["rank"] is None


def test_a_json_holds_citation_licence_note_board_days_and_rows() -> None:
    assert json.loads(as_json(RANKS, SAY)) == {
        "citation": citation(AS_OF),
        "licence": {"name": "CC BY 4.0", "url": URL},
        "note": NOTE,
        "board": "models",
        "since": "2026-06-01",
        "until": "2026-06-08",
        "rows": [
            {
                "date": "2026-06-01",
                "rank": 1,
                "model": f"lab/{name}",
                "name": name.upper(),
                "openness": "open",
                "tokens": tokens,
                "share_percent": share,
            }
            for name, tokens, share in (("x", 1, 33.33), ("y", 2, 66.67))
        ],
    }


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "   @"])
def test_no_cell_is_a_formula(begins: str) -> None:
    name = f"{begins}cmd|' /C calc'!A0"
    found = replace(RANKS, rows=(row(name, name),))
    _, (cells,) = read(as_csv(found, SAY))
    assert cells["name"] == cells["model"] == f"'{name}"
    assert json.loads(as_json(found, SAY))["rows"][0]["name"] == name


def test_nothing_from_outside_stands_above_the_rows() -> None:
    found = replace(RANKS, asked=Asked(model="=evil"), rows=(row("=evil\r\n=evil", "=evil"),))
    assert all("evil" not in line for line in read(as_csv(found, SAY))[0])


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=1, max_size=5))
def test_any_name_is_read_back_as_it_was(names: list[str]) -> None:
    found = replace(RANKS, rows=tuple(row(name) for name in names))
    for name, cells in zip(names, read(as_csv(found, SAY))[1], strict=True):
        assert cells["name"] in {name, f"'{name}"}
    assert [each["name"] for each in json.loads(as_json(found, SAY))["rows"]] == names


@given(st.integers(0, 10**30), st.integers(1, 10**30))
def test_a_share_is_exact_to_two_decimals(part: int, more: int) -> None:
    share = hundredths(part, part + more)
    assert abs(Fraction(share) - Fraction(100 * part, part + more)) <= Fraction(1, 200)
    assert share.as_tuple().exponent == -2
    assert 0 <= share <= 100


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(0, 0, "0.00"), (0, 5, "0.00"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 20000, "0.01")],
)
def test_halves_of_a_share_are_rounded_up(part: int, whole: int, share: str) -> None:
    assert str(hundredths(part, whole)) == share


def test_the_message_says_how_much_it_is_and_whose() -> None:
    message = export(RANKS, SAY)
    assert message.title == "The rows of the rankings"
    assert message.lead == (
        "2 rows · 2 windows of seven days, dated by their last · 1 June 2026 to 8 June 2026",
    )
    assert message.notes == (
        NOTE,
        "The source asks that nobody serves its data anew as a competing free API.",
    )
    assert message.citation == citation(AS_OF)
    assert message.links == (Link("CC BY 4.0", URL),)


def test_rows_of_one_model_say_of_which() -> None:
    ranks = replace(RANKS, asked=Asked(model="lab/x"), rows=(row("Model X"),))
    assert export(ranks, SAY).lead[0] == "One model only: Model X"
    daily = replace(DAILY, asked=Asked(Chart.DAYS, "lab/x"), rows=DAILY.rows[:1])
    assert export(daily, TURKISH).lead[0] == "Yalnızca bir model: lab/x"


def test_in_turkish_it_says_the_same() -> None:
    assert export(DAILY, TURKISH).lead == ("2 satır · 1 gün · 1 Haziran 2026 – 8 Haziran 2026",)
    above, rows = read(as_csv(RANKS, TURKISH))
    assert above[0].startswith("# Sıralamaların satırları · 2 satır")
    assert rows[0]["openness"] == "open"


def test_a_board_of_weeks_says_weeks_and_that_they_are_estimates() -> None:
    found = replace(DAILY, board=read_boards()["category-programming"])
    assert export(found, SAY).lead[0].startswith("2 rows · 1 week · ")
    assert export(found, SAY).title == "Programming: The rows as published"
    assert "These are estimates" in export(found, SAY).notes[1]
    assert "These are estimates" in read(as_csv(found, SAY))[0][-1]
    assert "These are estimates" in json.loads(as_json(found, SAY))["note"]


def test_what_did_not_go_into_the_file_is_said_with_how_to_get_it() -> None:
    assert export(replace(RANKS, more=True), SAY).lead[1] == (
        "No more days go into one file. For newer ones ask since 2026-06-08."
    )


def test_without_rows_it_says_whether_the_days_or_the_model_lack_them() -> None:
    nothing = replace(RANKS, rows=())
    assert export(nothing, SAY).lead == (
        (
            "This model is not in the published ranks of 1 June 2026 to 8 June 2026; how much it"
            " was used then is not known."
        ),
    )
    daily = replace(nothing, asked=Asked(Chart.DAYS), dates=0, as_of=None)
    assert export(daily, SAY).lead == (
        "Nothing is stored of these days. There are figures of 1 June 2026 to 10 June 2026.",
    )


def test_days_on_which_no_week_ends_are_not_said_to_be_without_figures() -> None:
    nothing = replace(RANKS, rows=(), dates=0, as_of=None)
    assert export(nothing, SAY).lead == (
        (
            "No complete week ends on these days. The first and the last one end on 1 June 2026"
            " and 10 June 2026."
        ),
    )
    assert export(nothing, TURKISH).lead == (
        (
            "Bu günlerde biten tam bir hafta yok. İlki 1 Haziran 2026, sonuncusu 10 Haziran 2026"
            " günü bitiyor."
        ),
    )
    assert export(replace(nothing, newest=START), SAY).lead == (
        "No complete week ends on these days. The only one ends on 1 June 2026.",
    )


def test_one_day_alone_is_said_as_that_day() -> None:
    day = replace(DAILY, until=START, newest=START)
    assert export(day, SAY).lead == ("2 rows · 1 day · 1 June 2026",)
    assert "published ranks of 1 June 2026; how" in export(replace(day, rows=()), SAY).lead[0]
    nothing = replace(day, rows=(), dates=0, as_of=None)
    assert export(nothing, SAY).lead[0].endswith("There are figures of 1 June 2026.")


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (START - ONE, "The last day, 31 May 2026, is before the first one, 1 June 2026."),
        (START + 366 * ONE, "1 June 2026 to 2 June 2027 are more than 366 days"),
    ],
)
def test_days_that_are_refused_are_told_with_what_to_do(until: date, why: str) -> None:
    text = refusal(DaysRefused(START, until, 366), SAY)
    assert text.startswith(why)
    assert "Please" in text


@BOTH
def test_a_file_is_named_by_board_and_days_in_any_language(say: Say) -> None:
    assert file_name(RANKS, "csv") == "rankshift-models-2026-06-01-2026-06-08.csv"
    assert as_csv(RANKS, say).endswith(b"2026-06-01,1,lab/y,Y,open,2,66.67\r\n")


def test_a_year_of_the_longest_rows_is_far_smaller_than_discord_takes() -> None:
    rows = tuple(
        WindowRow(START, 50, f"{'a' * 30}/{'m' * 40}", "N" * 60, Openness.UNKNOWN, 10**13, 10**14)
        for _ in range(366 * 60)
    )
    for content in (as_csv, as_json):
        assert len(content(replace(RANKS, rows=rows), SAY)) < 7 * 2**20
