"""What the command line prints."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.knowledge import Verdict
from bot.message import Message, Ranked
from bot.model import Openness, Standings
from bot.openness import Directory
from bot.pipeline import Poll
from bot.sources.data_api import App
from bot.text.alert import Told
from bot.text.say import Say, english
from bot.text.words import citation, openness_word

_STYLES = {Openness.OPEN: "cyan", Openness.CLOSED: "yellow", Openness.UNKNOWN: "magenta"}


def message_panel(message: Message, where: str) -> Panel:
    """Return a message as a server would have received it."""
    parts: list[RenderableType] = [Text(line) for line in message.lead]
    if message.ranking:
        parts += [Text(f"\n{message.caption}", "bold"), ranking_table(message.ranking)]
    parts += [Text(note) for note in message.notes]
    parts += [Text(line, "dim") for line in (f"\n{message.citation}", message.key or "") if line]
    title = Text(message.title, "bold")
    return Panel(Group(*parts), title=title, title_align="left", subtitle=where, padding=(1, 2))


def ranking_table(ranking: Sequence[Ranked]) -> Table:
    """Return a ranking as a table without lines."""
    table = Table(box=None, show_header=False, padding=(0, 1))
    for column in ("rank", "share", "tokens"):
        table.add_column(column, justify="right")
        if column == "rank":
            table.add_column("model")
            table.add_column("openness")
    table.add_column("change")
    for line in ranking:
        word = f"{line.openness.mark} {line.word}"
        table.add_row(
            str(line.rank),
            Text(line.name, "bold"),
            Text(word, _STYLES[line.openness]),
            line.share,
            line.tokens,
            Text(line.change, "dim"),
        )
    return table


def show_message(console: Console, message: Message) -> None:
    """Print a message without a frame."""
    console.print(Text(message.title, "bold"))
    for line in (*message.lead, message.caption):
        if line:
            console.print(Text(line))
    if message.ranking:
        console.print(ranking_table(message.ranking))
    for line in (*message.notes, message.citation):
        if line:
            console.print(Text(line, "dim"))


def standings_json(found: Standings | None, top: int, directory: Directory) -> str:
    """Return standings as one JSON object; tokens are integers, shares parts of one."""
    if found is None:
        return json.dumps(None)
    places = [
        {
            "rank": place.rank,
            "model": place.model,
            "name": directory.name(place.model),
            "openness": directory.at(place.model, found.date).openness,
            "tokens": place.tokens,
            "share": round(place.tokens / found.total, 6) if found.total else 0,
            "rank_before": place.rank_before,
            "tokens_before": place.tokens_before,
        }
        for place in found.places[:top]
    ]
    return json.dumps(
        {
            "board": found.board,
            "date": found.date.isoformat(),
            "days": found.days,
            "total_tokens": found.total,
            "days_without_other": found.days_without_other,
            "places": places,
            "citation": citation(found.as_of),
        },
        ensure_ascii=False,
        indent=2,
    )


def verdict_line(model: str, verdict: Verdict) -> str:
    """Return a verdict as one line of JSON."""
    line = {
        "model": model,
        "openness": verdict.openness,
        "since": verdict.since.isoformat() if verdict.since else None,
        "evidence": verdict.evidence,
    }
    return json.dumps(line, ensure_ascii=False)


def show_verdicts(console: Console, verdicts: Iterable[tuple[str, Verdict]], say: Say) -> None:
    """Print verdicts as a table."""
    table = Table("model", "openness", "since", "evidence", box=None, padding=(0, 2, 0, 0))
    for model, verdict in verdicts:
        word = f"{verdict.openness.mark} {openness_word(verdict.openness, say)}"
        since = str(verdict.since) if verdict.since else "–"
        table.add_row(
            Text(model), Text(word, _STYLES[verdict.openness]), since, Text(verdict.evidence)
        )
    console.print(table)


def show_poll(console: Console, poll: Poll, told: Sequence[Told]) -> None:
    """Print what a poll changed."""
    if poll.snapshot is None:
        console.print("The source has nothing newer than what is stored.")
    else:
        added, restated = len(poll.changes.added), len(poll.changes.restated)
        days = len(poll.snapshot.days)
        console.print(f"{poll.snapshot.name}: {days} days, {added} new, {restated} changed.")
    for one in told:
        console.print(Text.assemble((f"{one.milestone.date}  "), (one.headline, "bold")))
    if not told:
        console.print("No new milestone.")
    if poll.deliveries:
        console.print(f"{len(poll.deliveries)} alerts wait for `rankshift run` to send them.")


def show_apps(console: Console, apps: Sequence[App], as_of: datetime, top: int) -> None:
    """Print the first apps by tokens, over the source's trailing thirty days."""
    table = Table("", "app", "tokens", box=None, padding=(0, 2, 0, 0))
    for app in apps[:top]:
        table.add_row(str(app.rank), Text(app.name, "bold"), english().tokens(app.tokens))
    console.print(table)
    console.print(f"Source: OpenRouter (openrouter.ai/apps), as of {as_of:%Y-%m-%d}.")
