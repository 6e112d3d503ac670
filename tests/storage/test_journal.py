"""A journal: every line that was waited for is durable, whole and in order."""

import asyncio
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from storage._journal import Journal
from storage._lines import read_lines
from tests.storage.faults import fail_at, stalled

LINES = [b'{"n": 1}', '{"naïve": "模型 🦊"}'.encode(), b'{"n": 3}']


def _read(path: Path) -> tuple[list[bytes], list[str]]:
    told: list[str] = []
    return read_lines(path, told.append), told


def _whole(path: Path) -> list[bytes]:
    lines, told = _read(path)
    assert told == []
    return lines


async def test_lines_are_there_when_append_returns(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "log")
    for number, line in enumerate(LINES, start=1):
        await journal.append([line])
        assert _whole(tmp_path / "log") == LINES[:number]


async def test_lines_appended_at_once_keep_their_order_and_share_syncs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, lines = Journal(tmp_path / "log"), [b"%d" % n for n in range(250)]
    syncs = fail_at(monkeypatch, "fsync", 0)
    await asyncio.gather(*(journal.append([line]) for line in lines))
    assert _whole(tmp_path / "log") == lines
    assert 1 < syncs.calls < 10


async def test_append_returns_after_the_sync_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "log")
    with stalled(monkeypatch) as stall:
        appending = asyncio.create_task(journal.append([b"1"]))
        await stall.reached()
        assert not appending.done()
        stall.end()
        await appending


async def test_settle_waits_for_what_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "log")
    await journal.settle()
    with stalled(monkeypatch) as stall:
        appending = asyncio.create_task(journal.append([b"1"]))
        await stall.reached()
        settling = asyncio.create_task(journal.settle())
        await asyncio.sleep(0)
        assert not settling.done()
        stall.end()
        await settling
    await appending


async def test_nothing_is_written_while_paused(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "log")
    async with journal.paused():
        appending = asyncio.create_task(journal.append([b"1"]))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not (tmp_path / "log").exists()
    await appending
    assert _whole(tmp_path / "log") == [b"1"]


async def test_a_caller_that_gives_up_does_not_keep_others_from_their_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "log")
    async with journal.paused():
        calls = [asyncio.create_task(journal.append([line])) for line in LINES]
        await asyncio.sleep(0)
        calls[1].cancel()
    await asyncio.wait(calls)
    assert [call.cancelled() for call in calls] == [False, True, False]
    assert _whole(tmp_path / "log")[::2] == [LINES[0], LINES[2]]


async def test_rotate_puts_the_lines_aside_in_place_of_those_there(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "log")
    journal.rotate()
    assert not journal.previous.exists()
    for line in LINES[:2]:
        await journal.append([line])
        journal.rotate()
        assert _whole(tmp_path / "log.1") == [line]
    assert _whole(tmp_path / "log") == []
    await journal.append([LINES[2]])
    assert _whole(tmp_path / "log") == [LINES[2]]


async def test_a_rotation_that_fails_is_told_and_keeps_the_lines(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "log")
    (tmp_path / "log.1" / "in the way").mkdir(parents=True)
    await journal.append([LINES[0]])
    with pytest.raises(StoreError, match="log: cannot be put aside"):
        journal.rotate()
    assert _whole(tmp_path / "log") == [LINES[0]]


async def test_a_line_that_failed_leaves_nothing_before_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "log")
    await journal.append([LINES[0]])
    with monkeypatch.context() as patch:
        fail_at(patch, "fsync", 1)
        with pytest.raises(StoreError, match=r"log: cannot be written: .*No space left"):
            await journal.append([b"lost"])
    await journal.append([LINES[1]])
    assert _whole(tmp_path / "log") == LINES[:2]


async def test_every_writer_of_a_batch_that_failed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "log")
    await journal.append([LINES[0]])
    fail_at(monkeypatch, "fsync", 1)
    calls = await asyncio.gather(
        *(journal.append([b"%d" % n]) for n in range(101)), return_exceptions=True
    )
    assert [isinstance(call, StoreError) for call in calls] == [True] * 100 + [False]
    assert _whole(tmp_path / "log") == [LINES[0], b"100"]


async def test_a_folder_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with pytest.raises(StoreError, match="log: cannot be written"):
        await Journal(tmp_path / "log").append([b""])
    with pytest.raises(StoreError, match="log: cannot be read"):
        _read(tmp_path / "log")


def test_no_file_has_no_lines(tmp_path: Path) -> None:
    assert _whole(tmp_path / "log") == []


@pytest.fixture
async def written(tmp_path: Path) -> Path:
    """Return a journal of the three lines."""
    journal = Journal(tmp_path / "log")
    for line in LINES:
        await journal.append([line])
    return tmp_path / "log"


def test_a_last_line_cut_short_is_left_out_in_silence(written: Path) -> None:
    content = written.read_bytes()
    ends = [at + 1 for at, byte in enumerate(content) if byte == ord("\n")]
    assert len(ends) == len(LINES)
    for length in range(len(content) + 1):
        written.write_bytes(content[:length])
        assert _whole(written) == LINES[: sum(end <= length for end in ends)], length


@pytest.mark.parametrize(
    "damaged", [b" ", b"\xff\xfe", b'{"n": 2}', b"[1]", b"\0" * 9, b"[" * 20_000]
)
def test_a_damaged_line_is_told_with_its_number_and_left_out(written: Path, damaged: bytes) -> None:
    first, _, *rest = written.read_bytes().split(b"\n")
    written.write_bytes(b"\n".join([first, damaged, *rest]))
    told = [f"{written}, line 2: is damaged and left out"]
    assert _read(written) == ([LINES[0], LINES[2]], told)


@pytest.mark.parametrize("bit", range(8))
def test_every_flipped_bit_is_told_and_its_line_left_out(written: Path, bit: int) -> None:
    first, second, third, end = written.read_bytes().split(b"\n")
    for at, byte in enumerate(second):
        damaged = second[:at] + bytes([byte ^ (1 << bit)]) + second[at + 1 :]
        written.write_bytes(b"\n".join([first, damaged, third, end]))
        found, told = _read(written)
        assert found == [LINES[0], LINES[2]], at
        assert told, at


def test_empty_lines_say_nothing(written: Path) -> None:
    written.write_bytes(written.read_bytes().replace(b"\n", b"\n\n"))
    assert _whole(written) == LINES


_TEXTS = st.text(alphabet='{}[]":,1e\n', max_size=40).map(str.encode)


@settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.binary(max_size=60) | _TEXTS)
def test_any_content_is_read_or_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    found, told = _read(path)
    assert len(found) + len(told) == sum(line != b"" for line in content.split(b"\n")[:-1])


async def test_a_new_journal_is_made_durable_by_its_name_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, synced = Journal(tmp_path / "log"), []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.path.realpath(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    for line in LINES[:2]:
        await journal.append([line])
    assert synced == [str(tmp_path / "log"), str(tmp_path), str(tmp_path / "log")]
