"""The tables' version is looked at, and changed by `migrate` alone."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.errors import SchemaMismatch, StoreError
from storage.postgres import migrations
from storage.postgres.schema import VERSION, migrate
from storage.postgres_store import PostgresStore
from tests.postgres import Server


def _set(url: str, version: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", (version,))


async def _refused(url: str) -> str:
    with pytest.raises(SchemaMismatch) as error:
        await PostgresStore.open(url, writable=False)
    return str(error.value)


def test_the_version_that_is_asked_for_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    assert ScriptDirectory.from_config(config).get_heads() == [VERSION]


async def test_a_database_without_tables_names_what_makes_them(server: Server) -> None:
    url = server.make("bare")
    assert "has no tables of Rankshift yet: run `rankshift migrate`" in await _refused(url)
    assert migrate(url) == (None, VERSION)
    assert migrate(url) == (VERSION, VERSION)
    await (await PostgresStore.open(url, writable=True)).close()


async def test_tables_of_another_version_are_left_as_they_are(server: Server) -> None:
    url = server.make("another")
    migrate(url)
    _set(url, "0000")
    assert "older (version 0000): run `rankshift migrate`" in await _refused(url)
    _set(url, "9999")
    assert "newer (version 9999) than this Rankshift" in await _refused(url)
    with pytest.raises(SchemaMismatch, match="newer"):
        migrate(url)


def test_two_that_migrate_at_once_make_the_tables_once(server: Server) -> None:
    url = server.make("twice")
    with ThreadPoolExecutor(2) as both:
        done = list(both.map(migrate, [url, url]))
    assert sorted(done, key=str) == [(VERSION, VERSION), (None, VERSION)]


async def test_a_server_that_is_not_there_is_named(server: Server) -> None:
    for open_it in (
        lambda: PostgresStore.open("postgresql://nobody@127.0.0.1:9/x", writable=False),
        lambda: PostgresStore.open(server.url("nowhere"), writable=False),
    ):
        with pytest.raises(StoreError, match=r"refused|does not exist"):
            await open_it()
    with pytest.raises(StoreError, match="does not exist"):
        migrate(server.url("nowhere"))
