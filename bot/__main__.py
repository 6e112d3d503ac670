"""The command line."""

import asyncio
import importlib.metadata
import os
import sys
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import errors, inspecting
from bot.errors import RankshiftError, SettingsError
from bot.inspecting import as_day, day_option, offline_settings
from bot.logs import set_up_logs
from bot.settings import NO_DRIVER, Settings, read_settings
from bot.shards import parse_shards

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


def _show_version(wanted: bool) -> None:  # noqa: FBT001 — the signature is typer's
    if wanted:
        typer.echo(f"rankshift {importlib.metadata.version('rankshift')}")
        raise typer.Exit


@cli.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Say which version this is."
        ),
    ] = False,
) -> None:
    """Take what stands before the command."""


@cli.command()
def run(
    shards: Annotated[
        str | None,
        typer.Option(help="The gateway's shards that this process runs, such as 0-3; with --of."),
    ] = None,
    of: Annotated[
        int | None, typer.Option(help="How many shards there are over all processes.", min=1)
    ] = None,
) -> None:
    """Run the bot: poll, detect, post, answer commands. Needs DISCORD_TOKEN.

    Without options one process runs all shards; for several RANKSHIFT_DATABASE_URL must be set.
    """
    settings = read_settings(os.environ)
    here = parse_shards(shards, of)
    if here is not None and not here.all and settings.database_url is None:
        raise SettingsError(
            "RANKSHIFT_DATABASE_URL is not set: a data folder serves one process, which runs all"
            " shards."
        )
    if settings.discord_token is None:
        raise SettingsError(
            "DISCORD_TOKEN is not set: create an application at discord.com/developers, add a"
            " bot, and copy its token."
        )
    redact = set_up_logs(settings.log_format, settings.log_level, settings.secrets)
    from bot import service
    from bot.telling import told_to

    dsn = settings.sentry_dsn
    with told_to(dsn.get_secret_value() if dsn else None, redact):
        asyncio.run(service.run(settings, settings.discord_token.get_secret_value(), here))


@cli.command()
def poll() -> None:
    """Poll once now, without Discord, and print what changed."""
    settings = offline_settings()
    from bot import online, terminal

    result, told = asyncio.run(online.poll_once(settings))
    terminal.show_poll(Console(), result, told)


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
        day_option("When the figures were read; the day after their newest if not given."),
    ] = None,
) -> None:
    """Take in a file of rankings, a catalogue, or both. Importing again changes nothing."""
    if file is None and catalogue is None:
        raise errors.InputError("import: name a file of rankings, or a --catalogue, or both")
    settings = offline_settings()
    from bot import offline

    done = asyncio.run(offline.import_files(settings, file, catalogue, as_day(as_of)))
    if file is not None:
        added, changed = len(done.changes.added), len(done.changes.restated)
        typer.echo(f"{file.name}: {done.days} days, {added} new, {changed} changed.")
    if catalogue is not None:
        typer.echo(f"{catalogue.name}: {done.models} models.")


@cli.command()
def backfill(
    board: Annotated[
        list[str] | None, typer.Option(help="Only this board; may be given several times.")
    ] = None,
) -> None:
    """Read what is not stored since 2025-01-01. Needs OPENROUTER_API_KEY; announces nothing.

    In the fewest calls; stopped and run again, it goes on where it was.
    """
    settings = offline_settings()
    from bot import online
    from bot.terminal import backfills

    with backfills.bar() as show:
        done = asyncio.run(online.backfill_boards(settings, board or (), show))
    backfills.show_backfill(Console(), done)


@cli.command()
def migrate() -> None:
    """Make the tables of the database, or bring them to this version; not while a bot runs."""
    settings = offline_settings()
    try:
        from bot import moving
    except ImportError as error:
        raise SettingsError(NO_DRIVER) from error
    before, now = moving.make_tables(settings)
    typer.echo(f"Tables of version {now}{' already' if before == now else ''}.")


@cli.command("migrate-store")
def migrate_store(
    source: Annotated[str, typer.Option("--from", help="A data folder, as tinydb:PATH.")],
    target: Annotated[
        str,
        typer.Option("--to", help="An empty database after `migrate`, as postgresql://…"),
    ] = "",
) -> None:
    """Move a data folder into a database, all of it or nothing, and compare each row.

    Without --to it goes to RANKSHIFT_DATABASE_URL. The folder stays as it is. No bot may be using
    either. Done again, nothing is written, and all is compared again.
    """
    settings = offline_settings()
    try:
        from bot import moving
        from bot.terminal.moving import bar, show_moved
    except ImportError as error:
        raise SettingsError(NO_DRIVER) from error

    with bar() as show:
        moved = asyncio.run(moving.move_store(settings, source, target, show))
    show_moved(Console(), moved)


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, such as rankshift.zip.")],
) -> None:
    """Write the data folder to one file. The bot must not be running meanwhile."""
    settings = offline_settings()
    _folder_alone(settings)
    from bot.app import utc_now
    from storage.backup import back_up

    count = back_up(settings.data_dir, file, utc_now())
    typer.echo(f"{file}: {count} files of {settings.data_dir}.")


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `rankshift backup` wrote.")],
) -> None:
    """Make the data folder of a backup. The folder must be empty, or not there."""
    settings = offline_settings()
    _folder_alone(settings)
    from storage.backup import restore

    count = restore(file, settings.data_dir)
    typer.echo(f"{settings.data_dir}: {count} files of {file}.")


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


cli.add_typer(inspecting.cli)


def _folder_alone(settings: Settings) -> None:
    """Raise InputError where a database is used: what keeps it safe comes with its server."""
    if settings.database_url is not None:
        raise errors.InputError(
            "RANKSHIFT_DATABASE_URL is set: back up that database with `pg_dump`, and restore it"
            " with `pg_restore`"
        )


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
