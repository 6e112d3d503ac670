"""What the command line answers from the data folder alone."""

import asyncio
import os
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.logs import set_up_logs
from bot.pictures import ThemeName
from bot.settings import Settings, read_settings
from bot.text.say import english

cli = typer.Typer()


class TextOrJson(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"


class TextOrLines(StrEnum):
    """How a list is printed."""

    TEXT = "text"
    JSONL = "jsonl"


def day_option(said: str, *names: str) -> Any:
    """Return an option that is a day."""
    return typer.Option(*names, formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=said)


@cli.command()
def standings(
    day: Annotated[
        datetime | None,
        day_option("As of this day.", "--date"),
    ] = None,
    known_on: Annotated[
        datetime | None,
        day_option("With the figures as they stood at the end of this day."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many models.")] = 10,
    board: Annotated[str, typer.Option(help="The board to look at.")] = "models",
    form: Annotated[TextOrJson, typer.Option("--format")] = TextOrJson.TEXT,
) -> None:
    """Print who leads over the seven complete days up to a day.

    The board `apps` has the apps with the most tokens now; it needs OPENROUTER_API_KEY.
    """
    settings = offline_settings()
    from bot import offline, online, terminal
    from bot.text.ranking import ranking

    if board == "apps":
        terminal.show_apps(Console(), *asyncio.run(online.read_apps(settings)), top)
        return
    page, known = asyncio.run(
        offline.standings_at(settings, board, top, as_day(day), as_day(known_on))
    )
    found = page.answer.standings
    if form is TextOrJson.JSON:
        typer.echo(terminal.standings_json(found, top, known))
    else:
        terminal.show_message(Console(), ranking(page, known, english()))
    if found is None:
        raise typer.Exit(1)


@cli.command()
def backtest(
    since: Annotated[
        datetime | None,
        day_option("First day to list."),
    ] = None,
    until: Annotated[
        datetime | None,
        day_option("Last day to look at."),
    ] = None,
    rule: Annotated[
        list[str] | None, typer.Option(help="Only this rule; may be given several times.")
    ] = None,
    board: Annotated[str, typer.Option(help="The board to look at.")] = "models",
    form: Annotated[TextOrLines, typer.Option("--format")] = TextOrLines.TEXT,
) -> None:
    """List the milestones in the stored days, with a calendar and how often they come.

    They are found exactly as the running bot finds them; those that it would hold back or silence
    say so. A line of jsonl holds date, rule, board, key, severity, facts, held_by and inhibited_by.
    """
    settings = offline_settings()
    from bot import offline
    from bot.terminal import milestones

    span = (as_day(since), as_day(until))
    found = asyncio.run(offline.told_backtest(settings, board, rule or (), span))
    if form is TextOrLines.JSONL:
        for one in found.told:
            typer.echo(milestones.milestone_line(one.milestone))
    else:
        milestones.show_backtest(Console(), found.told, found.rates)


@cli.command()
def verify(
    key: Annotated[str, typer.Argument(help="A milestone's key: the last line of its alert.")],
) -> None:
    """Recompute a milestone from the stored rows; say whether it holds, by its receipt."""
    settings = offline_settings()
    from bot import offline
    from bot.terminal import milestones

    milestone, checks = asyncio.run(offline.verify_key(settings, key))
    milestones.show_checks(Console(), milestone, checks)
    if not all(check.holds for check in checks):
        raise typer.Exit(1)


@cli.command()
def status(form: Annotated[TextOrJson, typer.Option("--format")] = TextOrJson.TEXT) -> None:
    """Say how things stand: newest day, what is missing or waiting, what is out of the ordinary.

    Reads the data folder alone, also while the bot runs; what it lists, the last poll found.
    """
    settings = offline_settings()
    from bot import offline
    from bot.terminal.status import show_status, status_json

    found = asyncio.run(offline.status(settings))
    if form is TextOrJson.JSON:
        typer.echo(status_json(found))
    else:
        show_status(Console(), found)


@cli.command()
def openness(
    models: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="Slugs as the source has them.")
    ] = None,
    form: Annotated[TextOrLines, typer.Option("--format")] = TextOrLines.TEXT,
) -> None:
    """Say which models are open today, on what evidence.

    Without a MODEL every known and every ranked one is listed.
    """
    settings = offline_settings()
    from bot import offline, terminal

    found = asyncio.run(offline.verdicts(settings, models or ()))
    if form is TextOrLines.JSONL:
        for model, verdict in found:
            typer.echo(terminal.verdict_line(model, verdict))
    else:
        terminal.show_verdicts(Console(), found, english())


@cli.command()
def charts() -> None:
    """List the charts there are, and what each shows."""
    from bot.charted import CHARTS

    for name, offered in CHARTS.items():
        typer.echo(f"{name:<12}{offered.shows}")


@cli.command()
def chart(  # noqa: PLR0913, PLR0917 — the options of the command
    name: Annotated[str, typer.Argument(help="One of those that `rankshift charts` lists.")],
    model: Annotated[
        list[str] | None, typer.Option(help="A model; may be given several times.")
    ] = None,
    author: Annotated[str | None, typer.Option(help="The author it is about.")] = None,
    rule: Annotated[str | None, typer.Option(help="The rule whose days are shown.")] = None,
    key: Annotated[str | None, typer.Option(help="The key of the milestone it is of.")] = None,
    board: Annotated[str, typer.Option(help="The board to look at.")] = "models",
    until: Annotated[datetime | None, day_option("The last day that is shown.")] = None,
    theme: Annotated[ThemeName, typer.Option(help="Its colours.")] = ThemeName.DARK,
    language: Annotated[str, typer.Option(help="Its words: en or tr.")] = "en",
    to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("rankshift-charts"),
) -> None:
    """Write a chart of the stored days as a press pack: PNG, SVG, rows as CSV, words as text."""
    settings = offline_settings()
    from bot import charted

    asked = charted.Asked(
        chart=name,
        board=board,
        until=as_day(until) or date.max,
        models=tuple(model or ()),
        author=author,
        rule=rule,
        key=key,
    )
    for path in asyncio.run(charted.write_chart(settings, asked, language, theme, to)):
        typer.echo(str(path))


@cli.command()
def doctor(form: Annotated[TextOrJson, typer.Option("--format")] = TextOrJson.TEXT) -> None:
    """Look at all that the bot needs, and say what to do about what is not well.

    Token, gateway, permissions, source, key, data folder, disk, clock, pictures, ports. Works also
    while the bot runs. Exit code 1 if something is wrong.
    """
    settings = read_settings(os.environ)
    # The log would tell the same a second time.
    redact = set_up_logs(settings.log_format, "critical", settings.secrets)
    from bot.checkup import check_up
    from bot.doctor import healthy
    from bot.terminal.doctor import findings_json, show_findings

    found = asyncio.run(check_up(settings))
    if form is TextOrJson.JSON:
        typer.echo(findings_json(found, redact))
    else:
        show_findings(Console(), found, redact)
    if not healthy(found):
        raise typer.Exit(1)


def offline_settings() -> Settings:
    """Read the settings and set up the logs. Raises SettingsError."""
    settings = read_settings(os.environ)
    set_up_logs(settings.log_format, settings.log_level, settings.secrets)
    return settings


def as_day(moment: datetime | None) -> date | None:
    """Return the day that an option was given as, if it was."""
    return moment.date() if moment else None
