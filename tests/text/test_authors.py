"""The words of an author's models together."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from bot.model import Openness
from bot.packaged import read_languages
from bot.queries.almanac import almanac
from bot.queries.author import author_answer
from bot.standings import OFFICIAL
from bot.text.alert import Told
from bot.text.authors import author_message
from bot.text.say import Say, english
from bot.text.words import citation
from tests.made import AS_OF, days, directory, verdict
from tests.rules.milestones import milestone

SAY, TURKISH = english(), read_languages()["tr"]
KNOWN = directory(
    {"lab/x": verdict(Openness.OPEN), "lab/y": verdict(Openness.CLOSED)},
    names={"lab/x": "Model X", "lab/y": "Model Y"},
)
FIRST = "7 June 2026"
BEFORE = "No complete week of six months before is stored: we watch since 1 June 2026."
BEST = (
    f"Best rank of any of its models since {FIRST}: number 2, Model X,"
    f" already on {FIRST}, the first ranking stored."
)
SIX_MONTHS = "Six months before, in the seven days to 7 January 2026"
LAB = {"lab/x": 300, "lab/y": 100, "else/z": 500}


def lead(
    counts: Sequence[Mapping[str, int]], say: Say = SAY, start: date = date(2026, 6, 1)
) -> tuple[str, ...]:
    """Return what is said of lab first."""
    kept = almanac("models", days(counts, start), OFFICIAL)
    return author_message(author_answer(kept, KNOWN, "lab", date.max), [], KNOWN, say).lead


def test_an_authors_models_are_told_together_and_one_by_one() -> None:
    found = author_answer(almanac("models", days([LAB] * 14), OFFICIAL), KNOWN, "lab", date.max)
    told = Told(milestone("author_leader", {"author": "lab"}, ()), "lab leads", "")
    message = author_message(found, [told], KNOWN, SAY)
    assert message.title == "The models of lab"
    assert message.lead == (
        "Together they have 40.0 % of all tokens: 2.80 K.",
        "= The same share as seven days before.",
        BEFORE,
    )
    assert [(r.rank, r.name, r.word, r.share) for r in message.ranking] == [
        (2, "Model X", "open", "30.0 %"),
        (3, "Model Y", "closed", "10.0 %"),
    ]
    assert [[line.text for line in section.lines] for section in message.sections] == [
        [
            BEST,
            "We know 2 of its models: ● 1 open, ■ 1 closed.",
        ],
        ["7 June 2026: lab leads"],
    ]
    assert message.notes == (
        "What its models used outside the published ranking cannot be counted.",
        "Changes are against the seven days before.",
    )
    assert message.citation == citation(AS_OF)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"lab/x": 100}, {"lab/x": 300}, "▲ Up from 50.0 % seven days before."),
        ({"lab/x": 300}, {"lab/x": 100}, "▼ Down from 75.0 % seven days before."),
        ({"lab/x": 300}, {"lab/x": 300}, "= The same share as seven days before."),
        (
            {"else/z": 100},
            {"lab/x": 100},
            "Seven days before, none of them was in the published ranking.",
        ),
        ({"lab/x": 100}, {"else/z": 100}, "Seven days before, they had 50.0 %."),
    ],
)
def test_the_share_is_set_beside_seven_days_before(
    before: Mapping[str, int], now: Mapping[str, int], said: str
) -> None:
    assert lead([before] * 7 + [now] * 7)[1] == said


def test_a_change_that_cannot_be_read_is_none() -> None:
    told = lead([{"lab/x": 1_000_000}] * 7 + [{"lab/x": 1_000_001}] * 7)
    assert told[1].startswith("= ")


def test_without_a_week_before_there_is_nothing_to_compare() -> None:
    said = "The seven days before are not complete, so there is nothing to compare with."
    assert lead([LAB] * 8)[1] == said


def test_an_author_that_is_not_listed_now_is_told_so_and_not_as_nothing() -> None:
    told = lead([{"else/z": 5}] * 7)
    assert told[0] == "None of them is in the published ranking of these seven days."
    kept = almanac("models", days([{"else/z": 5}] * 7), OFFICIAL)
    found = author_answer(kept, KNOWN, "lab", date.max)
    message = author_message(found, [], KNOWN, SAY)
    assert (message.caption, message.ranking) == ("", ())
    assert message.sections[0].lines[0].text == (
        "None was in the published ranking since 7 June 2026."
    )


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (
            {"lab/x": 100},
            f"{SIX_MONTHS}, lab had 50.0 % of all tokens.",
        ),
        (
            {"else/z": 100},
            f"{SIX_MONTHS}, none of them was in the published ranking.",
        ),
    ],
)
def test_the_share_is_set_beside_six_months_before(then: Mapping[str, int], said: str) -> None:
    # 1 January to 7 July 2026.
    assert lead([then] * 7 + [LAB] * 181, start=date(2026, 1, 1))[2] == said


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (10, None),
        (11, "And 1 more of its models is in the ranking, lower down."),
        (13, "And 3 more of its models are in the ranking, lower down."),
    ],
)
def test_ten_models_are_shown_and_the_others_counted(models: int, said: str | None) -> None:
    counts = {f"lab/m{n:02}": 100 - n for n in range(models)}
    kept = almanac("models", days([counts] * 7), OFFICIAL)
    message = author_message(author_answer(kept, KNOWN, "lab", date.max), [], KNOWN, SAY)
    assert [place.rank for place in message.ranking] == list(range(1, 11))
    first = message.sections[0].lines[0].text
    assert (first if first.startswith("And") else None) == said


def test_the_same_in_turkish() -> None:
    assert lead([LAB] * 7 + [LAB | {"lab/x": 900}] * 7, TURKISH) == (
        "Birlikte bütün tokenlardaki payları %62,5: 7,00 bin.",
        "▲ Yükseldi: yedi gün önce %40,0 idi.",
        "Altı ay öncesinin tam bir haftası kayıtlı değil: 1 Haziran 2026 gününden beri izliyoruz.",
    )


def test_a_model_listed_on_some_of_the_days_only_is_told_to_have_too_few_perhaps() -> None:
    partly = [{"lab/x": 300, "else/z": 50}] * 6 + [{"lab/x": 300, "lab/y": 900, "else/z": 50}]
    kept = almanac("models", days(partly), OFFICIAL)
    message = author_message(author_answer(kept, KNOWN, "lab", date.max), [], KNOWN, SAY)
    note = "Not listed on each of these days, so that tokens may be too few: Model Y."
    assert note in message.notes


def test_models_are_counted_by_openness_in_turkish_too() -> None:
    known = directory(names={"lab/x": "X", "lab/y": "Y"})
    found = author_answer(almanac("models", days([LAB] * 7), OFFICIAL), known, "lab", date.max)
    (models,) = author_message(found, [], known, TURKISH).sections
    assert models.lines[-1].text == "Bilinen 2 modeli: ◆ 2 bilinmeyen."
