"""How openness is told: message, picture and the words that stand in for it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from bot.answers.openness import Balance, Balances
from bot.boards import MODELS
from bot.errors import SettingsError
from bot.message import Link, Message
from bot.model import Openness
from bot.packaged import read_boards, read_languages
from bot.queries.almanac import almanac
from bot.queries.openness import balances
from bot.settings import read_settings
from bot.text.openness import dispute_link, openness
from bot.text.say import english
from bot.text.shares import shares_alt
from bot.text.words import citation
from tests.made import AS_OF, START, days, directory, open_closed

ROOT = Path(__file__).parent.parent.parent
SAY = english()
TURKISH = read_languages()["tr"]
BEFORE = {"open/x": 20, "closed/y": 70, "other/z": 10}
NOW = {"open/x": 60, "closed/y": 30, "other/z": 10}
UNKNOWN_ONES = {f"other/{name}": 10 - n for n, name in enumerate("abcdefg")}


def asked(length: int = 400, turn: int = 200) -> Balances:
    """Return the answer for so many days, the last ones after a turn."""
    stored = days([BEFORE] * turn + [NOW] * (length - turn))
    board = almanac("models", stored, MODELS.counting)
    return balances(MODELS, board, date.max, open_closed())


FOUND = asked()
YOUNG = asked(10, 0)


def told(found: Balances = FOUND, project_url: str | None = None) -> Message:
    """Return the English message."""
    return openness(found, project_url, SAY)


def section(message: Message, heading: str) -> list[str]:
    """Return the lines of the section that begins so."""
    found = [each for each in message.sections if each.heading.startswith(heading)]
    return [line.text for each in found for line in each.lines]


def test_shares_now_are_told_by_shape_and_word() -> None:
    message = told()
    assert message.title == "60.0 % of ranked tokens go to models known to be open"
    assert message.lead == (
        "29 June 2027 to 5 July 2027",
        "● open 60.0 % · ■ closed 30.0 % · ◆ unknown 10.0 %",
        "Top five: 1 open and 1 unknown · top ten: 1 open and 1 unknown",
    )
    assert message.citation == citation(AS_OF)


def test_six_months_and_a_year_before_stand_beside_it() -> None:
    message = told()
    heads = [each.heading for each in message.sections]
    assert heads[0] == "Six months before: 30 December 2026 to 5 January 2027"
    assert (
        section(message, "Six months before")[-1] == "Share known to be open, against then: = same"
    )
    assert heads[1] == "A year before: 29 June 2026 to 5 July 2026"
    assert section(message, "A year before") == [
        "● open 20.0 % · ■ closed 70.0 % · ◆ unknown 10.0 %",
        "Top five: 1 open and 1 unknown · top ten: 1 open and 1 unknown",
        "Share known to be open, against then: ▲ up 40.0 points",
    ]


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        ((200, 0), (600, 0), "▲ up 40.0 points"),
        ((600, 0), (200, 0), "▼ down 40.0 points"),
        ((600, 0), (600, 300), "= same"),
        ((200, 400), (600, 0), "▲ up 40.0 points. What is unknown could account for it."),
        ((200, 399), (600, 0), "▲ up 40.0 points"),
        ((600, 0), (200, 400), "▼ down 40.0 points. What is unknown could account for it."),
        ((600, 0), (200, 399), "▼ down 40.0 points"),
    ],
)
def test_a_change_that_may_be_of_what_is_known_alone_says_so(
    then: tuple[int, int], now: tuple[int, int], words: str
) -> None:
    made = [Balance(START, *sums, 1000, (Openness.OPEN,)) for sums in (then, now)]
    message = told(replace(FOUND, half_year=made[0], now=made[1]))
    last = section(message, "Six months before")[-1]
    assert last == f"Share known to be open, against then: {words}"


def test_what_is_not_stored_is_told_with_since_when_we_watch() -> None:
    message = told(YOUNG)
    said = "No complete week of that time is stored: we watch since 1 June 2026."
    assert message.sections[0].heading == "Six months and a year before"
    assert section(message, "Six months and a year before") == [said]
    message = told(replace(FOUND, year=None))
    assert section(message, "A year before") == [said]
    assert len(section(message, "Six months before")) == 3


def test_five_unknown_models_are_named_with_why_and_the_rest_counted() -> None:
    board = almanac("models", days([UNKNOWN_ONES] * 7), MODELS.counting)
    found = balances(MODELS, board, date.max, directory(names={"other/a": "Alpha **A**"}))
    lines = section(told(found), "What is unknown")
    assert lines[0] == "◆ Alpha **A** · 20.4 % · No evidence either way."
    assert [line.split(" · ")[0] for line in lines[:5]] == [
        *("◆ Alpha **A**", "◆ b", "◆ c", "◆ d", "◆ e")
    ]
    assert lines[5:] == ["And 2 more models, with 18.4 % together"]
    one = replace(found, unknown=found.unknown[:6])
    assert section(told(one), "What is unknown")[5:] == ["And 1 more model, with 10.2 %"]
    assert section(told(replace(found, unknown=())), "What is unknown") == []


def test_what_is_not_unknown_of_any_model_is_left_out() -> None:
    known = replace(FOUND.now, unknown=0)
    found = replace(FOUND, now=known, drawn=FOUND.drawn | {FOUND.now.date: known})
    assert told(found).lead[1] == "● open 60.0 % · ■ closed 40.0 %"
    assert "On the last day: open 60.0 %, closed 40.0 %." in shares_alt(found, SAY)
    few = replace(FOUND, now=Balance(START, 6000, 1, 10_000, ()))
    assert "◆ unknown <0.1 %" in told(few).lead[1]


def test_what_has_no_name_is_told_beside_what_the_shares_are_of() -> None:
    more = replace(FOUND, found=replace(FOUND.found, total=FOUND.now.counted * 4))
    (said,) = [note for note in told(more).notes if "Ranked tokens" in note]
    assert "Another 75.0 % of all tokens were used outside the published ranks, where no" in said
    lacking = replace(FOUND, found=replace(FOUND.found, days_without_other=2))
    (said,) = [note for note in told(lacking).notes if "Ranked tokens" in note]
    assert said.endswith("was not published for 2 of the days.")


def test_estimates_and_a_newer_day_that_makes_no_window_are_told() -> None:
    assert not any("estimates" in note or "Newer" in note for note in told().notes)
    board = read_boards()["category-legal"]
    missing = tuple(FOUND.now.date + timedelta(days=n) for n in (1, 2))
    late = replace(FOUND.answer, newest=FOUND.now.date + timedelta(days=3), missing=missing)
    message = told(replace(FOUND, board=board, answer=late))
    assert message.title.startswith("Legal: 60.0 %")
    assert any("These are estimates" in note for note in message.notes)
    assert "Newer days are stored, but these are missing: 6 July 2027 and 7 July 2027." in (
        message.notes
    )


def test_days_without_a_listed_token_are_told_as_such() -> None:
    board = almanac("models", days([{"open/x": 0}] * 7), MODELS.counting)
    found = balances(MODELS, board, date.max, open_closed())
    message = told(found)
    assert message.title == "The listed models have no tokens in these days"
    assert "%" not in " ".join(message.lead)
    assert shares_alt(found, SAY) == "No complete week is stored yet"


def test_an_entry_is_disputed_by_the_form_or_without_one_by_the_operator() -> None:
    message = told(project_url="https://github.com/a/b")
    assert message.links == (
        Link("Dispute an entry", "https://github.com/a/b/issues/new?template=evidence.yml"),
    )
    assert message.notes[-1].startswith("Is an entry wrong? The form")
    assert told().links == ()
    assert "Tell the operator" in told().notes[-1]


def test_the_form_is_filled_in_for_a_model_however_odd_its_name() -> None:
    assert dispute_link(None, SAY, "a/b") is None
    link = dispute_link("https://github.com/a/b", SAY, "x/y&title=z #[(")
    assert link is not None
    assert link.url.endswith("&model=x%2Fy%26title%3Dz%20%23%5B%28")
    long = dispute_link("https://github.com/a/b", SAY, "é" * 200)
    assert long == dispute_link("https://github.com/a/b", SAY)


def test_the_longest_page_that_can_be_set_fits_a_button() -> None:
    page = "https://github.com/".ljust(400, "x")
    link = dispute_link(read_settings({"RANKSHIFT_PROJECT_URL": page}).project_url, SAY)
    assert link is not None
    assert len(link.url) <= 512
    for wrong in (f"{page}x", "github.com/a/b"):
        with pytest.raises(SettingsError, match="RANKSHIFT_PROJECT_URL"):
            read_settings({"RANKSHIFT_PROJECT_URL": wrong})
    assert read_settings({}).project_url is None


def test_the_form_has_the_fields_that_the_link_fills_in() -> None:
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/evidence.yml").read_text("utf-8"))
    assert {"name", "description", "body"} <= form.keys()
    fields = {each["id"]: each for each in form["body"] if each["type"] != "markdown"}
    assert list(fields) == ["model", "openness", "since", "page", "more"]
    assert all(each["attributes"]["label"] for each in fields.values())
    assert [name for name, each in fields.items() if each.get("validations")] == list(fields)[:4]


def test_in_turkish_every_word_of_ours_is_turkish() -> None:
    message = openness(FOUND, None, TURKISH)
    assert message.title == "Sıralamadaki tokenlarda açık olduğu bilinen modellerin payı %60,0"
    assert message.lead[1] == "● açık %60,0 · ■ kapalı %30,0 · ◆ bilinmiyor %10,0"
    said = section(message, "Bir yıl önce")
    assert said[-1] == "Açık olduğu bilinenlerin payı, o zamana göre: ▲ 40,0 puan yukarı"
