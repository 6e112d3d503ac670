"""Run the rules forward over complete windows, with memory (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from bot.model import Day, Entrant, First, Memory, Milestone, RuleMemory, Standings, Window
from bot.openness import Directory
from bot.rules import Found, Rule
from bot.standings import WEEK, all_standings, standings

SAME = timedelta(days=3)
"""Within this time the same rule, board and subject is the same milestone.

Losing and regaining what a rule tells takes two confirmed windows each, so four days at least.
"""

_TOP = 5


def usable(memory: Memory | None, rules: Mapping[str, Rule]) -> Memory | None:
    """Return the memory, or None (start again at the baseline) where it is of other rules."""
    return memory if memory is not None and set(memory.rules) == set(rules) else None


def oldest_needed(memory: Memory | None) -> date | None:
    """Return the oldest day that going on from `memory` needs; None for every day there is."""
    return None if memory is None else memory.through - timedelta(days=WEEK)


def judged(ranking: Standings, directory: Directory) -> Window:
    """Return the standings with a verdict on each of their models as of their last day."""
    verdicts = {p.model: directory.at(p.model, ranking.date).openness for p in ranking.places}
    return Window(ranking, verdicts)


def detect(
    board: str,
    days: Mapping[date, Day],
    directory: Directory,
    rules: Mapping[str, Rule],
    memory: Memory | None = None,
) -> tuple[Memory | None, tuple[Milestone, ...]]:
    """Judge every complete window after `memory` and return the new memory with what was found.

    `days` hold at least those from `oldest_needed` on; milestones come oldest first, those of one
    day in the order of `rules`. Without a memory detection starts at the first complete window:
    the baseline, which announces nothing.
    """
    found: list[Milestone] = []
    last = standings(board, days, memory.through) if memory else None
    before = judged(last, directory) if last else None
    for ranking in all_standings(board, days, memory.through if memory else None):
        window = judged(ranking, directory)
        if memory is None:
            memory = _baseline(window, rules)
        else:
            consecutive = before is not None and before.date + timedelta(days=1) == window.date
            memory, milestones = _judge(
                memory, before if consecutive else None, window, directory, rules
            )
            found += milestones
        before = window
    return memory, tuple(found)


def _baseline(window: Window, rules: Mapping[str, Rule]) -> Memory:
    memories = {name: rule.baseline(window) for name, rule in rules.items()}
    return Memory(window.date, window.date, 1, memories)


def _judge(
    memory: Memory,
    before: Window | None,
    window: Window,
    directory: Directory,
    rules: Mapping[str, Rule],
) -> tuple[Memory, list[Milestone]]:
    memories: dict[str, RuleMemory] = {}
    milestones: list[Milestone] = []
    watched = First(memory.baseline, memory.windows + 1)
    for name, rule in rules.items():
        memories[name], finds = rule.step(memory.rules[name], before, window)
        if before is not None:
            milestones += [
                _milestone(rule, find, before.date, window, watched, directory) for find in finds
            ]
    return Memory(memory.baseline, window.date, watched.windows, memories), milestones


def _milestone(
    rule: Rule, find: Found, began: date, window: Window, watched: First, directory: Directory
) -> Milestone:
    board, day = window.standings.board, window.date
    return Milestone(
        key=f"{board}.{rule.name}.{find.subject}.{day}",
        rule=rule.name,
        board=board,
        subject=find.subject,
        began=began,
        date=day,
        severity=rule.severity,
        facts=find.facts,
        first=watched if find.first else None,
        top=tuple(
            Entrant(p.model, directory.name(p.model), p.rank, p.tokens, window.openness[p.model])
            for p in window.top(_TOP)
        ),
        total=window.standings.total,
        days_without_other=window.standings.days_without_other,
        as_of=window.standings.as_of,
    )


def unseen(found: Iterable[Milestone], known: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """Return what was found less what is known already, be it dated up to three days apart."""
    return tuple(new for new in found if not any(_same(new, old) for old in known))


def _same(one: Milestone, other: Milestone) -> bool:
    return (one.rule, one.board, one.subject) == (other.rule, other.board, other.subject) and abs(
        one.date - other.date
    ) <= SAME
