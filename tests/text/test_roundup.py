"""What was held back, and what a test shows: their words, and what fits into one message."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.message import Message, Outgoing
from bot.model import Cause, Entrant, Milestone, Openness, Searched, Severity
from bot.packaged import read_languages
from bot.text.alert import Told, alert
from bot.text.roundup import MOST_WHOLE, in_order, listed, roundup, trial, weightiest
from bot.text.say import Say, english
from bot.text.words import citation
from cogs._message import layout

SAY, TURKISH = english(), read_languages()["tr"]
AS_OF = datetime(2026, 6, 30, 2, tzinfo=UTC)
KEY = "roundup.2026-06-30.070000"
FIRST = date(2026, 6, 7)
TOP = (Entrant("lab/one", "One", 1, 30, Openness.OPEN),)
HELD = "Held back until now, from 7 June 2026."
CHECK = "/milestone shows how one was computed."
WEIGHTS = list(Severity)


def milestone(
    number: int, severity: Severity = Severity.NOTABLE, board: str = "models", day: int = 0
) -> Milestone:
    """Return a milestone dated so many days after the first; numbers tell them apart."""
    when = FIRST + timedelta(day)
    return Milestone(
        key=f"{board}.leader.lab/m{number}.{when}",
        rule="leader",
        board=board,
        subject=f"lab/m{number}",
        began=when - timedelta(7 if board != "models" else 1),
        date=when,
        severity=severity,
        facts={},
        first=False,
        searched=Searched(date(2026, 5, 1), 38),
        top=TOP,
        total=40,
        days_without_other=0,
        as_of=AS_OF,
    )


def told(one: Milestone) -> Told:
    """Return a milestone with words."""
    what = one.subject.removeprefix("lab/")
    return Told(one, f"{what} leads", f"{what} has taken first place.", "Then so.", "Until so.")


def sections(message: Message) -> dict[str, list[str]]:
    """Return the lines of each section by its heading."""
    return {each.heading: [line.text for line in each.lines] for each in message.sections}


def texts(message: Message) -> list[str]:
    """Return what a card has of a message, a text for each part."""
    shown = layout(Outgoing(message, None)).walk_children()
    return [each.content for each in shown if isinstance(each, discord.ui.TextDisplay)]


def entries(message: Message) -> list[str]:
    """Return the lines of all sections."""
    return [line.text for each in message.sections for line in each.lines]


def test_milestones_of_several_days_are_told_by_day_and_of_a_day_the_weightiest_first() -> None:
    later = milestone(1, Severity.HEADLINE, day=2)
    early, headline = milestone(2), milestone(3, Severity.HEADLINE)
    message = roundup([told(later), told(early), told(headline)], KEY, SAY)
    assert message == Message(
        title="What happened meanwhile",
        lead=("3 milestones were held back until now: 7 June 2026 to 9 June 2026.",),
        caption="",
        ranking=(),
        notes=(CHECK,),
        citation=citation(AS_OF),
        key=KEY,
        sections=message.sections,
    )
    assert sections(message) == {
        "m3 leads": ["m3 has taken first place.", "7 June 2026 · ★ headline", headline.key],
        "m2 leads": ["m2 has taken first place.", "7 June 2026 · ☆ notable", early.key],
        "m1 leads": ["m1 has taken first place.", "9 June 2026 · ★ headline", later.key],
    }
    assert [*sections(message)] == ["m3 leads", "m2 leads", "m1 leads"]


def test_it_reads_in_turkish_too() -> None:
    message = roundup([told(milestone(1)), told(milestone(2, day=1))], KEY, TURKISH)
    assert message.title == "Bu arada olanlar"
    lead = "Şimdiye kadar bekletilen 2 dönüm noktası: 7 Haziran 2026 – 8 Haziran 2026."
    assert message.lead == (lead,)
    assert sections(message)["m1 leads"][1] == "7 Haziran 2026 · ☆ dikkate değer"
    assert message.notes == ("Birinin nasıl hesaplandığını /dönüm-noktası gösterir.",)


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_of_one_board_and_day_reads_as_its_alert_does_with_its_day_and_keys(
    count: int,
) -> None:
    all_told = [told(milestone(number)) for number in range(count)]
    as_alert, message = alert(all_told, SAY), roundup(all_told, KEY, SAY)
    proofs = [line for one in all_told for line in ("7 June 2026 · ☆ notable", one.milestone.key)]
    assert message.lead == (HELD, *as_alert.lead)
    assert sections(message) == {"": proofs}
    assert replace(message, lead=as_alert.lead, key=as_alert.key, sections=()) == as_alert
    assert message.key == KEY


def test_what_is_of_one_day_and_two_boards_is_a_list_with_the_name_of_the_board() -> None:
    other = milestone(2, board="category-legal")
    message = roundup([told(milestone(1)), told(other)], KEY, SAY)
    assert [*sections(message)] == ["m1 leads", "Legal: m2 leads"]
    assert message.lead == ("2 milestones were held back until now: 7 June 2026.",)
    assert [note.startswith("These are estimates") for note in message.notes] == [True, False]


def test_a_missing_total_is_told_once_for_all() -> None:
    lacking = replace(milestone(1), days_without_other=2)
    message = roundup([told(lacking), told(milestone(2, day=1))], KEY, SAY)
    assert message.notes[0].startswith("For 2 of the days the use of models outside")


@pytest.mark.parametrize("say", [SAY, TURKISH], ids=["en", "tr"])
@pytest.mark.parametrize("count", [MOST_WHOLE + 1, 35, 200])
def test_many_are_a_list_that_one_message_takes_whole(count: int, say: Say) -> None:
    weights = [WEIGHTS[number % 3] for number in range(count)]
    all_told = [told(milestone(n, w, day=n % 30)) for n, w in enumerate(weights)]
    message = roundup(all_told, KEY, say)
    shown, lines = texts(message), entries(message)
    assert sum(map(len, shown)) <= 4000
    assert not any(text.endswith("…") for text in shown), "nothing was cut at the edge"
    keys = [line for line in lines if line.startswith("models.")]
    assert len(keys) == (count if count < 20 else len(keys)) >= min(count, 20)
    assert lines[-1] == keys[-1] or str(count - len(keys)) in lines[-1]


def test_with_long_sentences_a_few_are_a_list_too() -> None:
    long = [replace(told(milestone(n, day=n)), sentence="word " * 200) for n in range(MOST_WHOLE)]
    lines = entries(roundup(long, KEY, SAY))
    assert lines[:2] == ["7 June 2026 · ☆ notable · m0 leads", long[0].milestone.key]
    assert len(lines) == 2 * MOST_WHOLE


@given(
    found=st.lists(
        st.tuples(st.sampled_from(WEIGHTS), st.integers(0, 34)), min_size=1, max_size=60
    ),
    room=st.integers(0, 5000),
)
@settings(max_examples=100, deadline=None)
def test_where_they_do_not_fit_the_lightest_and_oldest_give_way_and_are_counted(
    found: list[tuple[Severity, int]], room: int
) -> None:
    all_told = in_order(told(milestone(n, w, day=d)) for n, (w, d) in enumerate(found))
    lines = [line.text for line in listed(all_told, room, SAY)]
    kept = [one for one in all_told if one.milestone.key in lines]
    left = [one for one in all_told if one not in kept]
    assert [line for line in lines if line.startswith("models.")] == [
        one.milestone.key for one in kept
    ]
    assert max(map(_light, kept), default=(-1, 0)) <= min(map(_light, left), default=(9, 0))
    whole = [line for line in lines if not line.startswith("And ")]
    assert sum(len(line) + 1 for line in whole) <= room
    if left:
        noun = "milestone" if len(left) == 1 else "milestones"
        assert lines[-1] == f"And {len(left)} more {noun}: see /milestones."
    else:
        assert lines == whole


def _light(one: Told) -> tuple[int, int]:
    return WEIGHTS.index(one.milestone.severity), -one.milestone.date.toordinal()


def test_the_picture_is_of_the_weightiest_and_of_those_the_newest() -> None:
    weights = (Severity.HEADLINE, Severity.HEADLINE, Severity.NOTABLE)
    all_told = [told(milestone(n, w, day=n)) for n, w in enumerate(weights)]
    assert weightiest(all_told) is all_told[1]


# What changed since


def withdrawn(one: Milestone) -> Milestone:
    """Return a milestone that is withdrawn."""
    return replace(one, withdrawn=Cause.FIGURES, revised=AS_OF)


def test_withdrawn_ones_stay_where_they_stood_and_are_marked_so() -> None:
    gone = withdrawn(milestone(1))
    lines = sections(roundup([told(gone), told(milestone(2, day=1))], KEY, SAY))
    assert lines["Withdrawn: m1 leads"] == [
        "By the final figures of the day it is not true.",
        "7 June 2026 · ☆ notable",
        gone.key,
    ]
    many = [told(gone), *(told(milestone(n, day=n)) for n in range(2, 20))]
    listing = entries(roundup(many, KEY, SAY))
    assert listing[0] == "7 June 2026 · ☆ notable · Withdrawn: m1 leads"


@pytest.mark.parametrize("count", [2, 20])
def test_edited_ones_alone_are_marked_so(count: int) -> None:
    edited = replace(milestone(0), revised=AS_OF)
    others: Sequence[Told] = [told(milestone(n, day=n)) for n in range(1, count)]
    lines = entries(roundup([told(edited), *others], KEY, SAY))
    marked = [line for line in lines if "edited: these are its final figures" in line]
    assert len(marked) == 1
    assert marked[0].startswith("7 June 2026 · ☆ notable · edited:")


def test_a_single_one_is_edited_as_its_alert_is() -> None:
    message = roundup([told(replace(milestone(1), revised=AS_OF))], KEY, SAY)
    assert "Edited: these are the final figures of the day." in message.notes
    gone = roundup([told(withdrawn(milestone(1)))], KEY, SAY)
    assert gone.title == "Withdrawn: m1 leads"


# Tests that somebody asked for


def test_a_test_shows_the_alert_below_its_title() -> None:
    shown = [told(milestone(1, Severity.HEADLINE)), told(milestone(2))]
    as_alert, message = alert(shown, SAY), trial(shown, "test.2026-06-30.070000", SAY)
    assert message.title == "A test: alerts will look like this"
    assert message.lead == ("m1 leads", *as_alert.lead)
    assert (message.ranking, message.notes) == (as_alert.ranking, as_alert.notes)
    assert message.key == "test.2026-06-30.070000"
    assert [one.milestone.key in entries(message) for one in shown] == [True, True]


@pytest.mark.parametrize(
    ("say", "title", "lead"),
    [
        (
            SAY,
            "A test: alerts arrive here",
            "Nothing has happened yet that would be told here.",
        ),
        (
            TURKISH,
            "Deneme: bildirimler buraya gelecek",
            "Burada bildirilecek bir şey henüz olmadı.",
        ),
    ],
    ids=["en", "tr"],
)
def test_without_anything_to_tell_a_test_says_so(say: Say, title: str, lead: str) -> None:
    assert trial((), "test.x", say) == Message(title, (lead,), "", (), (), "", "test.x")
