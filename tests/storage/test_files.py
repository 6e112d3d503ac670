"""Files of tables: replaced whole or not at all, and never believed when damaged."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreDamaged, StoreError
from storage._files import ReplacedFile, replace_file, set_aside
from tests.storage.faults import fail_at, in_format

DOCUMENT = {"name": "模型 🦊", "count": 2**70, "nested": [{"none": None}]}


class Files:
    """A file of tables in a folder, opened anew for each question."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "state.json"
        self.backup = folder / "state.json.bak"
        self.told: list[str] = []

    def open(self, *, writable: bool = True) -> ReplacedFile:
        return ReplacedFile(self.path, writable=writable, warn=self.told.append)

    def put(self, **document: object) -> None:
        file = self.open()
        draft = file.draft()
        draft.put("table", "ключ", document)
        file.save(draft)

    def find(self, *, writable: bool = True) -> Any:
        return self.open(writable=writable).saved().find("table", "ключ")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def saved(files: Files) -> Files:
    """Return a file that was saved three times; its .bak is the second save."""
    for number in (1, 2, 3):
        files.put(**DOCUMENT, save=number)
    return files


def test_what_was_saved_is_there_when_opened_again(files: Files) -> None:
    assert files.find() is None
    files.put(**DOCUMENT)
    assert files.find() == DOCUMENT
    assert files.told == []


def test_nobody_sees_a_draft_before_it_is_saved(files: Files) -> None:
    files.put(**DOCUMENT)
    file = files.open()
    reading, draft = file.saved(), file.draft()
    draft.put("table", "ключ", {"n": 1})
    draft.put("table", "another", {"n": 2})
    for held in (reading, file.saved(), file.draft(), files.open().saved()):
        assert held.table("table").all() == [DOCUMENT]
    file.save(draft)
    for held in (file.saved(), file.draft(), files.open().saved()):
        assert held.table("table").all() == [{"n": 1}, {"n": 2}]
    assert reading.table("table").all() == [DOCUMENT]


def test_documents_are_put_changed_dropped_and_filled_by_key(files: Files) -> None:
    draft = files.open().draft()
    draft.fill("table", {"b": {"n": 1}, "1": {"n": 2}})
    draft.fill("table", {"b": {"n": 3}, "a": {"n": 4, "old": True}, "1": {"n": 5}})
    assert [document["n"] for document in draft.table("table")] == [3, 4, 5]
    draft.put("table", "a", {"n": 6})
    draft.drop("table", "b")
    assert [draft.find("table", key) for key in "ba1"] == [None, {"n": 6}, {"n": 5}]


def test_the_copy_beside_is_the_file_one_save_earlier(saved: Files) -> None:
    assert saved.find()["save"] == 3
    saved.path.unlink()
    assert saved.find()["save"] == 2


def test_nothing_but_the_file_and_its_copy_is_left_by_a_save(saved: Files) -> None:
    assert sorted(path.name for path in saved.path.parent.iterdir()) == [
        "state.json",
        "state.json.bak",
    ]


def test_where_there_are_no_links_the_copy_is_a_copy(
    saved: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, "link", 1)
    saved.put(**DOCUMENT, save=4)
    saved.path.write_bytes(b"")
    assert saved.find()["save"] == 3


def test_left_over_new_files_are_in_nobodys_way(saved: Files) -> None:
    for name in ("state.json.new", "state.json.bak.new"):
        saved.path.with_name(name).write_bytes(b"half of someth")
    saved.put(**DOCUMENT, save=4)
    assert saved.find()["save"] == 4
    saved.path.unlink()
    assert saved.find()["save"] == 3


def _flips(content: bytes, bit: int) -> list[bytes]:
    return [
        content[:at] + bytes([byte ^ (1 << bit)]) + content[at + 1 :]
        for at, byte in enumerate(content)
    ]


@pytest.mark.parametrize("bit", range(8))
def test_every_flipped_bit_is_found_and_the_copy_used(saved: Files, bit: int) -> None:
    content = saved.path.read_bytes()
    for at, damaged in enumerate(_flips(content, bit)):
        saved.path.write_bytes(damaged)
        assert saved.find(writable=False)["save"] == 2, at


def test_every_truncation_is_found_and_the_copy_used(saved: Files) -> None:
    content = saved.path.read_bytes()
    for length in range(len(content)):
        saved.path.write_bytes(content[:length])
        assert saved.find(writable=False)["save"] == 2, length


@pytest.mark.parametrize("garbage", [b"\0" * 4096, b"{}", b"[]", b"null", "ü}".encode("latin-1")])
def test_garbage_is_found_and_the_copy_used(saved: Files, garbage: bytes) -> None:
    saved.path.write_bytes(garbage)
    assert saved.find()["save"] == 2


def test_what_is_appended_is_found_and_the_copy_used(saved: Files) -> None:
    saved.path.write_bytes(saved.path.read_bytes() + b"}")
    assert saved.find()["save"] == 2


def test_a_damaged_file_is_set_aside_and_told_where(saved: Files) -> None:
    saved.path.write_bytes(b"garbage")
    file = saved.open()
    aside = saved.path.with_name("state.json.damaged-1")
    assert file.recovered
    assert aside.read_bytes() == b"garbage"
    told = "is damaged (not a file this bot writes); it is kept as state.json.damaged-1"
    assert saved.told == [f"{saved.path}: {told}; the copy before it (state.json.bak) is used"]


def test_a_reader_leaves_a_damaged_file_where_it_is(saved: Files) -> None:
    saved.path.write_bytes(b"garbage")
    assert saved.find(writable=False)["save"] == 2
    assert saved.path.read_bytes() == b"garbage"
    assert len(saved.told) == 1


def test_a_second_damaged_file_is_not_put_over_the_first(saved: Files) -> None:
    for number in (1, 2, 3):
        saved.path.write_bytes(b"garbage %d" % number)
        saved.put(**DOCUMENT)
    kept = saved.path.parent.glob("*.damaged-*")
    assert sorted(path.read_bytes() for path in kept) == [b"garbage %d" % n for n in (1, 2, 3)]


def test_setting_aside_takes_the_first_free_name(tmp_path: Path) -> None:
    for name in ("f.damaged-1", "f.damaged-3", "f"):
        (tmp_path / name).write_text(name)
    assert set_aside(tmp_path / "f") == tmp_path / "f.damaged-2"
    assert (tmp_path / "f.damaged-2").read_text() == "f"


def test_a_save_after_a_recovery_keeps_the_good_copy(saved: Files) -> None:
    saved.path.write_bytes(b"garbage")
    saved.put(**DOCUMENT, save=4)
    saved.path.write_bytes(b"garbage")
    assert saved.find()["save"] == 2


def test_a_missing_file_with_a_copy_is_told(saved: Files) -> None:
    saved.path.unlink()
    assert saved.open().recovered
    assert saved.told == [f"{saved.path}: is missing; the copy before it (state.json.bak) is used"]


def test_without_a_good_copy_a_damaged_file_is_an_error_that_names_it(files: Files) -> None:
    files.put(**DOCUMENT)
    files.path.write_bytes(b"")
    with pytest.raises(StoreDamaged, match=re.escape(str(files.path))):
        files.open()
    files.backup.write_bytes(b"")
    with pytest.raises(StoreDamaged, match=re.escape(str(files.backup))):
        files.open()
    assert files.path.read_bytes() == b""
    assert files.told == []


@pytest.mark.parametrize("version", [0, 1, 4, 17])
def test_a_file_of_another_format_is_refused_and_not_touched(saved: Files, version: int) -> None:
    other = in_format(version, saved.path.read_bytes())
    saved.path.write_bytes(other)
    with pytest.raises(StoreError, match=rf"has format {version}; .*reads formats 2 and 3"):
        saved.open()
    assert saved.path.read_bytes() == other
    assert len(list(saved.path.parent.iterdir())) == 2


def test_a_file_that_cannot_be_read_is_an_error_and_not_damage(saved: Files) -> None:
    saved.path.unlink()
    saved.path.mkdir()
    with pytest.raises(StoreError, match="cannot be read") as raised:
        saved.open()
    assert not isinstance(raised.value, StoreDamaged)
    assert saved.path.is_dir()


@pytest.mark.parametrize(("call", "number"), [("fsync", 1), ("replace", 1), ("replace", 2)])
def test_a_failed_save_leaves_file_and_tables_as_before(
    saved: Files, monkeypatch: pytest.MonkeyPatch, call: Any, number: int
) -> None:
    content, file = saved.path.read_bytes(), saved.open()
    draft = file.draft()
    draft.put("table", "ключ", {"save": 4})
    with monkeypatch.context() as patch:
        fail_at(patch, call, number)
        with pytest.raises(StoreError, match=r"state\.json: cannot be written: .*No space"):
            file.save(draft)
    assert saved.path.read_bytes() == content
    assert file.saved().find("table", "ключ") == DOCUMENT | {"save": 3}
    file.save(draft)
    assert saved.find()["save"] == 4


def test_a_folder_that_cannot_be_synced_is_no_failure(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, "fsync", 2)
    files.put(**DOCUMENT)
    assert files.find() == DOCUMENT


def test_content_is_durable_before_its_name_and_the_name_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        path = Path(os.path.realpath(f"/proc/self/fd/{descriptor}"))
        done.append(f"sync {path.name} of {path.stat().st_size}" if path.is_file() else "folder")
        fsync(descriptor)

    def noted_replace(source: Path, target: Path) -> None:
        done.append(f"{target.name}")
        replace(source, target)

    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    replace_file(tmp_path / "file", b"12345")
    assert done == ["sync file.new of 5", "file.bak", "file", "folder"]
