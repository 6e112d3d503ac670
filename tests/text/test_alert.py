"""The alert's words: what is claimed, over which days, resting on what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

import pytest

from bot import rules
from bot.detect import detect
from bot.model import Entrant, First, Message, Milestone, Openness, Ranked, Severity
from bot.text.alert import Told, alert, citation, missing_other, openness_word, span
from bot.text.say import Say, english
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
    first=None,
    top=_top(),
    total=40_000_000,
    days_without_other=0,
    as_of=datetime(2026, 6, 8, 2, tzinfo=UTC),
)
SECOND = replace(MILESTONE, key="models.leader.lab/m1.2026-06-07", rule="leader")


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
    assert span(date(2026, 3, 2), 1, SAY) == "2 March 2026 to 2 March 2026"


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
        f"For {days} of the days the use of models outside the published ranks is missing,"
        " so that shares are a little too high."
    )
    assert notes[1:] == ((words,) if days else ())
    assert missing_other(days, SAY) == notes[1:]


def test_a_first_is_told_with_its_proof_and_nothing_else_is_called_one() -> None:
    first = First(date(2026, 5, 29), 5)
    proof = "It is the first time in the 5 complete seven-day windows since 29 May 2026."
    assert _alert(first=first).lead == (f"Three are open. {proof}",)
    assert "first" not in "".join(_alert().lead)


def test_further_milestones_of_the_day_follow_the_leading_one() -> None:
    told = [_told(), _told(replace(SECOND, first=First(date(2026, 5, 29), 5)), "Two")]
    message = alert(told, SAY)
    proof = "It is the first time in the 5 complete seven-day windows since 29 May 2026."
    assert message.title == "Three of five"
    assert message.lead == ("Three are open.", f"Two of five. Two are open. {proof}")


def test_the_key_names_every_milestone_and_comes_last() -> None:
    message = alert([_told(), _told(SECOND)], SAY)
    assert message.key == "models.open_top5.3.2026-06-07 models.leader.lab/m1.2026-06-07"
    assert astuple(message)[-1] == message.key


def test_each_openness_has_its_own_word() -> None:
    assert [openness_word(each, SAY) for each in Openness] == ["open", "closed", "unknown"]


class _Angled(Mapping[str, str]):
    """A language that has every sentence, in angle brackets."""

    def __getitem__(self, sentence: str) -> str:
        return f"<{sentence}>"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_every_sentence_of_an_alert_can_be_translated() -> None:
    milestone = replace(
        MILESTONE,
        top=_top((Openness.UNKNOWN,) * 5),
        days_without_other=2,
        first=First(date(2026, 5, 29), 5),
    )
    message = alert([Told(milestone, "<>", "<>")], Say("tr", _Angled()))
    texts = [*message.lead, message.caption, *message.notes]
    assert len(texts) == 5
    assert all(text.startswith("<") and text.endswith(">") for text in texts)
    assert message.citation == citation(milestone.as_of)


def test_alerts_of_eventful_times_are_complete_and_quote_their_window() -> None:
    world, known = eventful(), rules.discover()
    _, found = detect("models", world.days, world.directory, known)
    for (when, board), group in groupby(found, key=lambda m: (m.date, m.board)):
        told = [
            Told(m, known[m.rule].headline(m, str, SAY), known[m.rule].sentence(m, str, SAY))
            for m in group
        ]
        message = alert(told, SAY)
        assert span(when, 7, SAY) in message.caption
        assert "of all tokens" in message.notes[0]
        assert message.citation.endswith(LICENCE)
        assert message.key == " ".join(one.milestone.key for one in told)
        assert board in (message.key or "")
        assert not set("{}") & set("".join([*message.lead, *message.notes]))
