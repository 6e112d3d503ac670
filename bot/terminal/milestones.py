"""What the command line prints of milestones: lists, the calendar of a backtest, checks."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.backtest import Rates
from bot.model import Milestone, Severity
from bot.states import only_if
from bot.text.alert import Told
from bot.text.words import citation
from bot.verify import Check

_LETTERS = {Severity.HEADLINE: "H", Severity.NOTABLE: "n", Severity.MINOR: "m"}
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def milestone_line(milestone: Milestone) -> str:
    """Return a milestone as one line of JSON."""
    line = {
        "date": milestone.date.isoformat(),
        "began": milestone.began.isoformat(),
        "rule": milestone.rule,
        "board": milestone.board,
        "key": milestone.key,
        "severity": milestone.severity,
        "facts": dict(milestone.facts),
        "first": milestone.first,
        "held_by": list(milestone.held_by) or None,
        "inhibited_by": milestone.inhibited_by,
    }
    return json.dumps(line, ensure_ascii=False)


def show_backtest(console: Console, told: Sequence[Told], rates: Rates) -> None:
    """Print milestones: a calendar, the list, and how often they come."""
    if not told:
        console.print("No milestones in these days.")
        return
    console.print(_calendar([one.milestone for one in told]))
    console.print("H headline, n notable, m minor; held and silenced ones are not counted.\n")
    console.print(_list(told))
    console.print(f"\n{_rates(rates)}", highlight=False)
    console.print(Text(citation(max(one.milestone.as_of for one in told)), "dim"))


def _calendar(milestones: Iterable[Milestone]) -> Table:
    days: dict[date, Counter[Severity]] = defaultdict(Counter)
    for one in milestones:
        days[one.date][one.severity] += one.told
    weeks = sorted({day - timedelta(days=day.weekday()) for day in days})
    table = Table("week of", *_WEEKDAYS, box=None, padding=(0, 2, 0, 0))
    for monday in weeks:
        cells = [_cell(days.get(monday + timedelta(days=n), Counter())) for n in range(7)]
        table.add_row(str(monday), *cells)
    return table


def _cell(counts: Counter[Severity]) -> str:
    found = [f"{_LETTERS[each]}{counts[each]}" for each in Severity if counts[each]]
    return " ".join(found) or "·"


def _list(told: Sequence[Told]) -> Table:
    table = Table("date", "", "rule", "milestone", box=None, padding=(0, 2, 0, 0))
    for column in table.columns[:3]:
        column.no_wrap = True
    for one in told:
        milestone = one.milestone
        style = "bold" if milestone.told else "dim"
        said = Text.assemble((one.headline, style), (_standing(milestone), "dim"))
        letter = _LETTERS[milestone.severity]
        table.add_row(str(milestone.date), letter, milestone.rule, said)
    return table


def _standing(milestone: Milestone) -> str:
    if milestone.held_by:
        return f" – held: {only_if(milestone)}"
    by = milestone.inhibited_by
    return f" – silenced by {by.split('.')[1]}" if by else ""


def _rates(rates: Rates) -> str:
    weeks = rates.windows / rates.windows_a_week
    parts = [
        f"{rates.told.get(each, 0)} {each} ({rates.told.get(each, 0) / weeks:.1f} a week)"
        for each in Severity
        if weeks
    ]
    text = f"In {rates.windows} complete windows: {', '.join(parts)}."
    if rates.lasting:
        text += (
            f" Of {rates.lasting} that tell of a state and whose week after is over, or that ended"
            f" before, {rates.reversed} were not true of every stored window of that week."
        )
    return text


def show_checks(console: Console, milestone: Milestone, checks: Sequence[Check]) -> None:
    """Print a milestone's receipt and what was recomputed."""
    console.print(Text(milestone.key, "bold"))
    receipt = milestone.receipt
    if receipt is not None:
        console.print(
            f"{receipt.rule}, version {receipt.version}, on {receipt.board},"
            f" {receipt.start} to {receipt.end}; registry {receipt.registry}; rows sha256"
            f" {receipt.rows}",
            highlight=False,
            soft_wrap=True,
        )
        for origin in sorted({each.origin or str(each.as_of) for each in receipt.inputs}):
            console.print(Text(f"read from {origin}", "dim"), soft_wrap=True)
    for check in checks:
        mark = Text("holds  ", "green") if check.holds else Text("FAILS  ", "red")
        console.print(Text.assemble(mark, f"{check.what}: {check.found}"), soft_wrap=True)
    console.print(Text(citation(milestone.as_of), "dim"))
