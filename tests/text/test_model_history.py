"""The chart of a model and the words for it: what it finds, its milestones, gaps as gaps."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot import rules
from bot.answers.model import Profile
from bot.boards import MODELS
from bot.detect import detect
from bot.knowledge import Verdict
from bot.model import BOARD_MODELS, Day, Milestone, Openness, Severity
from bot.packaged import read_languages
from bot.pictures.history import History
from bot.queries.almanac import almanac
from bot.queries.model import profile
from bot.standings import OFFICIAL, WEEKLY
from bot.text.model_events import event_words, own
from bot.text.model_history import model_alt, model_history
from bot.text.rounds import round_tokens, token_ticks
from bot.text.say import Say, english
from bot.text.words import LONGEST_ALT
from tests.contract.nouns import milestone
from tests.made import START, day, days, directory

SAY, TURKISH = english(), read_languages()["tr"]
A, B, C = "lab/a-1", "lab/b-2", "lab/c-3"
OPEN = Verdict(Openness.OPEN, START, "Weights at a page.")
KNOWN = directory({A: OPEN}, names={A: "Model A", B: "Model B", C: "Model C"})
TOLD = days([{A: 100, B: 50}] * 10 + [{A: 10, B: 50}] * 5)
"""A leads, until B does from 14 June on."""


def profiled(stored: Mapping[date, Day] = TOLD, model: str = A) -> Profile:
    """Return what is known of a model after these days."""
    return profile(MODELS, almanac(BOARD_MODELS, stored, OFFICIAL), KNOWN, model, date.max)


def told(rule: str, number: int = 10, **facts: object) -> Milestone:
    """Return a milestone of a rule, so many days after START."""
    made = milestone(f"{rule}{number}", number)
    return replace(made, rule=rule, facts=facts, date=START + timedelta(number))


def drawn(found: Profile, milestones: Iterable[Milestone] = (), say: Say = SAY) -> History:
    """Return the chart that there is."""
    made = model_history(found, tuple(milestones), KNOWN.name, say)
    assert made is not None
    return made


def in_words(found: Profile, milestones: Iterable[Milestone] = (), say: Say = SAY) -> str:
    """Return the words for the chart that there is."""
    return model_alt(drawn(found, milestones, say), found.history, say)


def test_the_chart_has_ranks_and_tokens_with_gaps_and_says_how_they_end() -> None:
    picture = drawn(profiled())
    assert picture.dates[0] == START + timedelta(6)
    assert picture.ranks == (1, 1, 1, 1, 1, 1, 1, 2, 2)
    assert picture.tokens == (700, 700, 700, 700, 610, 520, 430, 340, 250)
    assert (picture.ending, picture.amount) == ("number 2", "250")
    assert picture.days[:2] == ("7 Jun", "8 Jun")
    gap = dict(TOLD)
    del gap[START + timedelta(7)]
    assert drawn(profiled(gap)).ranks == (1, *[None] * 7, 2)
    assert drawn(profiled(gap)).tokens == (700, *[None] * 7, 250)


def test_what_is_not_listed_now_ends_without_an_amount() -> None:
    picture = drawn(profiled(days([{A: 1, B: 9}] * 8 + [{B: 9}] * 8)))
    assert (picture.ending, picture.amount) == ("not listed", "")
    assert (picture.ranks[-1], picture.tokens[-1]) == (None, None)


def test_one_rank_is_no_history() -> None:
    assert model_history(profiled(days([{A: 1}] * 7)), (), KNOWN.name, SAY) is None
    assert model_history(profiled(days([{A: 1}] * 6)), (), KNOWN.name, SAY) is None
    assert model_history(profiled(model="lab/never"), (), KNOWN.name, SAY) is None


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ([{A: 9, B: 5}] * 9, "Model A is number one"),
        ([{B: 5}] * 7 + [{A: 99, B: 5}] * 9, "Model A has led since 8 June 2026"),
        ([{A: 4, B: 5}] * 9, "Model A is at its best rank on record: number 2"),
        ([{A: 9, B: 5}] * 9 + [{B: 90}] * 3, "Model A is number 2; its best was number 1"),
        (
            [{A: 9, B: 10}] * 9 + [{B: 9}] * 7,
            "Model A is not in the ranking now; its best was number 2",
        ),
    ],
)
def test_the_title_says_what_the_chart_shows(counts: list[Mapping[str, int]], title: str) -> None:
    found = profiled(days(counts))
    assert drawn(found).title == title
    assert in_words(found).startswith(f"{title}. Rank and tokens over")


def test_a_lead_that_may_have_begun_in_a_missing_window_has_no_first_day() -> None:
    stored = days([{A: 9, B: 5}] * 30)
    del stored[START + timedelta(12)]
    assert drawn(profiled(stored)).title == "Model A is number one"


def test_a_board_of_estimates_says_so_and_has_a_date_a_week() -> None:
    board = replace(MODELS, name="category-legal", weekly=True, estimated=True)
    weeks = {each.date: each for each in (day(7 * n, {A: 9 + n, B: 12}) for n in range(6))}
    found = profile(board, almanac(board.name, weeks, WEEKLY), KNOWN, A, date.max)
    picture = drawn(found)
    assert picture.subtitle.startswith("Legal: Rank and tokens over the seven days")
    assert picture.estimated == "Estimates from a sample of requests"
    assert {b - a for a, b in zip(picture.dates, picture.dates[1:], strict=False)} == {
        timedelta(weeks=1)
    }
    assert drawn(profiled()).estimated == ""


def test_the_milestones_that_the_rules_find_are_marked_at_their_dates() -> None:
    _, found = detect(BOARD_MODELS, TOLD, KNOWN, rules.discover())
    (leads,) = (one for one in found if one.rule == "leader")
    picture = drawn(profiled(), [leads])
    (event,) = picture.events
    assert (picture.dates[event.value], event.label) == (leads.date, "Passed by Model B")
    assert [event.label for event in drawn(profiled(model=B), [leads]).events] == ["First place"]


def test_milestones_of_other_dates_are_not_marked() -> None:
    early, late = told("leader", 5, model=A), told("leader", 15, model=A)
    assert drawn(profiled(), [early, late]).events == ()
    assert "Milestones" not in in_words(profiled(), [early, late])


WORDED = {
    "First place": told("leader", model=A, previous=B),
    "Passed by Model B": told("leader", model=B, previous=A),
    "First model to 5 T in a week": told("first_to_mark", model=A, mark=5 * 10**12),
    "Record share: 12.5 %": told("share_record", model=A, tokens=1, total=8),
    "Number one for 30 days": told("streak", subject=A, windows=30),
    "Top five": told("top_entry", model=A, places=5, rank=4),
    "Top ten": told("top_entry", model=A, places=10, rank=9),
    "Up to number 7 in a week": told("surge", model=A, rank=7, rank_before=30),
    "Out of the top twenty": told("dropout", model=A, rank=21),
    "Out of the published top 50": told("dropout", model=A, rank=None),
    "Now open": told("reclassified", model=A, now="open", was="closed"),
    "Now counts as closed": told("reclassified", model=A, now="closed", was="open"),
    "Open or not: unknown": told("reclassified", model=A, now="unknown", was="open"),
    "20 T in a week": told("token_mark", model=A, mark=20 * 10**12),
    "Ahead of Model C": told("overtake", model=A, passed=C),
    "Passed by Model C": told("overtake", model=C, passed=A),
}


@pytest.mark.parametrize(("words", "one"), WORDED.items(), ids=WORDED)
def test_what_a_milestone_was_for_a_model_is_said_in_few_words(words: str, one: Milestone) -> None:
    assert own([one], A) == (one,)
    assert event_words(one, A, KNOWN.name, SAY) == words
    turkish = event_words(one, A, KNOWN.name, TURKISH)
    assert turkish != words
    assert len(turkish) <= 45


def test_every_rule_that_may_be_of_a_model_alone_has_its_words() -> None:
    worded = {one.rule for one in WORDED.values()}
    others = {"open_top5", "open_top5_lost", "open_share", "platform_mark", "author_leader"}
    assert worded | others == set(rules.discover())


def test_what_is_of_several_models_is_not_a_models_own() -> None:
    several = [
        told("open_top5", level=3, open=[A, B, C]),
        told("streak", subject="open_top5:4", windows=30),
        told("overtake", model=B, passed=C),
    ]
    assert own(several, A) == ()


def test_the_weightiest_comes_first_then_the_rarest_kind_then_the_newest() -> None:
    def weighty(one: Milestone, severity: Severity) -> Milestone:
        return replace(one, severity=severity)

    lead = weighty(told("leader", 1, model=A), Severity.HEADLINE)
    lead_again = weighty(told("leader", 2, model=A), Severity.HEADLINE)
    share = weighty(told("share_record", 3, model=A, tokens=1, total=2), Severity.NOTABLE)
    entry = weighty(told("top_entry", 9, model=A, places=5), Severity.NOTABLE)
    mark = weighty(told("token_mark", 4, model=A, mark=10**12), Severity.MINOR)
    passed = weighty(told("overtake", 8, model=A, passed=B), Severity.MINOR)
    ordered = (lead_again, lead, share, entry, mark, passed)
    assert own(reversed(ordered), A) == ordered


def test_the_words_for_the_chart_have_its_milestones_ranks_and_tokens_newest_first() -> None:
    first, passed = told("leader", 7, model=A, previous=B), told("leader", 13, model=B, previous=A)
    mark = told("token_mark", 13, model=A, mark=10**12)
    assert in_words(profiled(), [first, passed, mark]) == (
        "Model A is number 2; its best was number 1. Rank and tokens over the seven days up to each"
        " date, 7 June 2026 to 15 June 2026."
        " Milestones: Passed by Model B, 1 T in a week (14 Jun); First place (8 Jun)."
        " Newest first: number 2 with 250 tokens (15 Jun); number 2 with 340 tokens (14 Jun);"
        " number 1 with 430 tokens (13 Jun); number 1 with 520 tokens (12 Jun);"
        " number 1 with 610 tokens (11 Jun); number 1 with 700 tokens (7 Jun to 10 Jun)."
    )


def test_the_words_for_the_chart_say_where_there_is_no_place_and_where_no_ranking() -> None:
    stored = days([{A: 1, B: 9}] * 7 + [{B: 9}] * 17)
    del stored[START + timedelta(15)]
    alt = in_words(profiled(stored))
    assert alt.endswith(
        "Newest first: not listed (24 Jun); no ranking (17 Jun); number 2 with 4 tokens (10 Jun)."
    )


def test_of_a_long_history_every_seventh_day_is_told() -> None:
    alt = in_words(profiled(days([{A: 1, B: 9}] * 22)))
    assert alt.endswith("Newest first: number 2 with 7 tokens (8 Jun to 22 Jun).")


@pytest.mark.parametrize("say", [SAY, TURKISH], ids=lambda say: say.code)
def test_the_words_for_the_chart_fit_into_discord_by_leaving_out_the_oldest(say: Say) -> None:
    found = profiled(days([{A: n * 10**9, B: 99 * 10**9} for n in range(1, 190)]))
    many = [told("overtake", 10 + n, model=A, passed="N" * 300) for n in range(170)]
    for length in (*range(1, 41), 300):
        alt = in_words(replace(found, name="N" * length), many, say)
        assert 900 < len(alt) <= LONGEST_ALT
        assert "N" * 41 not in alt
        assert alt.endswith(").")
        assert say.short_day(found.history[-1].date) in alt


def test_all_is_said_in_turkish_too() -> None:
    picture = drawn(profiled(), [told("leader", 7, model=A, previous=B)], TURKISH)
    assert picture.language == "tr"
    assert picture.title == "Model A şu an 2. sırada; en iyi derecesi 1. sıraydı"
    assert (picture.ending, picture.rank_label) == ("2. sıra", "Sıra")
    assert picture.events[0].label == "İlk sıraya geçti"


@pytest.mark.parametrize(
    ("count", "english_words", "turkish_words"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (5 * 10**12, "5 T", "5 trilyon"),
        (15 * 10**11, "1.5 T", "1,5 trilyon"),
        (2000 * 10**12, "2,000 T", "2.000 trilyon"),
        (500 * 10**9, "500 B", "500 milyar"),
    ],
)
def test_round_tokens_have_no_decimals_that_are_not_theirs(
    count: int, english_words: str, turkish_words: str
) -> None:
    assert round_tokens(count, SAY) == english_words
    assert round_tokens(count, TURKISH) == turkish_words


@pytest.mark.parametrize(
    ("most", "values"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 2, 4]),
        (99, [0, 50, 100]),
        (5_210, [0, 2_000, 4_000, 6_000]),
        (1_400_000, [0, 500_000, 1_000_000, 1_500_000]),
    ],
)
def test_the_axis_of_tokens_has_few_round_steps_from_zero_to_the_most(
    most: int, values: list[int]
) -> None:
    assert [tick.value for tick in token_ticks(most, SAY)] == values
