"""What the command line prints of how things stand."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.answers.health import Status
from bot.standings import ONE_DAY, WEEK
from bot.states import State
from bot.text.words import citation


def status_json(status: Status) -> str:
    """Return it as one JSON object; days and moments (UTC) as ISO 8601."""
    citations = {"citation": citation(status.as_of)} if status.as_of else {}
    return json.dumps(asdict(status) | citations, ensure_ascii=False, indent=2, default=_iso)


def _iso(when: date) -> str:
    return when.isoformat()


def show_status(console: Console, status: Status) -> None:
    """Print it for people."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_row("newest day", _newest(status))
    table.add_row("newest window", _window(status.window))
    missing = ", ".join(_span(*span) for span in spans(status.missing))
    table.add_row("missing in 30 days", f"{len(status.missing)}: {missing}" if missing else "none")
    table.add_row("subscriptions", str(status.subscriptions))
    table.add_row("alerts waiting", str(status.waiting))
    console.print(table, highlight=False)
    console.print()
    console.print(_states(status.states))
    if status.as_of:
        console.print(Text(citation(status.as_of), "dim"))


def _newest(status: Status) -> str:
    if status.newest is None or status.as_of is None:
        return "none is stored"
    return f"{status.newest}, read on {_moment(status.as_of)} UTC"


def _window(last: date | None) -> str:
    if last is None:
        return "none is complete"
    return _span(last - timedelta(days=WEEK - 1), last)


def _span(first: date, last: date) -> str:
    return str(first) if first == last else f"{first} to {last}"


def spans(days: Iterable[date]) -> Sequence[tuple[date, date]]:
    """Return the first and last day of each run of consecutive ones; `days` are ascending."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][1] + ONE_DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _states(states: Sequence[State]) -> Table | str:
    if not states:
        return "Nothing is out of the ordinary."
    table = Table("since (UTC)", "what", "board", "about", "", box=None, padding=(0, 2, 0, 0))
    for state in sorted(states, key=lambda each: each.since):
        detail = Text(state.detail, "dim")
        table.add_row(
            _moment(state.since), Text(state.kind, "bold"), state.board, Text(state.subject), detail
        )
    for column in table.columns[:3]:
        column.no_wrap = True
    return table


def _moment(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"
