"""The command line."""

import asyncio
import os
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.errors import (
    InputError,
    RankshiftError,
    SettingsError,
    SourceError,
    StoreError,
    TokenRefused,
)
from bot.logs import set_up_logs
from bot.openness import directory
from bot.settings import Settings, read_settings
from bot.text.say import english

EXIT_CODES: tuple[tuple[type[RankshiftError], int], ...] = (
    (SettingsError, 2),
    (InputError, 2),
    (SourceError, 3),
    (StoreError, 4),
    (TokenRefused, 5),
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


@cli.command()
def run() -> None:
    """Run the bot: poll, detect, post, answer commands. Needs DISCORD_TOKEN."""
    settings = read_settings(os.environ)
    if settings.discord_token is None:
        raise SettingsError(
            "DISCORD_TOKEN is not set. It is the bot's token: create an application at"
            " discord.com/developers, add a bot, and copy its token."
        )
    set_up_logs(settings.log_format, settings.log_level)
    from bot import app

    asyncio.run(app.run(settings, settings.discord_token.get_secret_value()))


@cli.command()
def poll() -> None:
    """Poll once now, without Discord, and print what changed."""
    settings = _offline()
    from bot import app, rules, terminal
    from bot.alerts import tell

    result = asyncio.run(app.poll_once(settings))
    found, registry = rules.discover(), directory(app.read_registry(), ())
    told = [tell(one, found, registry, english()) for one in result.milestones]
    terminal.show_poll(Console(), result, told)


@cli.command()
def standings(
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="As of this day."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many models.")] = 10,
    form: Annotated[TextOrJson, typer.Option("--format")] = TextOrJson.TEXT,
) -> None:
    """Print who leads over the seven complete days up to a day."""
    settings = _offline()
    from bot import offline, terminal
    from bot.text.ranking import ranking

    answer, known = asyncio.run(offline.standings_at(settings, _day(day)))
    say = english()
    if form is TextOrJson.JSON:
        typer.echo(terminal.standings_json(answer.standings, top, known))
    else:
        terminal.show_message(Console(), ranking(answer, top, known, say))
    if answer.standings is None:
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
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="When the figures were read; the day after their newest if not given.",
        ),
    ] = None,
) -> None:
    """Take in a file of rankings, a catalogue, or both. Importing again changes nothing."""
    if file is None and catalogue is None:
        raise InputError("import: name a file of rankings, or a --catalogue, or both")
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
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="First day to list."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Last day to look at."),
    ] = None,
    form: Annotated[TextOrLines, typer.Option("--format")] = TextOrLines.TEXT,
) -> None:
    """List the milestones in the stored days.

    They are found exactly as the running bot finds them. A line of jsonl holds date, rule, board,
    key, severity and facts.
    """
    settings = _offline()
    from bot import offline, terminal

    told = asyncio.run(offline.told_backtest(settings, _day(since), _day(until)))
    if form is TextOrLines.JSONL:
        for one in told:
            typer.echo(terminal.milestone_line(one.milestone))
    else:
        terminal.show_milestones(Console(), told)


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
    try:
        cli(prog_name="rankshift")
    except RankshiftError as error:
        typer.echo(f"rankshift: {error}", err=True)
        sys.exit(next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1))


if __name__ == "__main__":
    main()
