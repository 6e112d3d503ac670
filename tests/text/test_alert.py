"""The alert's words: what is claimed, over which days, resting on what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import pytest

from bot import rules
from bot.alerts import tell
from bot.detect import detect
from bot.message import Message, Ranked
from bot.model import (
    Cause,
    Entrant,
    HalfYear,
    Milestone,
    Openness,
    Receipt,
    Searched,
    Severity,
)
from bot.proof import prove
from bot.rules import Reading
from bot.text.alert import Told, alert, correction, missing_other, reading_words, stamp
from bot.text.say import english
from bot.text.words import citation, openness_word, span
from tests.angled import angled
from tests.naive import eventful

SAY = english()
SOURCE = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-08."
LICENCE = "Licensed under CC BY 4.0."
KINDS = (Openness.OPEN, Openness.CLOSED, Openness.OPEN, Openness.OPEN, Openness.CLOSED)


def _top(kinds: Sequence[Openness] = KINDS) -> tuple[Entrant, ...]:
    tokens = (4_000_000, 3_000_000, 2_000_000, 1_500_000, 999_999)
    return tuple(
        Entrant(f"lab/m{rank}", f"Model {rank}", rank, count, kind)
        for rank, (count, kind) in enumerate(zip(tokens, kinds, strict=True), start=1)
    )


MILESTONE = Milestone(
    key="models.open_top5.3.2026-06-07",
    rule="open_top5",
    board="models",
    subject="3",
    began=date(2026, 6, 6),
    date=date(2026, 6, 7),
    severity=Severity.HEADLINE,
    facts={},
    first=False,
    searched=Searched(date(2026, 5, 29), 10),
    top=_top(),
    total=40_000_000,
    days_without_other=0,
    as_of=datetime(2026, 6, 8, 2, tzinfo=UTC),
)
SECOND = replace(MILESTONE, key="models.leader.lab/m1.2026-06-07", rule="leader")


HALF_YEAR = HalfYear(date(2025, 12, 7), (), 1, None, 0, 0, 0, 1)


def _receipt(holds: Sequence[Reading] = (), fails: Sequence[Reading] = ()) -> Receipt:
    when = MILESTONE.date
    tried = (tuple(map(str, holds)), tuple(map(str, fails)))
    return Receipt("x", 1, "models", when, when, "", (), "test", MILESTONE.searched, *tried)


def _told(milestone: Milestone = MILESTONE, word: str = "Three") -> Told:
    return Told(milestone, f"{word} of five", f"{word} are open.")


def _alert(**changes: Any) -> Message:
    return alert([_told(replace(MILESTONE, **changes))], SAY)


def test_the_whole_alert_reads_like_this() -> None:
    assert alert([_told()], SAY) == Message(
        title="Three of five",
        lead=("Three are open.",),
        caption="Top five by tokens, 1 June 2026 to 7 June 2026",
        ranking=(
            Ranked(1, "Model 1", Openness.OPEN, "open", "10.0 %", "4.00 M", ""),
            Ranked(2, "Model 2", Openness.CLOSED, "closed", "7.5 %", "3.00 M", ""),
            Ranked(3, "Model 3", Openness.OPEN, "open", "5.0 %", "2.00 M", ""),
            Ranked(4, "Model 4", Openness.OPEN, "open", "3.8 %", "1.50 M", ""),
            Ranked(5, "Model 5", Openness.CLOSED, "closed", "2.5 %", "1.00 M", ""),
        ),
        notes=("The open models among these five hold 18.8 % of all tokens of the seven days.",),
        citation=f"{SOURCE} {LICENCE}",
        key="models.open_top5.3.2026-06-07",
    )


def test_the_window_is_the_seven_days_up_to_the_milestones() -> None:
    assert span(date(2026, 3, 2), 7, SAY) == "24 February 2026 to 2 March 2026"
    assert span(date(2026, 3, 2), 1, SAY) == "2 March 2026"


def test_the_citation_tells_the_day_of_the_figures() -> None:
    late = datetime(2026, 7, 1, 23, 59, tzinfo=UTC)
    assert citation(late) == (
        "Source: OpenRouter (openrouter.ai/rankings), as of 2026-07-01. Licensed under CC BY 4.0."
    )
    assert "as of 2026-07-01." in _alert(as_of=late).citation


@pytest.mark.parametrize(
    ("kinds", "noted"),
    [
        (KINDS, False),
        ((*KINDS[:4], Openness.UNKNOWN), True),
        ((Openness.UNKNOWN,) * 5, True),
    ],
)
def test_unknown_is_explained_where_a_model_of_the_five_is_unknown(
    kinds: Sequence[Openness], noted: bool
) -> None:
    notes = _alert(top=_top(kinds)).notes
    assert any(note.startswith("Unknown: ") for note in notes) is noted
    assert len(notes) == 1 + noted


def test_unknown_models_do_not_count_as_open_in_the_share() -> None:
    kinds = (Openness.OPEN, *(Openness.UNKNOWN,) * 4)
    assert "hold 10.0 % of all tokens" in _alert(top=_top(kinds)).notes[0]


@pytest.mark.parametrize("days", range(8))
def test_a_total_that_lacks_other_is_told_with_its_days(days: int) -> None:
    notes = _alert(days_without_other=days).notes
    words = (
        f"For {'one' if days == 1 else days} of the days the use of models outside the published"
        " ranks is missing, so that shares are a little too high."
    )
    assert notes[1:] == ((words,) if days else ())
    assert missing_other(days, SAY) == notes[1:]


PROOF = "It is the first time in 10 complete days since 29 May 2026."


def test_a_first_is_told_with_the_days_searched_and_nothing_else_is_called_one() -> None:
    assert _alert(first=True).lead == (f"Three are open. {PROOF}",)
    assert "first" not in "".join(_alert().lead)


def test_a_first_tells_how_many_days_are_missing() -> None:
    searched = Searched(date(2026, 5, 29), 8, (date(2026, 6, 1), date(2026, 6, 2)))
    assert _alert(first=True, searched=searched).lead == (
        "Three are open. It is the first time in 8 complete days since 29 May 2026 (2 missing).",
    )


def test_further_milestones_of_the_day_follow_the_leading_one() -> None:
    message = alert([_told(), _told(replace(SECOND, first=True), "Two")], SAY)
    assert message.title == "Three of five"
    assert message.lead == ("Three are open.", f"Two of five. Two are open. {PROOF}")


def test_the_contrast_and_what_would_reverse_it_follow_the_top_five_of_the_leading_one() -> None:
    one, two = _told(), _told(SECOND, "Two")
    first = replace(one, beside="Then one.", reversal="Until one.")
    second = replace(two, beside="Then two.", reversal="Until two.")
    message = alert([first, second], SAY)
    assert message.lead == ("Three are open.", "Two of five. Two are open.")
    assert message.notes[:2] == ("Then one.", "Until one.")
    assert message.notes[2].startswith("The open models among these five hold ")
    assert len(message.notes) == 3


@pytest.mark.parametrize("half_year", [None, HALF_YEAR])
@pytest.mark.parametrize("cause", Cause)
def test_what_is_withdrawn_is_neither_contrasted_nor_said_to_be_reversed(
    cause: Cause, half_year: HalfYear | None
) -> None:
    gone = replace(MILESTONE, withdrawn=cause, half_year=half_year)
    told = replace(_told(gone), beside="Then one.", reversal="Until one.")
    for message in (alert([told, _told(SECOND)], SAY), correction([told], SAY)):
        assert not {"Then one.", "Until one."} & {*message.lead, *message.notes}


@pytest.mark.parametrize(
    ("receipt", "words"),
    [
        (None, ""),
        (_receipt(), ""),
        (_receipt([Reading.LOWER]), "It holds in 1 of 1 other reading of the same figures."),
        (
            _receipt([Reading.LOWER], [Reading.ONE_DAY, Reading.UNMERGED]),
            (
                "It holds in 1 of 3 other readings of the same figures."
                " Not if counted day by day. Not if each variant is counted by itself."
            ),
        ),
    ],
)
def test_a_milestone_is_stamped_with_the_other_readings_it_holds_in(
    receipt: Receipt | None, words: str
) -> None:
    assert stamp(receipt, SAY) == words
    assert _alert(receipt=receipt).lead == (f"Three are open. {words}".strip(),)


def test_every_other_reading_has_words_of_its_own() -> None:
    assert len({reading_words(reading, SAY) for reading in Reading}) == len(Reading)
    fails = {stamp(_receipt(fails=[reading]), SAY).partition(". ")[2] for reading in Reading}
    assert len(fails) == len(Reading)
    assert all(said.startswith("Not if ") for said in fails)


def test_the_key_names_every_milestone() -> None:
    message = alert([_told(), _told(SECOND)], SAY)
    assert message.key == "models.open_top5.3.2026-06-07 models.leader.lab/m1.2026-06-07"


def test_each_openness_has_its_own_word() -> None:
    assert [openness_word(each, SAY) for each in Openness] == ["open", "closed", "unknown"]


def test_every_sentence_of_an_alert_can_be_translated() -> None:
    milestone = replace(
        MILESTONE,
        top=_top((Openness.UNKNOWN,) * 5),
        days_without_other=2,
        first=True,
        receipt=_receipt(fails=tuple(Reading)),
    )
    message = alert([Told(milestone, "<>", "<>", "<>", "<>")], angled())
    texts = [*message.lead, message.caption, *message.notes]
    assert len(texts) == 7
    assert "reading" in texts[0]
    assert all(text.startswith("<") and text.endswith(">") for text in texts)
    assert message.citation == citation(milestone.as_of)


def test_alerts_of_eventful_times_are_complete_and_quote_their_window() -> None:
    world, known = eventful(), rules.discover()
    _, found = detect("models", world.days, world.directory, known)
    for (when, board), group in groupby(found[::7], key=lambda m: (m.date, m.board)):
        proven = [prove(m, world.days, world.directory, known[m.rule]) for m in group]
        told = [tell(m, known, world.directory, SAY) for m in proven]
        message = alert(told, SAY)
        assert span(when, 7, SAY) in message.caption
        assert message.notes[:2] == (told[0].beside, told[0].reversal)
        assert "of all tokens" in message.notes[2]
        assert message.citation.endswith(LICENCE)
        assert message.key == " ".join(one.milestone.key for one in told)
        assert board in (message.key or "")
        assert not set("{}") & set("".join([*message.lead, *message.notes]))
