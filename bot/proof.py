"""What proves a milestone: its receipt, other readings, and six months before (pure)."""

import hashlib
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from bot.detect import entrants, judged
from bot.model import (
    Day,
    HalfYear,
    Milestone,
    Openness,
    Place,
    Receipt,
    Row,
    Snapshotted,
    Window,
)
from bot.openness import Directory, author
from bot.rules import Reading, Rule, Windows
from bot.standings import (
    OFFICIAL,
    ONE_DAY,
    WEEK,
    Counting,
    base_model,
    standings,
    unmerged,
)

MONTHS = 6
_PER_CENT = 100


def half_a_year_before(day: date) -> date:
    """Return the day six calendar months earlier; the month's last where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 - MONTHS, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def oldest_for_proof(milestones: Iterable[Milestone], rules: Mapping[str, Rule]) -> date | None:
    """Return the oldest day that the proofs of these milestones look at; None without any."""
    return min(
        (
            min(
                half_a_year_before(one.date) - WEEK * ONE_DAY,
                one.date - rules[one.rule].reach(one) * ONE_DAY,
            )
            for one in milestones
        ),
        default=None,
    )


def prove(
    milestone: Milestone,
    days: Mapping[date, Day],
    directory: Directory,
    rule: Rule,
    counting: Counting = OFFICIAL,
) -> Milestone:
    """Return the milestone with its receipt and with what was six months before.

    `days` hold at least those from `oldest_for_proof` to the milestone's date.
    """
    tried = readings(milestone, days, directory, rule, counting)
    inputs = input_days(milestone, days, rule)
    receipt = Receipt(
        rule=milestone.rule,
        version=rule.version,
        board=milestone.board,
        start=milestone.date - (WEEK - 1) * ONE_DAY,
        end=milestone.date,
        rows=rows_hash(inputs),
        inputs=tuple(
            Snapshotted(day.date, day.origin, day.as_of, rows_hash([day])) for day in inputs
        ),
        registry=directory.registry.version,
        searched=milestone.searched,
        holds=tuple(reading.value for reading, holds in tried.items() if holds),
        fails=tuple(reading.value for reading, holds in tried.items() if not holds),
        openness=_verdicts(milestone, days, directory, counting) if rule.openness else {},
    )
    return replace(
        milestone, receipt=receipt, half_year=half_year(milestone, days, directory, counting)
    )


def _verdicts(
    milestone: Milestone, days: Mapping[date, Day], directory: Directory, counting: Counting
) -> Mapping[str, Openness]:
    now = plain_windows(milestone.board, days, directory, counting)(milestone.date)
    return dict(now.openness) if now is not None else {}


def moved(milestone: Milestone, days: int) -> Milestone:
    """Return the same claim about the pair of windows so many days later."""
    shift = days * ONE_DAY
    return replace(milestone, began=milestone.began + shift, date=milestone.date + shift)


def input_days(milestone: Milestone, days: Mapping[date, Day], rule: Rule) -> tuple[Day, ...]:
    """Return the stored days that a milestone's claim is computed from, ascending."""
    oldest = milestone.date - rule.reach(milestone) * ONE_DAY
    return tuple(days[day] for day in sorted(days) if oldest <= day <= milestone.date)


def rows_hash(days: Iterable[Day]) -> str:
    """Return the sha256 of rows: a line a date, then `model,tokens` by rank, then `other,tokens`.

    Lines end with a line feed; `other` has none where it was not published.
    """
    digest = hashlib.sha256()
    for day in days:
        lines = [day.date.isoformat(), *(f"{row.model},{row.tokens}" for row in day.rows)]
        if day.other is not None:
            lines.append(f"other,{day.other}")
        digest.update("".join(f"{line}\n" for line in lines).encode())
    return digest.hexdigest()


def plain_windows(
    board: str, days: Mapping[date, Day], directory: Directory, counting: Counting = OFFICIAL
) -> Windows:
    """Return the windows of days as detection reads them, each computed once."""
    return _reading(board, days, directory, counting)


def readings(
    milestone: Milestone,
    days: Mapping[date, Day],
    directory: Directory,
    rule: Rule,
    counting: Counting = OFFICIAL,
) -> Mapping[Reading, bool]:
    """Say under which other readings of the same days the milestone's claim holds."""
    board = milestone.board
    now = plain_windows(board, days, directory, counting)(milestone.date)
    deciding = rule.deciding(milestone, now) if now is not None else frozenset()
    shifted = partial(_shifted, days, milestone.date, deciding)
    read = partial(_reading, board, directory=directory, counting=counting)
    ways: dict[Reading, Windows] = {
        Reading.UNMERGED: read(days, counting=replace(counting, model=unmerged)),
        Reading.ONE_DAY: read(days, counting=replace(counting, window=1)),
        Reading.UNKNOWN_OPEN: read(days, unknown=Openness.OPEN),
        Reading.UNKNOWN_CLOSED: read(days, unknown=Openness.CLOSED),
        Reading.LOWER: read(shifted(-1)),
        Reading.HIGHER: read(shifted(1)),
    }
    if counting.window == 1:
        del ways[Reading.ONE_DAY]  # whole weeks have no single days
    return {each: rule.holds(milestone, ways[each]) for each in rule.readings if each in ways}


def _reading(
    board: str,
    days: Mapping[date, Day],
    directory: Directory,
    counting: Counting = OFFICIAL,
    unknown: Openness = Openness.UNKNOWN,
) -> Windows:
    known: dict[date, Window | None] = {}

    def window(end: date) -> Window | None:
        if end not in known:
            known[end] = _window(end)
        return known[end]

    def _window(end: date) -> Window | None:
        ranking = standings(board, days, end, counting)
        if ranking is None:
            return None
        before = standings(board, days, end - WEEK * ONE_DAY, counting)
        found = judged(ranking, directory, before)
        verdicts = {
            model: unknown if said is Openness.UNKNOWN else said
            for model, said in found.openness.items()
        }
        return replace(found, openness=verdicts)

    return window


def _shifted(
    days: Mapping[date, Day], newest: date, models: frozenset[str], per_cent: int
) -> Mapping[date, Day]:
    """Return the days with the tokens of some base models changed on the newest, rounded down."""
    day = days.get(newest)
    if day is None:
        return days
    rows = [
        Row(row.model, row.tokens * (_PER_CENT + per_cent) // _PER_CENT)
        if base_model(row.model) in models
        else row
        for row in day.rows
    ]
    ordered = tuple(sorted(rows, key=lambda row: (-row.tokens, row.model)))
    return {**days, newest: replace(day, rows=ordered)}


def _plain(place: Place) -> Place:
    """Return a place without what was seven days before, which nobody is told."""
    return replace(place, rank_before=None, tokens_before=None)


def half_year(
    milestone: Milestone,
    days: Mapping[date, Day],
    directory: Directory,
    counting: Counting = OFFICIAL,
) -> HalfYear | None:
    """Return what stood six calendar months earlier; None where that window is incomplete.

    Of whole weeks it is the one that was over by then.
    """
    end = half_a_year_before(milestone.date)
    end -= (end - milestone.date) % counting.step
    ranking = standings(milestone.board, days, end, counting)
    if ranking is None:
        return None
    window = judged(ranking, directory, None)
    sums = dict.fromkeys(Openness, 0)
    for each in ranking.places:
        sums[window.openness[each.model]] += each.tokens
    about = milestone.facts.get("model") or milestone.facts.get("subject")
    maker = milestone.facts.get("author")
    return HalfYear(
        date=end,
        top=entrants(window, directory),
        total=ranking.total,
        place=next((_plain(each) for each in ranking.places if each.model == about), None),
        author=sum(p.tokens for p in ranking.places if author(p.model) == maker),
        open_tokens=sums[Openness.OPEN],
        unknown_tokens=sums[Openness.UNKNOWN],
        counted=sum(sums.values()),
    )
