"""The words of a weekly digest: standings, movers, open share, milestones, in what has room."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import discord
import pytest

from bot.answers.digest import Summed
from bot.boards import MODELS, Board
from bot.message import Message, Outgoing, Ranked
from bot.model import Answer, Cause, Openness, Severity
from bot.openness import Directory
from bot.packaged import read_boards, read_languages
from bot.queries.almanac import almanac
from bot.queries.digest import summed
from bot.queries.rankings import answer_by
from bot.text.digest import chart_title, digest, leading
from bot.text.say import Say, english
from bot.text.words import citation
from cogs._message import layout
from tests.made import AS_OF, START, days, directory, verdict
from tests.text.test_roundup import milestone, told

SAY, TURKISH = english(), read_languages()["tr"]
BOARDS = read_boards()
LEGAL = BOARDS["category-legal"]
KEY = "digest.2026-06-15.0900"
LAST = START.replace(day=14)
KNOWN = directory(
    authors={"open": verdict(Openness.OPEN), "closed": verdict(Openness.CLOSED)},
    names={
        f"{author}/{name}": f"{name.upper()}"
        for author in ("open", "closed", "x")
        for name in "abcdef"
    },
)
THEN = {"closed/a": 50, "open/b": 30, "open/c": 10, "x/d": 6, "closed/e": 3, "open/f": 1}
NOW = {"open/b": 50, "closed/a": 30, "x/d": 10, "open/c": 6, "open/f": 3, "closed/e": 1}
Counts = Mapping[str, int]


def week(
    now: Counts = NOW, then: Counts | None = THEN, board: Board = MODELS, known: Directory = KNOWN
) -> Summed:
    """Return what is summed up of two weeks of equal days, the second one alone without `then`."""
    counts = [then] * 7 + [now] * 7 if then is not None else [now] * 7
    stored = days(counts, START if then is not None else START.replace(day=8))
    if board.weekly:
        stored = {day: each for day, each in stored.items() if day.weekday() == 6}
    found = almanac(board.name, stored, board.counting)
    return summed(board, answer_by(found, LAST), stored, known)


def without_week(board: Board = MODELS) -> Summed:
    """Return what is summed up of a board that has no days."""
    return Summed(board, Answer(None, None, ()), None, None, None)


def sections(message: Message) -> dict[str, Sequence[str]]:
    """Return the lines of each section by its heading."""
    return {each.heading: [line.text for line in each.lines] for each in message.sections}


def texts(message: Message) -> list[str]:
    """Return what a card has of a message, a text for each part."""
    shown = layout(Outgoing(message, None)).walk_children()
    return [each.content for each in shown if isinstance(each, discord.ui.TextDisplay)]


def test_a_week_reads_like_this() -> None:
    one = told(milestone(1, Severity.HEADLINE, day=5))
    message = digest([week()], [one], KEY, KNOWN, SAY)
    opened = "59.0 % of ranked tokens go to models known to be open"
    assert message == Message(
        title="The week on OpenRouter",
        lead=(f"{opened} · ▲ up 18.0 points · ◆ unknown 10.0 %",),
        caption="Top five by tokens, 8 June 2026 to 14 June 2026",
        ranking=(
            Ranked(1, "B", Openness.OPEN, "open", "25.0 %", "350", "▲ up 1"),
            Ranked(2, "A", Openness.CLOSED, "closed", "15.0 %", "210", "▼ down 1"),
            Ranked(3, "D", Openness.UNKNOWN, "unknown", "5.0 %", "70", "▲ up 1"),
            Ranked(4, "C", Openness.OPEN, "open", "3.0 %", "42", "▼ down 1"),
            Ranked(5, "F", Openness.OPEN, "open", "1.5 %", "21", "▲ up 1"),
        ),
        notes=(
            "Changes are against the seven days before.",
            "Unknown: there is no evidence yet whether the weights are public.",
            "/milestone shows how one was computed.",
        ),
        citation=citation(one.milestone.as_of),
        key=KEY,
        sections=message.sections,
    )
    assert sections(message) == {
        "Climbers": [
            "● B · open · ▲ up 1, from 2 to 1",
            "◆ D · unknown · ▲ up 1, from 4 to 3",
            "● F · open · ▲ up 1, from 6 to 5",
        ],
        "Fallers": [
            "■ A · closed · ▼ down 1, from 1 to 2",
            "● C · open · ▼ down 1, from 3 to 4",
            "■ E · closed · ▼ down 1, from 5 to 6",
        ],
        "Milestones": ["12 June 2026 · ★ headline · m1 leads", one.milestone.key],
    }


def test_it_reads_in_turkish_too() -> None:
    message = digest([week()], [], KEY, KNOWN, TURKISH)
    assert message.title == "OpenRouter’da haftanın özeti"
    assert message.lead[0].endswith("%59,0 · ▲ 18,0 puan yukarı · ◆ bilinmiyor %10,0")
    assert sections(message)["Dönüm noktaları"] == [
        "Bu hafta manşet ya da dikkate değer dönüm noktası yok."
    ]
    assert sections(message)["Yükselenler"][0] == "● B · açık · ▲ 1 yukarı: 2. sıradan 1. sıraya"


def test_without_milestones_it_says_so_and_shows_no_way_to_them() -> None:
    message = digest([week()], [], KEY, KNOWN, SAY)
    assert sections(message)["Milestones"] == ["No headlines or notable milestones this week."]
    assert not any("/milestone" in note for note in message.notes)
    assert message.citation == citation(AS_OF)


@pytest.mark.parametrize(
    ("now", "change"),
    [
        ({"open/b": 50, "closed/a": 50}, "▲ up 25.0 points"),
        ({"open/b": 10, "closed/a": 90}, "▼ down 15.0 points"),
        ({"open/b": 25, "closed/a": 75}, "= same"),
    ],
)
def test_the_open_share_is_told_with_its_change(now: Counts, change: str) -> None:
    found = week(now, {"open/b": 25, "closed/a": 75})
    assert digest([found], [], KEY, KNOWN, SAY).lead[0].endswith(f"known to be open · {change}")


def test_weeks_in_which_nobody_moved_say_so() -> None:
    message = digest([week(THEN)], [], KEY, KNOWN, SAY)
    assert sections(message)[""] == [
        "No model of the top 30 that is listed in both weeks changed its rank."
    ]


def test_a_first_week_is_compared_with_nothing() -> None:
    message = digest([week(then=None)], [], KEY, KNOWN, SAY)
    assert sections(message)[""] == [
        "The week before is not complete here: nothing can be compared with it."
    ]
    assert "points" not in message.lead[0]
    assert {place.change for place in message.ranking} == {""}
    assert "Changes are against the seven days before." not in message.notes


def test_days_on_which_a_model_is_not_listed_and_missing_totals_are_told() -> None:
    stored = days([{"open/b": 5, "closed/a": 9}, *[{"closed/a": 9}] * 6])
    stored = {day: replace(each, other=None) for day, each in stored.items()}
    found = almanac("models", stored, MODELS.counting)
    one = summed(MODELS, answer_by(found, LAST), stored, KNOWN)
    notes = digest([one], [], KEY, KNOWN, SAY).notes
    assert "Not listed on each of these days, so that tokens may be too few: B." in notes
    assert notes[-1].startswith("For 7 of the days the use of models outside")


# Several boards


def test_each_further_board_has_its_places_its_share_and_its_movers() -> None:
    image = BOARDS["modality-image"]
    message = digest([week(), week({"open/b": 9, "closed/a": 1}, board=image)], [], KEY, KNOWN, SAY)
    assert sections(message)["Image input"] == [
        "1 ● B · open · 8.2 % · ▲ up 1",
        "2 ■ A · closed · 0.9 % · ▼ down 1",
        "90.0 % of ranked tokens go to models known to be open · ▲ up 49.0 points",
        "● B · open · ▲ up 1, from 2 to 1",
        "■ A · closed · ▼ down 1, from 1 to 2",
    ]
    assert [*sections(message)] == ["Climbers", "Fallers", "Milestones", "Image input"]


def test_a_board_whose_newest_week_is_another_says_which() -> None:
    older = week(board=LEGAL)
    assert older.week is not None
    earlier = replace(older.week, date=START.replace(day=7))
    older = replace(older, answer=replace(older.answer, standings=earlier))
    message = digest([week(), older], [], KEY, KNOWN, SAY)
    assert [*sections(message)][-1] == "Legal, 1 June 2026 to 7 June 2026"


def test_a_board_without_a_week_says_why_and_the_next_one_leads() -> None:
    found = [without_week(), week(board=LEGAL)]
    message = digest(found, [], KEY, KNOWN, SAY)
    assert leading(found) is found[1]
    assert message.caption == "Legal: Top five by tokens, 8 June 2026 to 14 June 2026"
    assert sections(message)["All models"] == [
        "No rankings are stored yet. The next poll brings them."
    ]


def test_without_any_week_it_says_why_and_cites_nothing() -> None:
    found = [without_week(), without_week(LEGAL)]
    message = digest(found, [], KEY, KNOWN, SAY)
    assert leading(found) is None
    assert (message.lead, message.caption, message.ranking) == ((), "", ())
    assert [*sections(message)] == ["Milestones", "All models", "Legal"]
    assert (message.notes, message.citation) == ((), "")


@pytest.mark.parametrize("leads", [True, False])
def test_estimates_are_called_so_once(*, leads: bool) -> None:
    found = [week(board=LEGAL), week()] if leads else [week(), week(board=LEGAL)]
    notes = digest(found, [], KEY, KNOWN, SAY).notes
    assert sum(note.startswith("These are estimates") for note in notes) == 1
    assert not any(
        note.startswith("These are estimates")
        for note in digest([week(), without_week(LEGAL)], [], KEY, KNOWN, SAY).notes
    )


def long_names() -> Directory:
    """Return a directory in which every model has a long name."""
    names = {model: f"{model} A Very Long Name of a Model, Instruct, 0423" for model in NOW}
    return directory(authors=KNOWN.registry.authors, names=names)


@pytest.mark.parametrize("say", [SAY, TURKISH], ids=["en", "tr"])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 15, 25])
@pytest.mark.parametrize("known", [KNOWN, long_names()], ids=["short", "long"])
def test_as_many_boards_and_milestones_as_there_are_fit_into_one_message(
    count: int, say: Say, known: Directory
) -> None:
    boards = [board for board in BOARDS.values() if board.judged][:count]
    found = [week(board=board, known=known) for board in boards]
    all_told = [told(milestone(n, day=n % 7)) for n in range(40)]
    message = digest(found, all_told, KEY, known, say)
    shown = texts(message)
    assert sum(map(len, shown)) <= 4000
    assert not [text for text in shown if text.endswith("…") and "\n…" in text], "no line was lost"
    assert sum(line.text.startswith("models.") for s in message.sections for line in s.lines) >= 4
    lines = [line.text for each in message.sections for line in each.lines]
    assert sum("%" in line for line in lines) >= count - 1


@pytest.mark.parametrize(
    ("then", "title"),
    [
        (NOW, "B leads with 25.0 % of all tokens"),
        (None, "B leads with 25.0 % of all tokens"),
        (THEN, "B takes the lead with 25.0 % of all tokens"),
        ({"closed/a": 50}, "B takes the lead with 25.0 % of all tokens"),
    ],
    ids=["first then too", "nothing to compare with", "second then", "not listed then"],
)
def test_the_picture_tells_who_leads_and_whether_it_did_before(
    then: Counts | None, title: str
) -> None:
    found = week(NOW, then).week
    assert found is not None
    assert chart_title(found, KNOWN, SAY) == title


@pytest.mark.parametrize("now", [{}, {"open/b": 50, "closed/a": 50, "x/d": 1}])
def test_where_nobody_is_ahead_the_picture_names_no_leader(now: Counts) -> None:
    found = week(now).week
    assert found is not None
    assert chart_title(found, KNOWN, SAY) == "Most-used models on OpenRouter"


def test_the_title_of_the_picture_is_short_whatever_the_leader_is_called() -> None:
    found = week(THEN).week
    assert found is not None
    assert len(chart_title(found, directory(names={"closed/a": "Long " * 40}), SAY)) < 80


def test_what_was_withdrawn_or_edited_since_is_marked() -> None:
    gone = replace(milestone(1, day=2), withdrawn=Cause.FIGURES, revised=AS_OF)
    edited = replace(milestone(2, day=3), revised=AS_OF)
    message = digest([week()], [told(gone), told(edited)], KEY, KNOWN, SAY)
    assert sections(message)["Milestones"] == [
        "9 June 2026 · ☆ notable · Withdrawn: m1 leads",
        gone.key,
        "10 June 2026 · ☆ notable · edited: these are its final figures · m2 leads",
        edited.key,
    ]
