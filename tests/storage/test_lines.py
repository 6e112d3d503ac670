"""Files of lines: what is asked for is found, and no line runs into another."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from storage import _lines
from storage._lines import append_lines, line_of, lines_with, read_lines

_bodies = st.lists(st.binary(max_size=9).filter(lambda body: b"\n" not in body), max_size=12)
_needles = st.lists(st.binary(min_size=1, max_size=3).filter(lambda n: b"\n" not in n), max_size=3)


def _silent(problem: str) -> None:
    raise AssertionError(problem)


@settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(bodies=_bodies, needles=_needles, chunk=st.integers(1, 40), torn=st.binary(max_size=9))
def test_lines_are_found_as_if_each_was_looked_at(
    tmp_path: Path, bodies: list[bytes], needles: list[bytes], chunk: int, torn: bytes
) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"".join(map(line_of, bodies)) + torn.replace(b"\n", b""))
    lines = [line_of(body)[:-1] for body in bodies]
    expected = [line[9:] for line in lines if any(needle in line for needle in needles)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_lines, "_CHUNK", chunk)
        assert list(lines_with(path, needles, _silent)) == expected
    assert read_lines(path, _silent) == bodies


def test_a_damaged_line_is_told_with_its_place_when_it_is_met(tmp_path: Path) -> None:
    path, told = tmp_path / "lines", list[str]()
    first, second = line_of(b"first x"), line_of(b"second x")
    path.write_bytes(first + second.replace(b"sec", b"sek") + line_of(b"third"))
    assert list(lines_with(path, [b"third"], told.append)) == [b"third"]
    assert told == []
    assert list(lines_with(path, [b"x"], told.append)) == [b"first x"]
    assert told == [f"{path}, byte {len(first)}: a line is damaged and left out"]


def test_no_file_has_no_such_lines(tmp_path: Path) -> None:
    assert list(lines_with(tmp_path / "none", [b""], _silent)) == []


def test_a_folder_in_its_place_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        list(lines_with(tmp_path, [b"x"], _silent))


@settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(bodies=_bodies, more=_bodies, data=st.data())
def test_what_is_added_after_a_torn_line_is_whole(
    tmp_path: Path, bodies: list[bytes], more: list[bytes], data: st.DataObject
) -> None:
    path = tmp_path / "lines"
    content = b"".join(map(line_of, bodies))
    left = content[: data.draw(st.integers(0, len(content)))]
    path.write_bytes(left)
    append_lines(path, b"".join(map(line_of, more)))
    assert read_lines(path, _silent) == bodies[: left.count(b"\n")] + more
