"""Run the rules forward over complete windows, with memory (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from bot.model import (
    Day,
    Entrant,
    Memory,
    Milestone,
    RuleMemory,
    Searched,
    Standings,
    Window,
)
from bot.openness import Directory
from bot.rules import Found, Rule
from bot.standings import OFFICIAL, ONE_DAY, WEEK, Counting, base_model, standings

SAME = timedelta(days=3)
"""Within this time the same rule, board and subject is the same milestone.

Losing and regaining what a rule tells takes two confirmed windows each, so four days at least.
"""

KEPT = 4
"""Memories kept, of the newest windows: days are restated for a day or two, not longer."""

_TOP = 5


def usable(memories: Sequence[Memory], rules: Mapping[str, Rule]) -> tuple[Memory, ...]:
    """Return the memories that are of these rules; with none, detection starts at the baseline."""
    marks = {rule.mark for rule in rules.values()}
    return tuple(memory for memory in memories if set(memory.rules) == marks)


def oldest_needed(memories: Sequence[Memory]) -> date | None:
    """Return the oldest day that going on from the newest memory needs; None for every day."""
    # Its window, and the one a week before it.
    return memories[-1].through - (2 * WEEK - 1) * ONE_DAY if memories else None


def judged(ranking: Standings, directory: Directory, week_before: Standings | None) -> Window:
    """Return the standings with a verdict on each of their models as of their last day."""
    verdicts = {
        p.model: directory.at(base_model(p.model), ranking.date).openness for p in ranking.places
    }
    return Window(ranking, verdicts, week_before)


def windows(
    board: str,
    days: Mapping[date, Day],
    directory: Directory,
    since: date | None = None,
    counting: Counting = OFFICIAL,
) -> Iterator[Window]:
    """Yield every complete window that ends on `since` or later, oldest first."""
    rankings: dict[date, Standings] = {}
    for end in sorted(days):
        if since is not None and end < since - WEEK * ONE_DAY:
            continue
        ranking = standings(board, days, end, counting)
        if ranking is None:
            continue
        rankings = {when: r for when, r in rankings.items() if end - when <= WEEK * ONE_DAY}
        rankings[end] = ranking
        if since is None or end >= since:
            yield judged(ranking, directory, rankings.get(end - WEEK * ONE_DAY))


def detect(
    board: str,
    days: Mapping[date, Day],
    directory: Directory,
    rules: Mapping[str, Rule],
    memories: Sequence[Memory] = (),
    counting: Counting = OFFICIAL,
) -> tuple[tuple[Memory, ...], tuple[Milestone, ...]]:
    """Judge every complete window after the newest memory; return the memories and what was found.

    `days` hold at least those from `oldest_needed` on; milestones come oldest first, those of one
    day in the order of `rules`. Without a memory detection starts at the first complete window:
    the baseline, which announces nothing. The newest memories are kept, oldest first.
    """
    kept, found = list(memories), []
    before: Window | None = None
    after = kept[-1].through if kept else None
    for window in windows(board, days, directory, after, counting):
        if not kept:
            kept.append(_baseline(window, rules))
        elif window.date > kept[-1].through:
            pair = before if before and before.date + counting.step == window.date else None
            missing = _missing(days, kept[-1].through, window.date, counting)
            memory, finds = _judge(kept[-1], pair, window, missing, rules)
            kept = [*kept[1 - KEPT :], memory]
            if pair is not None:
                searched = _searched(memory, counting)
                found += [_milestone(*each, pair, window, searched, directory) for each in finds]
        before = window
    return tuple(kept), tuple(found)


def _baseline(window: Window, rules: Mapping[str, Rule]) -> Memory:
    memories = {rule.mark: rule.baseline(window) for rule in rules.values()}
    return Memory(window.date, window.date, (), memories)


def _judge(
    memory: Memory,
    before: Window | None,
    window: Window,
    missing: Sequence[date],
    rules: Mapping[str, Rule],
) -> tuple[Memory, list[tuple[str, Found]]]:
    memories: dict[str, RuleMemory] = {}
    found: list[tuple[str, Found]] = []
    for rule in rules.values():
        memories[rule.mark], finds = rule.step(memory.rules[rule.mark], before, window)
        found += [(rule.name, find) for find in finds]
    return Memory(memory.baseline, window.date, (*memory.missing, *missing), memories), found


def _missing(days: Mapping[date, Day], after: date, until: date, counting: Counting) -> list[date]:
    """Return what is not stored between two windows, by the last days of its weeks if weekly."""
    between = range(1, (until - after) // counting.step)
    ends = (after + counting.step * number for number in between)
    return [end for end in ends if end not in days]


def _searched(memory: Memory, counting: Counting) -> Searched:
    since = memory.baseline - (WEEK - 1) * ONE_DAY
    missing = tuple(
        end - back * ONE_DAY
        for end in memory.missing
        for back in range(counting.step.days - 1, -1, -1)
    )
    return Searched(since, (memory.through - since).days + 1 - len(missing), missing)


def _milestone(
    rule: str,
    find: Found,
    before: Window,
    window: Window,
    searched: Searched,
    directory: Directory,
) -> Milestone:
    board, day = window.standings.board, window.date
    key = f"{board}.{rule}.{find.subject}.{day}"
    return Milestone(
        key=f"{key}.held" if find.held_by else key,
        rule=rule,
        board=board,
        subject=find.subject,
        began=before.date,
        date=day,
        severity=find.severity,
        facts=find.facts,
        first=find.first,
        searched=searched,
        top=entrants(window, directory),
        total=window.standings.total,
        days_without_other=window.standings.days_without_other,
        as_of=window.standings.as_of,
        held_by=find.held_by,
    )


def entrants(window: Window, directory: Directory) -> tuple[Entrant, ...]:
    """Return the first five of a window with their names."""
    return tuple(
        Entrant(p.model, directory.name(p.model), p.rank, p.tokens, window.openness[p.model])
        for p in window.top(_TOP)
    )


def unseen(found: Iterable[Milestone], known: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Return what was found less what is known already, be it dated up to three days apart."""
    keys = {old.key for old in known if old.withdrawn is not None}
    dates: dict[tuple[str, str, str, bool], list[date]] = defaultdict(list)
    for old in known:
        if old.withdrawn is None:  # what is no longer claimed may come true after all
            dates[_identity(old)].append(old.date)
    return tuple(
        new
        for new in found
        if new.key not in keys
        and not any(abs(new.date - day) <= SAME for day in dates.get(_identity(new), ()))
    )


def _identity(one: Milestone) -> tuple[str, str, str, bool]:
    return one.rule, one.board, one.subject, bool(one.held_by)
