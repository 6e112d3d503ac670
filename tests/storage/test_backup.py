"""A backup holds all of a data folder, and becomes it again: whole or not at all."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import open_folder
from bot.errors import InputError, StoreBusy
from bot.model import BOARD_MODELS, Row
from storage import backup
from storage.backup import MANIFEST, back_up, restore
from tests.contract.nouns import subscription
from tests.made import day

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
NAME = "../outside"
ROWS = (Row("lab/a", 5),)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Return a data folder that holds a day and a subscription."""
    path = tmp_path / "data"
    async with open_folder(path, writable=True) as store:
        await store.put_days(BOARD_MODELS, [day(0, {"lab/a": 5})])
        await store.subscribe(subscription())
    (path / "heartbeat").touch()
    return path


@pytest.fixture
def file(folder: Path, tmp_path: Path) -> Path:
    """Return a backup of it."""
    path = tmp_path / "backup.zip"
    back_up(folder, path, NOW)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but those that tell of a running process."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    named = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {name: content for name, content in named.items() if name not in {"lock", "heartbeat"}}


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Return a backup in which some files are others."""
    with zipfile.ZipFile(file) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    change(found)
    path = file.with_name("other.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return path


async def test_what_was_backed_up_comes_back(folder: Path, file: Path, tmp_path: Path) -> None:
    there = tmp_path / "elsewhere" / "data"
    assert restore(file, there) == len(contents(folder))
    assert contents(there) == contents(folder)
    async with open_folder(there, writable=True) as store:
        assert [each.rows for each in (await store.days(BOARD_MODELS)).values()] == [ROWS]
        assert await store.subscriptions() == (subscription(),)
    assert [path.name for path in there.parent.iterdir()] == ["data"]


def test_a_backup_is_for_its_owner_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read(MANIFEST))
    assert told["made"] == "2026-07-01T12:00:00+00:00"


async def test_a_folder_in_use_is_not_backed_up(folder: Path, tmp_path: Path) -> None:
    async with open_folder(folder, writable=True):
        with pytest.raises(StoreBusy):
            back_up(folder, tmp_path / "new.zip", NOW)
    assert not (tmp_path / "new.zip").exists()


def test_no_file_is_written_over_and_none_into_the_folder(
    folder: Path, file: Path, tmp_path: Path
) -> None:
    before = file.read_bytes()
    with pytest.raises(InputError, match="is there already"):
        back_up(folder, file, NOW)
    assert file.read_bytes() == before
    with pytest.raises(InputError, match="lies in the data folder"):
        back_up(folder, folder / "b.zip", NOW)
    with pytest.raises(InputError, match="no data folder"):
        back_up(tmp_path / "nothing", tmp_path / "n.zip", NOW)
    with pytest.raises(InputError, match="cannot be written"):
        back_up(folder, tmp_path / "no" / "n.zip", NOW)


def test_a_folder_that_holds_something_is_left_alone(folder: Path, file: Path) -> None:
    before = contents(folder)
    with pytest.raises(InputError, match="is not empty"):
        restore(file, folder)
    assert contents(folder) == before


def test_an_empty_folder_is_filled(folder: Path, file: Path, tmp_path: Path) -> None:
    there = tmp_path / "empty"
    there.mkdir()
    restore(file, there)
    assert contents(there) == contents(folder)


def alter(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    """Return a change that puts other content into a file."""
    return lambda found: found.update({name: content})


def outside(found: dict[str, bytes]) -> None:
    """Have a backup write beside its folder."""
    told = json.loads(found[MANIFEST])
    told["sha256"][NAME] = told["sha256"].pop("state.json")
    found[NAME] = found.pop("state.json")
    found[MANIFEST] = json.dumps(told).encode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (alter("state.json", b"{}"), "state.json is not what was backed up"),
        (alter("more", b""), "holds other files"),
        (alter(MANIFEST, b"[]"), "no manifest.json of ours"),
        (alter(MANIFEST, b'{"kind": "x", "format": 1, "sha256": {}}'), "another kind"),
        (lambda found: found.pop("state.json"), "holds other files"),
        (outside, "lies outside"),
    ],
)
def test_what_is_not_whole_restores_nothing(
    file: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], why: str
) -> None:
    there = tmp_path / "new" / "data"
    with pytest.raises(InputError, match=why):
        restore(rewritten(file, change), there)
    assert not there.exists()
    assert not (tmp_path / "outside").exists()
    assert not there.parent.exists() or list(there.parent.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is no backup"):
        restore(path, tmp_path / "data")
    with pytest.raises(InputError, match="no such file"):
        restore(tmp_path / "y.zip", tmp_path / "data")


def test_a_damaged_file_is_refused_or_does_no_harm(
    folder: Path, file: Path, tmp_path: Path
) -> None:
    whole = file.read_bytes()
    for position in range(0, len(whole), max(len(whole) // 60, 1)):
        damaged = tmp_path / "damaged.zip"
        damaged.write_bytes(
            whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :]
        )
        there = tmp_path / f"d{position}"
        try:
            restore(damaged, there)
        except InputError:
            assert not there.exists()
        else:
            assert contents(there) == contents(folder)


def test_a_manifest_that_swells_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "MOST_OF_A_MANIFEST", 1000)
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b" " * 1001)
    with pytest.raises(InputError, match="is larger than any backup"):
        restore(file, tmp_path / "data")
    assert not (tmp_path / "data").exists()
