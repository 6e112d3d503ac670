"""The command line."""

import asyncio
import os
import sys
from datetime import date, datetime
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot import errors
from bot.errors import RankshiftError, SettingsError
from bot.logs import set_up_logs
from bot.settings import Settings, read_settings
from bot.text.say import english

EXIT_CODES: tuple[tuple[type[RankshiftError], int], ...] = (
    (SettingsError, 2),
    (errors.InputError, 2),
    (errors.SourceError, 3),
    (errors.StoreError, 4),
    (errors.TokenRefused, 5),
)
"""What each kind of error ends with; 1 is anything else."""
cli = typer.Typer(
    name="rankshift",
    help=(
        "Watch OpenRouter's model-usage rankings and post the milestones worth telling."
        " Start with `rankshift demo`: it needs no token, no key and no network."
    ),
    epilog=(
        "Settings are environment variables: DISCORD_TOKEN, RANKSHIFT_DATA_DIR,"
        " RANKSHIFT_POLL_MINUTES and others, see docs/operating.md."
        " Exit codes: 0 done, 1 failed, 2 wrong option, file or setting, 3 the source gave nothing"
        " usable, 4 trouble with the data folder, 5 Discord refused the token."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class TextOrJson(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"


class TextOrLines(StrEnum):
    """How a list is printed."""

    TEXT = "text"
    JSONL = "jsonl"


def _day_option(said: str, *names: str) -> Any:
    return typer.Option(*names, formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=said)


@cli.command()
def run() -> None:
    """Run the bot: poll, detect, post, answer commands. Needs DISCORD_TOKEN."""
    settings = read_settings(os.environ)
    if settings.discord_token is None:
        raise SettingsError(
            "DISCORD_TOKEN is not set: create an application at discord.com/developers, add a"
            " bot, and copy its token."
        )
    set_up_logs(settings.log_format, settings.log_level)
    from bot import service

    asyncio.run(service.run(settings, settings.discord_token.get_secret_value()))


@cli.command()
def poll() -> None:
    """Poll once now, without Discord, and print what changed."""
    settings = _offline()
    from bot import online, terminal

    result, told = asyncio.run(online.poll_once(settings))
    terminal.show_poll(Console(), result, told)


@cli.command()
def standings(
    day: Annotated[
        datetime | None,
        _day_option("As of this day.", "--date"),
    ] = None,
    known_on: Annotated[
        datetime | None,
        _day_option("With the figures as they stood at the end of this day."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many models.")] = 10,
    board: Annotated[str, typer.Option(help="The board to look at.")] = "models",
    form: Annotated[TextOrJson, typer.Option("--format")] = TextOrJson.TEXT,
) -> None:
    """Print who leads over the seven complete days up to a day.

    The board `apps` has the apps with the most tokens now; it needs OPENROUTER_API_KEY.
    """
    settings = _offline()
    from bot import offline, online, terminal
    from bot.text.ranking import ranking

    if board == "apps":
        terminal.show_apps(Console(), *asyncio.run(online.read_apps(settings)), top)
        return
    page, known = asyncio.run(offline.standings_at(settings, board, top, _day(day), _day(known_on)))
    found = page.answer.standings
    if form is TextOrJson.JSON:
        typer.echo(terminal.standings_json(found, top, known))
    else:
        terminal.show_message(Console(), ranking(page, known, english()))
    if found is None:
        raise typer.Exit(1)


@cli.command("import")
def import_(
    file: Annotated[
        Path | None,
        typer.Argument(help="Rankings as CSV: an export, or date,model_permaslug,total_tokens."),
    ] = None,
    catalogue: Annotated[
        Path | None, typer.Option(help="A saved answer of the source's /models.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        _day_option("When the figures were read; the day after their newest if not given."),
    ] = None,
) -> None:
    """Take in a file of rankings, a catalogue, or both. Importing again changes nothing."""
    if file is None and catalogue is None:
        raise errors.InputError("import: name a file of rankings, or a --catalogue, or both")
    settings = _offline()
    from bot import offline

    done = asyncio.run(offline.import_files(settings, file, catalogue, _day(as_of)))
    if file is not None:
        added, changed = len(done.changes.added), len(done.changes.restated)
        typer.echo(f"{file.name}: {done.days} days, {added} new, {changed} changed.")
    if catalogue is not None:
        typer.echo(f"{catalogue.name}: {done.models} models.")


@cli.command()
def backtest(
    since: Annotated[
        datetime | None,
        _day_option("First day to list."),
    ] = None,
    until: Annotated[
        datetime | None,
        _day_option("Last day to look at."),
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
    settings = _offline()
    from bot import offline
    from bot.terminal import milestones

    span = (_day(since), _day(until))
    found = asyncio.run(offline.told_backtest(settings, board, rule or (), span))
    if form is TextOrLines.JSONL:
        for one in found.told:
            typer.echo(milestones.milestone_line(one.milestone))
    else:
        milestones.show_backtest(Console(), found.told, found.rates)


@cli.command()
def backfill(
    board: Annotated[
        list[str] | None, typer.Option(help="Only this board; may be given several times.")
    ] = None,
) -> None:
    """Read what is not stored since 2025-01-01. Needs OPENROUTER_API_KEY; announces nothing.

    In the fewest calls; stopped and run again, it goes on where it was.
    """
    settings = _offline()
    from bot import online
    from bot.terminal import backfills

    with backfills.bar() as show:
        done = asyncio.run(online.backfill_boards(settings, board or (), show))
    backfills.show_backfill(Console(), done)


@cli.command()
def verify(
    key: Annotated[str, typer.Argument(help="A milestone's key: the last line of its alert.")],
) -> None:
    """Recompute a milestone from the stored rows; say whether it holds, by its receipt."""
    settings = _offline()
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
    settings = _offline()
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
    settings = _offline()
    from bot import offline, terminal

    found = asyncio.run(offline.verdicts(settings, models or ()))
    if form is TextOrLines.JSONL:
        for model, verdict in found:
            typer.echo(terminal.verdict_line(model, verdict))
    else:
        terminal.show_verdicts(Console(), found, english())


@cli.command()
def demo(
    language: Annotated[str, typer.Option(help="The alerts' language: en or tr.")] = "en",
) -> None:
    """Show the alerts of seven real weeks.

    Replays them through the real pipeline; writes pictures and a page to ./rankshift-demo.
    """
    set_up_logs("console", "error")
    from bot import app

    asyncio.run(app.demo(Path("rankshift-demo"), Console(), language))


def _offline() -> Settings:
    settings = read_settings(os.environ)
    set_up_logs(settings.log_format, settings.log_level)
    return settings


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def main() -> None:
    """Run the command line; an error that we know ends with one line and its exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a narrow encoding must not end it halfway
    try:
        cli(prog_name="rankshift")
    except RankshiftError as error:
        typer.echo(f"rankshift: {error}", err=True)
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1))


if __name__ == "__main__":
    main()
