"""Who leads, over a day, a week or a month, as pages (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from bot.answers.rankings import Page, Span, Wanted
from bot.boards import Board
from bot.errors import NoStandings, SpanRefused, TooEarly
from bot.model import Answer, Day, Openness, Standings
from bot.openness import Directory
from bot.pictures.bump import Bump, Caption, bump, leader
from bot.queries.almanac import Almanac
from bot.standings import ONE_DAY, WEEK, Counting, standings

WEEKS_DRAWN = 13
"""How far back the chart goes, a window a week."""

_FEWEST_WEEKS = 4


def counting_of_span(board: Board, span: Span) -> Counting:
    """Return how days are counted over a span; a month is 30 days, or four whole weeks.

    Raises SpanRefused where a board is published by whole weeks, and a day is asked for.
    """
    if not board.weekly:
        return Counting(window={Span.DAY: 1, Span.WEEK: WEEK, Span.MONTH: 30}[span])
    if span is Span.DAY:
        raise SpanRefused
    return Counting(window={Span.WEEK: 1, Span.MONTH: 4}[span], step=WEEK * ONE_DAY)


def ranked(
    board: Board, windows: Almanac, until: date, wanted: Wanted, directory: Directory
) -> Page:
    """Return a page of the newest standings by `until`; the last page where there are fewer.

    The windows are counted as `wanted` has it (see `counting_of_span`). Raises TooEarly.
    """
    if windows.windows and until < (first := min(windows.windows)):
        raise TooEarly(first)
    return page_of(board, answer_by(windows, until), windows.counting, wanted, directory)


def answer_by(windows: Almanac, until: date) -> Answer:
    """Return the newest standings by `until`, and what newer ones lack."""
    newest_day = max((day for day in windows.days if day <= until), default=None)
    missing = _missing(windows.days, newest_day, windows.counting)
    return Answer(windows.newest(until), newest_day, missing)


def newest(windows: Almanac, until: date) -> Standings:
    """Return the newest standings by `until`. Raises NoStandings with what is missing."""
    answer = answer_by(windows, until)
    if answer.standings is None:
        raise NoStandings(answer)
    return answer.standings


def page_of(
    board: Board, answer: Answer, counting: Counting, wanted: Wanted, directory: Directory
) -> Page:
    """Return a page of standings, the last one where there are fewer."""
    found = answer.standings
    places = tuple(
        place
        for place in (found.places if found else ())
        if wanted.show is None or _openness(place.model, found, directory) is wanted.show
    )
    pages = max(-(-len(places) // wanted.top), 1)
    page = min(max(wanted.page, 0), pages - 1)
    shown = places[page * wanted.top : (page + 1) * wanted.top]
    return Page(board, answer, counting, wanted, shown, len(places), page, pages)


def _openness(model: str, found: Standings | None, directory: Directory) -> Openness | None:
    return directory.at(model, found.date).openness if found else None


def newest_standings(board: str, days: Mapping[date, Day], counting: Counting) -> Answer:
    """Return the newest complete window of these days, and what a newer one lacks."""
    newest = max(days, default=None)
    found = (standings(board, days, end, counting) for end in sorted(days, reverse=True))
    newest_found = next((each for each in found if each is not None), None)
    return Answer(newest_found, newest, _missing(days, newest, counting))


def _missing(days: Mapping[date, Day], newest: date | None, counting: Counting) -> tuple[date, ...]:
    if newest is None:
        return ()
    window = (newest - offset * counting.step for offset in range(counting.window))
    return tuple(sorted(day for day in window if day not in days))


def ranks_drawn(page: Page, windows: Almanac, directory: Directory, caption: Caption) -> Bump:
    """Return the picture of the ranks in the 13 weeks up to a page's window, its leader strong."""
    drawn = weeks_drawn(page, windows)
    if not drawn:
        return bump((), directory, caption)
    first = leader(drawn[-1])
    highlight = frozenset() if first is None else frozenset({first})
    return bump(drawn, directory, caption, highlight, _step(drawn, windows.counting.step.days))


def weeks_drawn(page: Page, windows: Almanac) -> tuple[Standings, ...]:
    """Return what the picture of a page shows, oldest first: a window a week if it can be."""
    found = page.answer.standings
    if found is None:
        return ()
    since = found.date - timedelta(weeks=WEEKS_DRAWN)
    return _weekly(windows.between(since, found.date), found.date)


def _weekly(windows: Iterable[Standings], until: date) -> tuple[Standings, ...]:
    """Return a window a week; every window while there are fewer than four."""
    known = tuple(windows)
    weekly = tuple(w for w in known if (until - w.date).days % WEEK == 0)
    return weekly if len(weekly) >= _FEWEST_WEEKS else known


def _step(drawn: Sequence[Standings], step: int) -> int:
    """Return how many days apart the windows of a picture are that lie `step` days apart."""
    weekly = all((drawn[-1].date - w.date).days % WEEK == 0 for w in drawn)
    return WEEK if weekly and len(drawn) >= _FEWEST_WEEKS else step
