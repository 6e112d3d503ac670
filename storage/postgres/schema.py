"""The version of the database's tables: looked at at every start, changed by `migrate` alone."""

from pathlib import Path

from bot.errors import SchemaMismatch, StoreBusy, StoreError
from storage.postgres.connections import Connection, Connections

VERSION = "0002"
"""The newest migration that there is."""

_LOCK = "SELECT pg_advisory_xact_lock(7268, 0)"
_NOBODY_IN_OFFICE = """
    SELECT pg_try_advisory_xact_lock(7268, 10) AND pg_try_advisory_xact_lock(7268, 11)"""
_MIGRATE = "run `rankshift migrate` (while no bot is running)"


async def check_schema(connections: Connections) -> None:
    """Raise SchemaMismatch unless the tables are as this version of ours needs them."""
    async with connections.reading() as connection:
        found = await _stored(connection)
    if found is None:
        raise SchemaMismatch(f"the database has no tables of Rankshift yet: {_MIGRATE}")
    if found < VERSION:
        raise SchemaMismatch(f"the database's tables are older (version {found}): {_MIGRATE}")
    if found > VERSION:
        raise SchemaMismatch(
            f"the database's tables are newer (version {found}) than this Rankshift, which knows"
            f" {VERSION}: install the newer Rankshift again"
        )


async def _stored(connection: Connection) -> str | None:
    there = await connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL")
    row = await there.fetchone()
    if row is None or not row[0]:
        return None
    row = await (await connection.execute("SELECT version_num FROM alembic_version")).fetchone()
    return None if row is None else str(row[0])


def migrate(url: str) -> tuple[str | None, str]:
    """Bring a database's tables to the newest version; return the one before, and the one now.

    One at a time, all of it or nothing; there is no way back. Raises StoreError, StoreBusy while a
    bot runs, SchemaMismatch when the tables are newer than we know.
    """
    # Half a second of imports, which nothing else than this needs.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from sqlalchemy import create_engine, text  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text(_LOCK))
            if not connection.execute(text(_NOBODY_IN_OFFICE)).scalar():
                raise StoreBusy("a bot is running on this database: stop it first")
            before = MigrationContext.configure(connection).get_current_revision()
            if before is not None and before > VERSION:
                raise SchemaMismatch(f"the database's tables are newer (version {before})")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise StoreError(f"PostgreSQL: {' '.join(str(error).split())}") from error
    return before, VERSION
