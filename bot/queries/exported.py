"""The rows behind a chart, to be taken away (pure)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from bot.answers.exported import Asked, Chart, DayRow, Exported, Rows, WindowRow
from bot.boards import Board
from bot.errors import DaysRefused, NoStandings
from bot.model import Day, Standings
from bot.openness import Directory
from bot.queries.almanac import Almanac
from bot.queries.rankings import WEEKS_DRAWN, answer_by
from bot.standings import ONE_DAY, WEEK, base_model

Dated = TypeVar("Dated", Day, Standings)

MOST_DAYS = 366
"""Days in one file, the first and the last included."""

OTHER = "other"
"""What the source calls all the models together that are outside the published ranks."""

_FEWEST_WEEKS = 4


def check_days(since: date | None, until: date | None) -> None:
    """Raise DaysRefused unless `until` follows `since` within 366 days, where both are said."""
    if since is None or until is None:
        return
    if not 0 <= (until - since).days < MOST_DAYS:
        raise DaysRefused(since, until, MOST_DAYS)


def exported(
    board: Board, almanac: Almanac, directory: Directory, asked: Asked, judged: date
) -> Exported:
    """Return the rows asked for, none of a day after `judged`.

    Without a first day they go back 13 weeks: the windows that the chart of ranks shows, a week
    apart, or all the days. Raises NoStandings and DaysRefused.
    """
    check_days(asked.since, asked.until)
    days = {when: day for when, day in almanac.days.items() if when <= judged}
    windows = {end: each for end, each in almanac.windows.items() if end <= judged}
    if not (days if asked.chart is Chart.DAYS else windows):
        raise NoStandings(answer_by(almanac, judged))
    if asked.chart is Chart.DAYS:
        return _answer(board, asked, days, lambda found: _day_rows(found, asked.model))
    return _answer(board, asked, windows, lambda found: _window_rows(found, asked.model, directory))


def _answer(
    board: Board,
    asked: Asked,
    there: Mapping[date, Dated],
    rows: Callable[[Sequence[Dated]], Rows],
) -> Exported:
    since, until = _span(asked, list(there))
    dates = [when for when in there if since <= when <= until]
    if asked.since is None:
        dates = _as_drawn(asked.chart, dates)
        since = min(dates, default=since)
    found = [there[when] for when in dates]
    return Exported(
        board=board,
        asked=asked,
        since=since,
        until=until,
        rows=rows(found),
        dates=len(dates),
        as_of=max((each.as_of for each in found), default=None),
        first=min(there),
        newest=max(there),
        more=any(until < when <= (asked.until or when) for when in there),
    )


def _span(asked: Asked, there: Sequence[date]) -> tuple[date, date]:
    """Return the first and the last day to look at; the last is the newest there is by `until`."""
    last = min(asked.until or max(there), max(there))
    if asked.since is None:
        until = max((when for when in there if when <= last), default=last)
        return until - min(timedelta(weeks=WEEKS_DRAWN), until - date.min), until
    room = min((MOST_DAYS - 1) * ONE_DAY, date.max - asked.since)
    return asked.since, max(asked.since, min(last, asked.since + room))


def _as_drawn(chart: Chart, dates: list[date]) -> list[date]:
    """Return those of ascending dates that a chart shows: of windows, those a week apart.

    All of them while there are fewer than four weeks.
    """
    weekly = [when for when in dates if (dates[-1] - when).days % WEEK == 0]
    return dates if chart is Chart.DAYS or len(weekly) < _FEWEST_WEEKS else weekly


def _window_rows(
    windows: Sequence[Standings], model: str | None, directory: Directory
) -> tuple[WindowRow, ...]:
    return tuple(
        WindowRow(
            window.date,
            place.rank,
            place.model,
            directory.name(place.model),
            directory.at(place.model, window.date).openness,
            place.tokens,
            window.total,
        )
        for window in windows
        for place in window.places
        if model in (None, place.model)
    )


def _day_rows(days: Sequence[Day], model: str | None) -> tuple[DayRow, ...]:
    return tuple(
        row for day in days for row in _published(day) if model in (None, base_model(row.model))
    )


def _published(day: Day) -> Iterator[DayRow]:
    """Yield a day's rows by rank, then what all other models used together, where that is known."""
    for rank, row in enumerate(day.rows, start=1):
        yield DayRow(day.date, rank, row.model, row.tokens)
    if day.other is not None:
        yield DayRow(day.date, None, OTHER, day.other)
