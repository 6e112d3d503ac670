"""What a wish would have brought: how many messages a week, and the last of them (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from fractions import Fraction

from bot.answers.backtest import Backtest
from bot.answers.forecast import Forecast
from bot.delivery import Delivery
from bot.model import Milestone
from bot.routing import route
from bot.standings import WEEK
from bot.subscription import Subscription, Wish
from bot.wishes import asked

ENOUGH = 7
"""Complete windows of a board without which nothing is said of a week."""


def forecast(wish: Wish, backtests: Sequence[Backtest]) -> Forecast | None:
    """Return how many messages a week a wish brings: one a board and day that has any of it.

    None where one of its boards has no backtest, or none with a complete window.
    """
    found = {each.board: each for each in backtests if each.ends}
    if not found.keys() >= set(wish.boards):
        return None
    boards = [found[board] for board in wish.boards]
    return Forecast(
        weekly=sum((_weekly(wish, each) for each in boards), Fraction()),
        days=min(len(each.ends) * WEEK // each.windows_a_week for each in boards),
        enough=min(len(each.ends) for each in boards) >= ENOUGH,
    )


def _weekly(wish: Wish, backtest: Backtest) -> Fraction:
    days = {one.date for one in _told(backtest.milestones, wish)}
    return Fraction(len(days) * backtest.windows_a_week, len(backtest.ends))


def _told(milestones: Iterable[Milestone], wish: Wish) -> list[Milestone]:
    return [one for one in milestones if one.told and asked(one, wish)]


def last_alert(milestones: Iterable[Milestone], subscription: Subscription) -> Delivery | None:
    """Return the newest alert that a subscription would have brought, however long ago.

    As if the channel had always had it and nothing held it back; None where there was none.
    """
    told = _told(milestones, subscription.wish)
    if not told:
        return None
    day, board = max((one.date, one.board) for one in told)
    group = [one for one in told if (one.date, one.board) == (day, board)]
    always = replace(subscription, after=date.min, stopped=None)
    return route(group, [always], datetime.combine(day, time(), UTC))[0]
