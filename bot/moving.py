"""What `migrate` and `migrate-store` do: tables made, and a data folder moved into them."""

from pathlib import Path

from pydantic import SecretStr

from bot.addresses import database_address
from bot.app import utc_now
from bot.errors import InputError, SettingsError
from bot.settings import Settings
from storage import moving
from storage.moving import Moved, Show
from storage.postgres import schema
from storage.tinydb_store import TinyDBStore


def make_tables(settings: Settings) -> tuple[str | None, str]:
    """Bring the database's tables to our version; return the one before, and the one now.

    Raises SettingsError where no database is set, StoreError, SchemaMismatch.
    """
    if settings.database_url is None:
        raise SettingsError("RANKSHIFT_DATABASE_URL is not set: a data folder needs no migration.")
    return schema.migrate(settings.database_url.get_secret_value())


async def move_store(settings: Settings, source: str, target: str, show: Show) -> Moved:
    """Move a data folder, as `tinydb:PATH`, into a database, and compare all.

    An empty `target` is the database that is set. Raises InputError for what is no such folder or
    address, StoreError.
    """
    folder = _folder(source)
    try:
        url = database_address(SecretStr(target) if target else settings.database_url)
    except ValueError as error:
        raise InputError(f"--to: {error}") from error
    if url is None:
        raise InputError("--to: name a database, or set RANKSHIFT_DATABASE_URL")
    store = TinyDBStore(folder, writable=True)
    try:
        return await moving.move(store, url.get_secret_value(), utc_now(), show)
    finally:
        await store.close()


def _folder(source: str) -> Path:
    kind, _, path = source.partition(":")
    if kind != "tinydb" or not Path(path).is_dir():
        raise InputError(f"--from {source}: must be tinydb:PATH, a data folder that is there")
    return Path(path)
