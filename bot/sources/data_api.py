"""The Data API: any span of any board, for those who have an OpenRouter key."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.boards import Board
from bot.errors import KeyRefused, PayloadRefused, SourceDeclined
from bot.model import Day
from bot.sources import Snapshot
from bot.sources._http import Http
from bot.sources.budget import Budget
from bot.sources.rows import Counts, add_row, make_days, read_date

BEGINNING = date(2025, 1, 1)
"""The first day the source has."""

_LONGEST_SPAN = timedelta(days=366)
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)
_WEEK_SETTLES = timedelta(days=3)
_LIMIT = 16 * 1024 * 1024
"""A year of 51 rows a day has about 2 MB."""
_BEGUN = datetime(BEGINNING.year, BEGINNING.month, BEGINNING.day, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(hours=1)
_KEY = re.compile(r"[!-~]+")

T = TypeVar("T", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)


class _Row(_Strict):
    date: str
    model_permaslug: str
    total_tokens: str


class _Meta(_Strict):
    as_of: AwareDatetime
    version: Annotated[str, Field(pattern="^v1$")]
    start_date: date
    end_date: date


class _Rankings(_Strict):
    data: list[_Row]
    meta: _Meta


class _ListedApp(_Strict):
    app_id: Annotated[int, Field(ge=1)]
    app_name: Annotated[str, Field(min_length=1, max_length=300)]
    rank: Annotated[int, Field(ge=1)]
    total_tokens: Annotated[str, Field(pattern=r"^[0-9]{1,30}$")]


class _Apps(_Strict):
    data: list[_ListedApp]
    meta: _Meta | None = None


@dataclass(frozen=True, slots=True)
class App:
    """One app as the source ranks them: its name for people, rank from 1, and tokens."""

    app_id: int
    name: str
    rank: int
    tokens: int


class DataApi:
    """Ask the keyed endpoints below `base`, within the budget."""

    def __init__(self, http: Http, base: str, key: str, budget: Budget) -> None:
        """Take the shared door to the network, the API's address, the key, and its budget."""
        self._http = http
        self._base = base
        self._key = key
        self._budget = budget

    async def fetch(self, board: Board, since: date, until: date, now: datetime) -> Snapshot:
        """Return a board's days from `since` to `until`, both included, by one request at most.

        Days the source has no rows of are left out. A week of a weekly board belongs to the span
        that its Monday is in; it comes as the day it ends on, its Sunday, and only once that is
        three days past (the Wednesday after), since its figures settle until then. The origin of
        each day is the call that can be repeated for it.

        Raises ValueError for a span that is turned around or longer than `spans` makes them, and
        for a board that has no days; KeyRefused, BudgetSpent, SourceUnreachable, and
        PayloadRefused (nothing of the answer may be used); StoreError of the budget.
        """
        if not timedelta() <= until - since < _LONGEST_SPAN:
            raise ValueError(f"{since}..{until} is no span of 1 to {_LONGEST_SPAN.days} days")
        if not board.judged:
            raise ValueError(f"{board.name} has no days")
        first = max(since, BEGINNING)
        if board.weekly:
            # Asked from a Monday on, so that no first week comes cut off.
            first += timedelta(days=-first.weekday() % 7)
        name = f"rankings-daily {since}..{until}"
        if first > until:
            return Snapshot(name, (), None)
        query = {**board.query, "start_date": str(first), "end_date": str(until)}
        asked = f"rankings-daily?{urlencode(query)}"
        url = f"{self._base}/datasets/{asked}"
        content, span = await self._get(url), (first, until)
        days = parse_rankings(content, url, span, now, weekly=board.weekly)
        return Snapshot(name, tuple(replace(day, origin=asked) for day in days), None)

    async def fetch_apps(self) -> tuple[App, ...]:
        """Return the fifty apps with the most tokens in the trailing thirty days, by rank.

        Raises as `fetch` does.
        """
        url = f"{self._base}/datasets/app-rankings?{urlencode({'sort': 'popular', 'limit': 50})}"
        return parse_apps(await self._get(url), url)

    async def _get(self, url: str) -> bytes:
        if not _KEY.fullmatch(self._key):
            raise KeyRefused(
                "the OPENROUTER_API_KEY is not accepted: it has characters that no key has"
            )
        headers = {"Authorization": f"Bearer {self._key}"}
        try:
            body = await self._http.get(
                url, limit=_LIMIT, headers=headers, before=self._budget.take
            )
        except SourceDeclined as error:
            if error.status == HTTPStatus.UNAUTHORIZED:
                raise KeyRefused("the OPENROUTER_API_KEY is not accepted by the source") from error
            if error.status != HTTPStatus.BAD_REQUEST:
                raise
            said = error.said.replace(self._key, "…")
            raise PayloadRefused(url, f"answered 400: {said!r:.200}") from error
        if body is None:
            raise PayloadRefused(url, "answered that nothing changed, unasked")
        return body.content


def spans(since: date, until: date) -> tuple[tuple[date, date], ...]:
    """Return the fewest spans, ascending, that a call each can ask for.

    Together they hold the days from `since` to `until`, both included, that the source may have.
    """
    cut = []
    first = max(since, BEGINNING)
    while first <= until:
        last = min(until, first + _LONGEST_SPAN - _A_DAY)
        cut.append((first, last))
        first = last + _A_DAY
    return tuple(cut)


def parse_rankings(
    content: bytes, where: str, span: tuple[date, date], now: datetime, *, weekly: bool
) -> tuple[Day, ...]:
    """Return the days of an answer about `span`, ascending; weeks by their Sundays.

    A day must be over, and a week settled (else it is left out), on our clock and on the source's.
    Raises PayloadRefused naming the first thing that is wrong: the version, a moment of answering
    that is not past, a day outside the span or not over, and whatever makes a row none.
    """
    answer = _validated(_Rankings, content, where)
    as_of = answer.meta.as_of
    if not _BEGUN <= as_of <= now + _CLOCKS_DIFFER:
        raise PayloadRefused(where, f"was made on {as_of}, says its meta")
    today = min(now, as_of).astimezone(UTC).date()
    days: Counts = {}
    for number, row in enumerate(answer.data, start=1):
        line = f"{where}, row {number}"
        day = read_date(line, row.date)
        if not span[0] <= day <= span[1]:
            raise PayloadRefused(line, f"speaks of {day}, which was not asked for")
        last = _week_end(line, day) if weekly else _over(line, day, today)
        add_row(days, line, last, row.model_permaslug, row.total_tokens)
    if weekly:
        days = {last: rows for last, rows in days.items() if last + _WEEK_SETTLES <= today}
    return make_days(days, as_of.astimezone(UTC))


def parse_apps(content: bytes, where: str) -> tuple[App, ...]:
    """Return the apps of an answer, by rank.

    Raises PayloadRefused naming the first thing that is wrong, a rank or an app given twice too.
    """
    listed = sorted(_validated(_Apps, content, where).data, key=lambda app: app.rank)
    for name in ("rank", "app_id"):
        if len({getattr(app, name) for app in listed}) != len(listed):
            raise PayloadRefused(where, f"gives a {name} twice")
    return tuple(App(a.app_id, a.app_name, a.rank, int(a.total_tokens)) for a in listed)


def _over(line: str, day: date, today: date) -> date:
    if day >= today:
        raise PayloadRefused(line, f"speaks of {day}, a day that is not over")
    return day


def _week_end(line: str, monday: date) -> date:
    if monday.weekday() != 0:
        raise PayloadRefused(line, f"speaks of a week from {monday} on, which is no Monday")
    return monday + _A_WEEK - _A_DAY


def _validated(kind: type[T], content: bytes, where: str) -> T:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise PayloadRefused(where, f"{path}: {first['msg']}") from error
