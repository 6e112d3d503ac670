"""How much a wish would have brought: messages a week, and the last of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.backtest import Backtest
from bot.answers.forecast import Forecast
from bot.model import BOARD_MODELS, Milestone, Severity
from bot.queries.forecast import ENOUGH, forecast, last_alert
from bot.subscription import Manner, Subscription, Wish
from tests.contract.nouns import milestone
from tests.made import AS_OF, START

WEEKLY = "category-legal"
BOARDS = (BOARD_MODELS, WEEKLY)
RULES = ("leader", "surge")
WISH = Wish(BOARDS, Severity.MINOR)


def made(name: str, when: int, board: str = BOARD_MODELS, rule: str = "leader") -> Milestone:
    """Return a headline dated so many days after START."""
    return replace(milestone(name, when, board), rule=rule)


def judged(found: Sequence[Milestone], windows: int, board: str = BOARD_MODELS) -> Backtest:
    """Return a backtest over so many windows of a board."""
    step = 7 if board == WEEKLY else 1
    ends = tuple(START + timedelta(days=n * step) for n in range(windows))
    return Backtest(board, tuple(found), ends, 7 // step, {})


def asking(wish: Wish, language: str = "en", manner: Manner | None = None) -> Subscription:
    """Return a subscription that begins after all that there is."""
    return Subscription(5, 9, wish, date.max, AS_OF, 1, language, manner or Manner())


@given(
    found=st.lists(
        st.tuples(
            st.integers(0, 20),
            st.sampled_from(RULES),
            st.sampled_from(tuple(Severity)),
            st.booleans(),
        ),
        max_size=30,
    ),
    least=st.sampled_from(tuple(Severity)),
    rules=st.sets(st.sampled_from(RULES)),
    windows=st.integers(1, 60),
)
def test_a_message_is_a_day_on_which_anything_that_is_asked_for_was_told(
    found: list[tuple[int, str, Severity, bool]],
    least: Severity,
    rules: set[str],
    windows: int,
) -> None:
    every = [
        replace(made(f"m{n}", day, rule=rule), severity=severity, held_by=("x/y",) if held else ())
        for n, (day, rule, severity, held) in enumerate(found)
    ]
    order = list(Severity)
    days = set()
    for day, rule, severity, held in found:
        weighty = order.index(severity) <= order.index(least)
        if weighty and not held and (not rules or rule in rules):
            days.add(day)
    wish = Wish((BOARD_MODELS,), least, tuple(rules))
    said = forecast(wish, [judged(every, windows)])
    assert said == Forecast(Fraction(7 * len(days), windows), windows, windows >= ENOUGH)


def test_several_milestones_of_a_day_come_in_one_message_but_boards_come_apart() -> None:
    models = judged([made("a", 3), made("b", 3), made("c", 4)], 14)
    weekly = judged([made("a", 7, WEEKLY), made("b", 7, WEEKLY)], 10, WEEKLY)
    assert forecast(WISH, [models, weekly]) == Forecast(1 + Fraction(1, 10), 14, True)
    alone = forecast(replace(WISH, boards=(WEEKLY,)), [models, weekly])
    assert alone == Forecast(Fraction(1, 10), 70, True)


def test_of_several_boards_the_one_with_the_fewest_windows_says_whether_they_are_enough() -> None:
    few = forecast(WISH, [judged([], 100), judged([], ENOUGH - 1, WEEKLY)])
    assert few == Forecast(Fraction(), 42, False)
    enough = forecast(WISH, [judged([], ENOUGH), judged([], ENOUGH, WEEKLY)])
    assert enough == Forecast(Fraction(), 7, True)


@pytest.mark.parametrize(
    "backtests",
    [[], [judged([], 9)], [judged([], 9), judged([], 0, WEEKLY)]],
    ids=["none", "one of two", "one without windows"],
)
def test_nothing_is_said_unless_every_board_can_be_judged(backtests: list[Backtest]) -> None:
    assert forecast(WISH, backtests) is None


def test_the_last_alert_has_all_that_was_asked_for_of_the_newest_day_and_board() -> None:
    minor = replace(made("minor", 8), severity=Severity.MINOR)
    surge = replace(made("surge", 8, rule="surge"), severity=Severity.NOTABLE)
    held = replace(made("held", 9), held_by=("x/y",))
    found = [made("old", 2), surge, made("new", 8), minor, held, made("other", 7, WEEKLY)]
    wish = Wish(BOARDS, Severity.NOTABLE)
    alert = last_alert(found, asking(wish, "tr", Manner(mentions=(77,))))
    assert alert is not None
    assert alert.milestones == (found[2].key, surge.key)
    assert (alert.channel_id, alert.guild_id, alert.language) == (5, 9, "tr")
    assert alert.manner == Manner(mentions=(77,))
    of_the_board = last_alert(found, asking(replace(wish, boards=(WEEKLY,))))
    assert of_the_board is not None
    assert of_the_board.milestones == (found[5].key,)


def test_a_stopped_subscription_shows_what_it_would_have_sent_too() -> None:
    stopped = replace(asking(WISH), stopped=AS_OF)
    assert last_alert([made("one", 400)], stopped) is not None


def test_where_nothing_was_asked_for_there_is_no_last_alert() -> None:
    minor = replace(made("minor", 8), severity=Severity.MINOR)
    assert last_alert([minor], asking(Wish())) is None
    assert last_alert([], asking(WISH)) is None
