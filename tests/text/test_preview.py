"""What a preview says, in both languages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot import rules
from bot.alerts import tell
from bot.answers.preview import Barred, Preview, TooFew
from bot.backtest import whole_backtest
from bot.boards import Board
from bot.message import Message
from bot.packaged import read_boards, read_languages
from bot.pictures.calendar import Cell, Mark
from bot.queries.previews import preview
from bot.text import preview as words
from bot.text.rule_names import rule_title, rule_titles
from bot.text.say import Say
from tests.made import START, day, days, open_closed
from tests.naive import eventful

RULES = rules.discover()
BOARDS = read_boards()
MODELS, WEEKLY = BOARDS["models"], BOARDS["category-legal"]
ENGLISH, TURKISH = read_languages()["en"], read_languages()["tr"]
FIRST, SECOND, THIRD = {"open/a": 9, "closed/b": 5}, {"closed/b": 99}, {"open/a": 10**6}
TURNS = days([FIRST] * 9 + [SECOND] * 5 + [THIRD] * 20)
WORLD = eventful()
EVENTFUL = whole_backtest(MODELS, WORLD.days, WORLD.directory)

both = pytest.mark.parametrize("say", [ENGLISH, TURKISH], ids=["en", "tr"])
every_rule = pytest.mark.parametrize("rule", RULES)


def _found(rule: str = "leader", **changes: object) -> Preview:
    backtest = whole_backtest(MODELS, TURNS, open_closed())
    found = preview(RULES[rule], MODELS, backtest, TURNS, date.max)
    assert isinstance(found, Preview)
    return replace(found, **changes)  # type: ignore[arg-type]


def _said(found: Preview | Barred | TooFew, say: Say) -> Message:
    told = found.told[: words.SHOWN] if isinstance(found, Preview) else ()
    return words.preview(found, [tell(one, RULES, open_closed(), say) for one in told], say)


def _lines(message: Message) -> Sequence[str]:
    return [line.text for section in message.sections for line in section.lines]


def test_a_preview_says_how_often_how_weighty_and_what_was_undone() -> None:
    said = _said(_found(), ENGLISH)
    assert said.title == "Preview: A new number one"
    assert said.lead == (
        "It would have told 2 milestones: about 0.5 a week, 2.1 a month.",
        "★ headline: 2",
        "No longer so within a week: 1 of 2 whose week is over or that ended before.",
    )
    assert said.notes == (
        "Looked at: the complete weeks that end from 7 June 2026 to 4 July 2026: 28.",
        "Judged by the figures, and by what is known of models, as they are stored today.",
    )
    assert said.citation.endswith("as of 2026-06-20. Licensed under CC BY 4.0.")


def test_the_same_in_turkish() -> None:
    said = _said(_found(), TURKISH)
    assert said.title == "Önizleme: Yeni bir birinci"
    assert said.lead[0] == "2 dönüm noktası bildirirdi: haftada yaklaşık 0,5, ayda 2,1."
    assert said.lead[1] == "★ manşet: 2"
    assert said.sections[0].heading == "Ne zaman"
    assert said.sections[0].lines[0].text.startswith("16 Haziran 2026 · ★ manşet · ")


def test_the_newest_dates_have_their_headlines_and_what_is_undone_its_shape() -> None:
    newest, older = _said(_found(), ENGLISH).sections[0].lines
    assert newest.text == "16 June 2026 · ★ headline · a is now the most-used model"
    assert older.text.endswith("b is now the most-used model · ◇ no longer so within a week")


def test_the_example_has_the_words_of_the_alert_itself() -> None:
    _, example = _said(_found(), ENGLISH).sections
    told = tell(_found().told[0], RULES, open_closed(), ENGLISH)
    texts = [line.text for line in example.lines]
    assert texts[0] == told.headline
    assert texts[1].startswith(told.sentence)
    assert texts[-2:] == [told.beside, told.reversal]


def test_many_are_counted_and_the_newest_named() -> None:
    found = _found()
    many = tuple(replace(found.told[0], key=str(n)) for n in range(12))
    lines = _lines(_said(replace(found, told=many), ENGLISH))
    assert lines[words.SHOWN] == "and 4 earlier ones"
    assert len([line for line in lines if "★ headline" in line]) == words.SHOWN


@both
def test_a_rule_whose_reversals_are_not_counted_says_so(say: Say) -> None:
    said = _said(_found(lasts=False, reversed={}), say)
    expected = "How often it was reversed within a week is not counted for this rule."
    assert say(expected) in said.lead


def test_those_that_are_too_new_are_counted_apart() -> None:
    found = _found()
    _, older = (one.key for one in found.told)
    one = _said(replace(found, reversed={older: True}), ENGLISH).lead
    assert one[2] == "No longer so within a week: 1 of 1 whose week is over or that ended before."
    assert one[3] == "Of 1 more it cannot be told: its week is not over, or not stored."
    assert len(_said(found, ENGLISH).lead) == 3


@every_rule
def test_no_rule_counts_reversals_and_says_that_nothing_can_reverse_it(rule: str) -> None:
    found = preview(RULES[rule], MODELS, EVENTFUL, WORLD.days, date.max)
    assert isinstance(found, Preview)
    told = [tell(one, RULES, WORLD.directory, ENGLISH) for one in found.told[: words.SHOWN]]
    said = words.preview(found, told, ENGLISH)
    counted = [line for line in said.lead if " within a week: " in line]
    assert bool(counted) is RULES[rule].lasts
    assert not any("nothing can reverse it" in line for line in _lines(said) if counted)


@pytest.mark.parametrize("rule", ["token_mark", "first_to_mark", "platform_mark"])
def test_of_what_was_reached_it_is_said_how_much_fell_below_it_again(rule: str) -> None:
    found = preview(RULES[rule], MODELS, EVENTFUL, WORLD.days, date.max)
    assert isinstance(found, Preview)
    every = replace(found, reversed={one.key: True for one in found.told})
    told = [tell(one, RULES, WORLD.directory, ENGLISH) for one in every.told[: words.SHOWN]]
    said = words.preview(every, told, ENGLISH)
    assert said.lead[2].startswith(f"Below the number again within a week: {len(every.told)} of")
    assert said.sections[0].lines[0].text.endswith("◇ below the number again within a week")
    picture = words.calendar(every, ENGLISH)
    assert picture.words[Mark.REVERSED] == "below the number again within a week"
    assert "(below the number again within a week: 1)" in words.calendar_alt(every, ENGLISH)


def test_what_was_told_on_the_newest_day_cannot_be_judged_yet() -> None:
    said = _said(_found(reversed={}), ENGLISH)
    assert said.lead[2] == "Whether it was still so a week later cannot be told yet."


def test_held_and_silenced_ones_are_counted_apart() -> None:
    said = _said(_found(held=1, silenced=3), ENGLISH)
    assert said.lead[3].startswith("1 more would have been held back: it depends on models")
    assert said.lead[4].startswith("3 more would not have been told by themselves")


@both
def test_a_rule_that_found_nothing_is_spoken_of_kindly(say: Say) -> None:
    said = _said(_found(told=(), reversed={}, held=2), say)
    assert say("It would have told nothing in these days. That is an answer, too: it is rare.") in (
        said.lead
    )
    assert len(said.lead) == 2
    assert said.sections == ()
    assert said.citation


def test_a_rate_below_a_tenth_is_not_said_to_be_none() -> None:
    ends = tuple(START + timedelta(n) for n in range(600))
    found = _found(ends=ends, told=_found().told[:1])
    assert "about <0.1 a week, 0.1 a month" in _said(found, ENGLISH).lead[0]


def test_gaps_are_named_and_many_of_them_counted() -> None:
    gaps = tuple(START + timedelta(n) for n in (3, 9, 10, 11, 12, 13, 14))
    few = _said(_found(missing=gaps[:2]), ENGLISH).notes
    assert few[1] == "Not stored, so left out: 4 June 2026 and 10 June 2026."
    many = _said(_found(missing=gaps), ENGLISH).notes
    assert many[1].endswith("13 June 2026 and 2 more days.")


@both
def test_a_board_that_bars_the_rule_is_explained_without_figures(say: Say) -> None:
    said = _said(Barred(WEEKLY, "surge"), say)
    assert (
        said.title
        == f"{say('Preview: {rule}', rule=rule_title('surge', say))} · "
        + ({"en": "Legal", "tr": "Hukuk"}[say.code])
    )
    assert (len(said.lead), said.citation, said.sections) == (1, "", ())


@both
def test_too_few_days_are_explained(say: Say) -> None:
    said = _said(TooFew(MODELS, "leader", 1), say)
    assert len(said.lead) == 1
    assert said.lead != _said(Barred(MODELS, "leader"), say).lead
    assert said.lead != _said(TooFew(WEEKLY, "leader", 1), say).lead


def test_so_many_in_a_row_as_it_takes_are_named() -> None:
    days_, weeks = (_said(TooFew(each, "leader", 1), ENGLISH).lead[0] for each in (MODELS, WEEKLY))
    assert "it takes eight days in a row." in days_
    assert "it takes two weeks in a row." in weeks


def test_a_single_week_that_was_looked_at_is_named() -> None:
    found = _found()
    said = _said(replace(found, ends=found.ends[-1:], told=()), ENGLISH)
    assert said.notes[0] == "Looked at: the complete week that ends on 4 July 2026."


def test_of_few_days_the_weeks_that_end_in_them_are_named() -> None:
    backtest = whole_backtest(MODELS, TURNS, open_closed())
    found = preview(RULES["leader"], MODELS, backtest, TURNS, date.max, 7)
    assert isinstance(found, Preview)
    expected = "Looked at: the complete weeks that end from 28 June 2026 to 4 July 2026: 7."
    assert _said(found, ENGLISH).notes[0] == expected


def _weekly() -> Preview:
    sunday = date(2026, 6, 7)
    weeks = [day(sunday + timedelta(7 * n), FIRST if n < 3 else SECOND) for n in range(9)]
    stored = {each.date: each for each in weeks}
    backtest = whole_backtest(WEEKLY, stored, open_closed())
    found = preview(RULES["leader"], WEEKLY, backtest, stored, date.max)
    assert isinstance(found, Preview)
    return found


def test_a_board_of_estimates_says_so_and_counts_weeks() -> None:
    said = _said(_weekly(), ENGLISH)
    assert said.lead[0] == "It would have told 1 milestone: about 0.1 a week, 0.5 a month."
    assert said.notes[0] == "Looked at: 1 June 2026 to 2 August 2026, 9 complete weeks."
    assert "These are estimates" in said.notes[-1]
    picture = words.calendar(_weekly(), ENGLISH)
    assert (picture.weekly, len(picture.cells)) == (True, 9)
    assert picture.subtitle == "Legal: Each mark is a week, 7 June 2026 to 2 August 2026"


def test_the_calendar_has_each_complete_window_with_its_hits() -> None:
    found = _found()
    picture = words.calendar(found, ENGLISH)
    assert [cell.day for cell in picture.cells] == list(found.ends)
    newest, older = (one.date for one in found.told)
    assert [cell for cell in picture.cells if cell.hits] == [Cell(older, 1, 1), Cell(newest, 1, 0)]
    assert picture.title == "A new number one: 2 milestones"


def test_months_and_weekdays_are_those_of_the_language() -> None:
    picture = words.calendar(_found(), TURKISH)
    assert (picture.months[0], picture.months[5]) == ("Oca", "Haz")
    assert (picture.weekdays[0], picture.weekdays[6]) == ("Pzt", "Paz")
    assert set(picture.words) == set(Mark)


def test_the_alt_text_has_every_day_with_its_numbers() -> None:
    assert words.calendar_alt(_found(), ENGLISH) == (
        "A new number one: 2 milestones. Each mark is the week that ends on that day,"
        " 7 June 2026 to 4 July 2026. 16 June 2026: 1; 11 June 2026: 1"
        " (no longer so within a week: 1)."
    )


@both
@every_rule
def test_every_rule_is_previewed_in_every_language(rule: str, say: Say) -> None:
    found = preview(RULES[rule], MODELS, EVENTFUL, WORLD.days, date.max)
    assert isinstance(found, Preview)
    told = [tell(one, RULES, WORLD.directory, say) for one in found.told[: words.SHOWN]]
    said = words.preview(found, told, say)
    assert all(said.lead)
    assert said.citation
    alt = words.calendar_alt(found, say)
    assert len(alt) <= 1000
    assert say.day(found.told[0].date) in alt


@both
def test_every_rule_has_a_short_title_of_its_own_and_no_other_has(say: Say) -> None:
    titles = rule_titles(say)
    assert set(titles) == set(RULES)
    assert len(set(titles.values())) == len(RULES) <= 25
    assert max(map(len, titles.values())) <= 60
    assert {rule_title(rule, say) for rule in RULES} == set(titles.values())
    assert rule_title("a rule of tomorrow", say) == "a rule of tomorrow"


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS.keys())
def test_a_barred_rule_may_be_previewed_on_the_board_of_all_models(board: Board) -> None:
    # So the sentence that sends people there is true.
    assert MODELS.rules is None
    assert board.rules is None or board.estimated
