"""How much of the use is of open models, now and before (pure)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.answers.openness import Balance, Balances, Unexplained
from bot.boards import Board
from bot.detect import judged
from bot.model import Milestone, Openness, Severity, Standings
from bot.openness import Directory
from bot.proof import half_a_year_before
from bot.queries.almanac import Almanac
from bot.queries.rankings import answer_by, newest
from bot.rules import open_share, open_top5, open_top5_lost
from bot.rules.open_share import share
from bot.standings import ONE_DAY, WEEK

DRAWN = timedelta(weeks=53)
"""How far back the chart goes, a window a week: a year before is in it."""

FEWEST_WEEKS = 8
"""With fewer weeks stored the chart shows every window."""

_FIRST = 10
_MARKED = frozenset(each.RULE.name for each in (open_share, open_top5, open_top5_lost))
_ORDER = tuple(Severity)


def balances(
    board: Board,
    almanac: Almanac,
    until: date,
    directory: Directory,
    milestones: Sequence[Milestone] = (),
) -> Balances:
    """Return how open the newest window by `until` is, and earlier ones. Raises NoStandings.

    Each window is judged by what is known to hold on its last day. Of the board's `milestones`
    those are taken that tell how many models are open, stand as told and fall on what is drawn.
    """
    answer, found = answer_by(almanac, until), newest(almanac, until)
    half, year = _ends_before(found.date, almanac)
    happened = _happened(milestones, found.date, almanac)
    dates = _dates(found.date, {year, half, *(one.date for one in happened)}, almanac)
    wanted = (almanac.windows.get(end) for end in {*dates, half, year})
    made = [_balance(window, directory) for window in wanted if window is not None]
    known = {balance.date: balance for balance in made if balance.counted}
    return Balances(
        board=board,
        answer=answer,
        found=found,
        now=_balance(found, directory),
        half_year=known.get(half),
        year=known.get(year),
        since=min(almanac.windows) - (WEEK - 1) * ONE_DAY,
        dates=dates,
        drawn={end: known[end] for end in dates if end in known},
        unknown=_unknown(found, directory),
        happened=tuple(one for one in happened if one.date in dates),
    )


def _happened(milestones: Iterable[Milestone], newest: date, almanac: Almanac) -> list[Milestone]:
    """Return what may be marked, newest first, of one day the weightiest first."""
    found = [
        one
        for one in milestones
        if one.rule in _MARKED
        and one.told
        and newest - DRAWN <= one.date <= newest
        and one.date in almanac.windows
    ]
    return sorted(
        found, key=lambda one: (-one.date.toordinal(), _ORDER.index(one.severity), one.key)
    )


def _ends_before(newest: date, almanac: Almanac) -> tuple[date, date]:
    """Return on which days windows ended six months and a year before; whole weeks were over."""
    half, year = half_a_year_before(newest), _a_year_before(newest)
    step = almanac.counting.step
    return half - (half - newest) % step, year - (year - newest) % step


def _a_year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def _dates(newest: date, marked: set[date], almanac: Almanac) -> tuple[date, ...]:
    first = min(window.date for window in almanac.between(newest - DRAWN, newest))
    weeks = [newest - timedelta(weeks=back) for back in range((newest - first).days // WEEK + 1)]
    if len(weeks) < FEWEST_WEEKS:
        step = almanac.counting.step
        return tuple(first + number * step for number in range((newest - first) // step + 1))
    # The marks stand on their own days, so that what they say is what is drawn there.
    return tuple(sorted({*weeks, *(end for end in marked if end in almanac.windows)}))


def _balance(window: Standings, directory: Directory) -> Balance:
    found = judged(window, directory, None)
    sums = share(found)
    first = tuple(found.openness[place.model] for place in found.top(_FIRST))
    return Balance(window.date, sums.open, sums.unknown, sums.counted, first)


def _unknown(window: Standings, directory: Directory) -> tuple[Unexplained, ...]:
    verdicts = ((place, directory.at(place.model, window.date)) for place in window.places)
    return tuple(
        Unexplained(place.model, directory.name(place.model), place.tokens, verdict)
        for place, verdict in verdicts
        if verdict.openness is Openness.UNKNOWN
    )
