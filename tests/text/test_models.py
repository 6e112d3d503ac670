"""What is told of a model: sections in words."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.answers.model import Happened, Profile
from bot.boards import MODELS
from bot.knowledge import CatalogueEntry, Price, Rater, Score, Verdict
from bot.message import Line, Link, Message
from bot.model import BOARD_MODELS, Openness
from bot.openness import Directory
from bot.packaged import read_languages
from bot.queries.almanac import almanac
from bot.queries.model import profile
from bot.standings import OFFICIAL
from bot.text.catalogued import catalogued
from bot.text.models import model_message
from bot.text.say import english
from bot.text.words import citation
from tests.made import AS_OF, START, days, directory

SAY, TURKISH = english(), read_languages()["tr"]
A, B = "lab/a-1", "lab/b-2"
ENTRY = CatalogueEntry(
    A,
    "Model A",
    START,
    None,
    None,
    seen=START + timedelta(days=19),
    context=131_072,
    price=Price(Decimal("0.075"), Decimal("1.2")),
    scores=(
        Score(Rater.ARTIFICIAL_ANALYSIS, "intelligence", Decimal("45.4")),
        Score(Rater.ARTIFICIAL_ANALYSIS, "agentic", Decimal(36)),
        Score(Rater.DESIGN_ARENA, "website", Decimal("1304.5"), 6),
        Score(Rater.DESIGN_ARENA, "uicomponent", Decimal(1290), 9),
        Score(Rater.DESIGN_ARENA, "a new word", Decimal(1280)),
        Score(Rater.DESIGN_ARENA, "svg", Decimal(1100), 80),
        Score(Rater.DESIGN_ARENA, "logo", Decimal(1000), 90),
    ),
)
OPEN = Verdict(Openness.OPEN, START, "Weights at a page.")
KNOWN = directory({A: OPEN}, catalogue=[ENTRY])
STORED = days([{A: 100, B: 50}] * 10 + [{A: 10, B: 50}] * 5)


def profiled(counts: int = 15, model: str = A, known: Directory = KNOWN) -> Profile:
    """Return what is known of a model after so many of the stored days."""
    until = START + timedelta(days=counts - 1)
    return profile(MODELS, almanac(BOARD_MODELS, STORED, OFFICIAL), known, model, until)


def sections(message: Message) -> dict[str, tuple[str, ...]]:
    """Return the texts of the sections by heading."""
    return {each.heading: tuple(line.text for line in each.lines) for each in message.sections}


def test_a_listed_model_is_told_from_its_rank_to_its_price() -> None:
    message = model_message(profiled(), (), None, SAY)
    assert message.title == "Model A"
    assert message.lead == ("● open · lab/a-1",)
    assert sections(message) == {
        "Now": (
            "Rank 2 · ▼ down 1",
            "19.2 % of all tokens · 250 tokens",
            "By tokens, 9 June 2026 to 15 June 2026",
        ),
        "Best so far": (
            "Rank 1 on 7 days, already on 7 June 2026, the first ranking stored",
            "Highest share 40.0 %, on 7 June 2026",
            "Out of 9 rankings over seven days since 7 June 2026",
        ),
        "In a row": (
            "Number one: longest on record 7 days or more, 7 June 2026 to 13 June 2026",
            "Top five: at least 9 days now, stored since 7 June 2026 · longest on record",
        ),
        "Openness": ("● open since 1 June 2026", "Evidence: Weights at a page."),
        "From OpenRouter’s catalogue": (
            "Price per million tokens: $0.075 in, $1.20 out",
            "Context: 131 K tokens",
            "Artificial Analysis: intelligence 45.4 · agentic tasks 36",
            (
                "Design Arena (Elo): websites 1,304.5, rank 6 · interfaces 1,290, rank 9"
                " · a new word 1,280 · 2 more categories"
            ),
            "As of 20 June 2026, in the catalogue since 1 June 2026",
        ),
    }
    assert message.notes == (
        "Changes are against the seven days before.",
        "A day stands for the seven complete days up to it.",
    )
    assert message.citation == citation(AS_OF)
    assert message.links == (Link("Its page on OpenRouter", "https://openrouter.ai/lab/a-1"),)


def test_it_is_told_in_turkish_with_turkish_numbers() -> None:
    told = sections(model_message(profiled(), (), None, TURKISH))
    assert told["Şimdi"][:2] == ("2. sıra · ▼ 1 aşağı", "Bütün tokenlardaki payı %19,2 · 250 token")
    assert told["Art arda"][1] == (
        "İlk beş: şu an en az 9 gün, kayıtlar 7 Haziran 2026 gününden beri · kayıtlardaki en uzunu"
    )
    catalogue = told["OpenRouter kataloğundan"]
    assert catalogue[0] == "Milyon token fiyatı: girdi $0,075, çıktı $1,20"
    assert "web siteleri 1.304,5 (6.)" in catalogue[3]


def test_one_week_is_told_without_streaks_or_changes() -> None:
    message = model_message(profiled(7), (), None, SAY)
    told = sections(message)
    assert told["Now"][0] == "Rank 1"
    assert told["Best so far"] == (
        "Rank 1 on 1 day, already on 7 June 2026, the first ranking stored",
        "Highest share 40.0 %, on 7 June 2026",
        "Out of 1 ranking over seven days since 7 June 2026",
    )
    assert "In a row" not in told
    assert message.notes == ("A day stands for the seven complete days up to it.",)


def test_before_the_first_week_the_rest_is_told_without_a_citation() -> None:
    message = model_message(profiled(6), (), None, SAY)
    assert list(sections(message)) == ["Now", "Openness", "From OpenRouter’s catalogue"]
    assert sections(message)["Now"] == ("No complete week is stored yet",)
    assert (message.notes, message.citation) == ((), "")


def test_a_model_that_was_never_listed_is_said_to_be_unlisted_not_new_and_not_zero() -> None:
    message = model_message(profiled(model="lab/c"), (), None, SAY)
    told = sections(message)
    assert told["Now"] == (
        "Not in the published ranking, 9 June 2026 to 15 June 2026",
        "Never listed in 9 rankings over seven days since 7 June 2026",
    )
    assert told["Openness"] == ("◆ unknown", "No evidence either way.")
    assert told["From OpenRouter’s catalogue"] == (
        "Not in the catalogue, so that price and context length are not known",
    )
    assert list(told) == ["Now", "Openness", "From OpenRouter’s catalogue"]
    assert message.citation == citation(AS_OF)
    unread = model_message(profiled(model="lab/c", known=directory()), (), None, SAY)
    assert "From OpenRouter’s catalogue" not in sections(unread)


def test_a_model_that_left_is_told_with_its_last_rank() -> None:
    gone = days([{A: 1, B: 9}] * 7 + [{B: 9}] * 8)
    found = profile(MODELS, almanac(BOARD_MODELS, gone, OFFICIAL), KNOWN, A, date(2030, 1, 1))
    assert sections(model_message(found, (), None, SAY))["Now"] == (
        "Not in the published ranking, 9 June 2026 to 15 June 2026",
        "Last in a week’s ranking: that to 13 June 2026, at rank 2",
    )


def test_missing_rankings_and_totals_are_told() -> None:
    stored = dict(STORED)
    del stored[START + timedelta(days=7)]
    stored[START] = replace(stored[START], other=None)
    found = profile(MODELS, almanac(BOARD_MODELS, stored, OFFICIAL), KNOWN, A, date(2030, 1, 1))
    best = sections(model_message(found, (), None, SAY))["Best so far"]
    assert best[1] == (
        "Highest share 19.2 %, on 15 June 2026, among the 1 ranking of which all tokens were"
        " published"
    )
    assert best[2] == "Out of 2 rankings over seven days since 7 June 2026 (7 missing)"
    none = {when: replace(each, other=None) for when, each in STORED.items()}
    found = profile(MODELS, almanac(BOARD_MODELS, none, OFFICIAL), KNOWN, A, date(2030, 1, 1))
    message = model_message(found, (), None, SAY)
    assert len(sections(message)["Best so far"]) == 2
    assert message.notes[-1].startswith("For 7 of the days the use of models outside")


def test_a_board_of_estimates_says_so_and_counts_in_its_own_unit() -> None:
    board = replace(MODELS, name="category-legal", weekly=True, estimated=True)
    message = model_message(replace(profiled(), board=board), (), None, SAY)
    assert message.title == "Legal: Model A"
    assert sections(message)["Best so far"][0].startswith("Rank 1 in 7 weeks, ")
    assert sections(message)["In a row"][0].startswith("Number one: longest on record 7 weeks or")
    assert any(note.startswith("These are estimates") for note in message.notes)


def test_milestones_and_the_way_to_dispute_are_lines_with_links() -> None:
    alert, form = Link("its alert", "https://discord.com/x"), Link("Dispute", "https://x.y/z")
    happened = (Happened(START, "Model A leads", alert), Happened(START, "It is back", None))
    *_, openness, _, milestones = model_message(profiled(), happened, form, SAY).sections
    assert openness.lines[-1] == Line("Evidence: Weights at a page.", form)
    assert milestones.heading == "Milestones of the last 90 days"
    assert milestones.lines == (
        Line("1 June 2026: Model A leads", alert),
        Line("1 June 2026: It is back"),
    )


@pytest.mark.parametrize("slug", ["lab/a)(b", "lab/a b", "lab/ä", "lab/a?x=1#y", "/x", "a//b", ""])
def test_a_name_that_no_address_could_hold_is_no_address(slug: str) -> None:
    message = model_message(replace(profiled(), model=slug), (), None, SAY)
    assert message.links == ()


def told(**changes: object) -> list[str]:
    """Return what is said of a bare entry of the catalogue with these changes."""
    bare = CatalogueEntry(A, "Model A", START, None, None)
    return list(catalogued(replace(bare, **changes), SAY))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("prompt", "completion", "words"),
    [
        ("0", "0", "Price: 0 per token"),
        ("0", "0.5", "Price per million tokens: $0.00 in, $0.50 out"),
        ("0.0004", "1200", "Price per million tokens: $0.0004 in, $1,200.00 out"),
        ("1E-16", "1E+1", f"Price per million tokens: $0.{'0' * 15}1 in, $10.00 out"),
    ],
)
def test_a_price_is_told_as_it_is(prompt: str, completion: str, words: str) -> None:
    assert told(price=Price(Decimal(prompt), Decimal(completion)))[0] == words


def test_what_the_catalogue_does_not_tell_is_left_out() -> None:
    assert told() == ["In the catalogue since 1 June 2026"]
