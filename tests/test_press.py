"""A press pack holds what a newsroom needs, whole, and nothing that a spreadsheet would run."""

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.errors import InputError
from bot.model import Openness
from bot.pictures import ThemeName
from bot.pictures.bump import Bump, Line
from bot.press import pack, plotted, write_pack
from bot.render import Renderer

PICTURE = Bump(
    title="A leads\nB",
    subtitle="Ranks",
    dates=(date(2026, 6, 1), date(2026, 6, 2)),
    days=("1 Haz", "2 Haz"),
    lines=(
        Line("=cmd|' /C calc'!A0", Openness.OPEN, (1, 2)),
        Line('Two, "half"', Openness.CLOSED, (2, None)),
    ),
    highlight=frozenset(),
    depth=10,
    words=dict.fromkeys(Openness, "word"),
    empty="",
    citation="Source: x, as of 2026-06-03.",
)


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    """Return a renderer that is closed at the end."""
    with closing(Renderer()) as found:
        yield found


def read(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Return the lines above a table, and its rows."""
    lines = content.decode().split("\r\n")
    head = [line for line in lines if line.startswith("# ")]
    return head, list(csv.reader(lines[len(head) : -1]))


def test_the_plotted_rows_stand_below_their_title_source_and_licence() -> None:
    head, rows = read(plotted(PICTURE))
    assert head == [
        "# A leads B",
        "# Ranks",
        "# Source: x, as of 2026-06-03.",
        "# CC BY 4.0: https://creativecommons.org/licenses/by/4.0/",
    ]
    assert rows == [
        ["date", "model", "openness", "rank"],
        ["2026-06-01", "'=cmd|' /C calc'!A0", "open", "1"],
        ["2026-06-02", "'=cmd|' /C calc'!A0", "open", "2"],
        ["2026-06-01", 'Two, "half"', "closed", "2"],
        ["2026-06-02", 'Two, "half"', "closed", ""],
    ]


def test_rows_that_are_estimates_say_so() -> None:
    head, _ = read(plotted(replace(PICTURE, estimated="Estimates")))
    assert "# Estimates" in head


async def test_a_pack_has_picture_drawing_rows_and_words(renderer: Renderer) -> None:
    files = await pack(renderer, PICTURE, "What it shows.", ThemeName.LIGHT)
    assert list(files) == ["png", "svg", "csv", "txt"]
    assert files["png"] == await renderer.draw(PICTURE, ThemeName.LIGHT)
    assert ET.fromstring(files["svg"]).tag.endswith("svg")  # noqa: S314 — our own drawing
    assert b"<text" not in files["svg"]
    assert files["csv"] == plotted(PICTURE)
    assert files["txt"].decode() == "What it shows.\n\nSource: x, as of 2026-06-03.\n"


def test_a_pack_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    files = {"png": b"1", "csv": b"2"}
    folder = tmp_path / "new" / "folder"
    assert write_pack(files, folder, "a") == (folder / "a.png", folder / "a.csv")
    assert write_pack({"png": b"3"}, folder, "a") == (folder / "a.png",)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "a.png": b"3",
        "a.csv": b"2",
    }


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    there = tmp_path / "file"
    there.write_text("")
    with pytest.raises(InputError, match="file: cannot be written: "):
        write_pack({"png": b"1"}, there, "a")
