"""The demo, run as a newcomer runs it."""

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.app import utc_now
from bot.demo import read_figures


class Tags(HTMLParser):
    """Notes pictures, headings, and every address a page speaks of."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[tuple[str, str]] = []
        self.addresses: list[str] = []
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        found = {name: value or "" for name, value in attrs}
        self.addresses += [found[name] for name in ("src", "href") if name in found]
        if tag == "img":
            self.pictures.append((found["src"], found["alt"]))
        self.headings += tag == "h2"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo once, with no setting at all, and return its folder and what it printed."""
    folder = tmp_path_factory.mktemp("newcomer")
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo"],
        cwd=folder,
        env=kept | {"COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert done.stderr == ""
    return folder / "rankshift-demo", done.stdout


def test_the_table_is_seven_weeks_of_whole_billions_with_its_source() -> None:
    days = read_figures(utc_now())
    assert len(days) == 49
    assert all(row.tokens % 10**9 == 0 for day in days for row in day.rows)
    assert {len(day.rows) for day in days} == {12}
    assert all(day.other for day in days)


def test_it_prints_each_alert_and_names_its_folder_last(demo: tuple[Path, str]) -> None:
    folder, printed = demo
    assert printed.count("Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22") == 9
    assert "Open models now hold three of the top five" in printed
    assert "All five of the most-used models are now open" in printed
    assert "whole billions" in printed
    assert printed.splitlines()[-1].endswith(str(folder))


def test_the_page_shows_each_alert_with_its_picture_and_needs_no_network(
    demo: tuple[Path, str],
) -> None:
    folder, _ = demo
    tags = Tags()
    tags.feed((folder / "index.html").read_text(encoding="utf-8"))
    assert tags.headings == len(tags.pictures) == 9
    for name, alt in tags.pictures:
        content = (folder / name).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) < 150_000
        assert "1 " in alt
    assert not [address for address in tags.addresses if ":" in address or address[0] == "/"]


def test_it_writes_nothing_but_its_folder(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    assert [path.name for path in folder.parent.iterdir()] == ["rankshift-demo"]


def test_the_alerts_can_be_had_in_turkish(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--language", "tr"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert "İlk beşin üçü artık açık modellerin" in done.stdout
    page = (tmp_path / "rankshift-demo" / "index.html").read_text(encoding="utf-8")
    assert '<main lang="tr">' in page
    assert "%23,7" in page


def test_each_alert_leads_to_the_page_that_proves_it(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    tags = Tags()
    tags.feed((folder / "index.html").read_text(encoding="utf-8"))
    ways = [one for one in tags.addresses if one.endswith(".html")]
    assert len(ways) > 9
    assert all((folder / one).is_file() for one in ways)
    page = (folder / ways[1]).read_text(encoding="utf-8")
    assert "rankshift verify" in page
    for language in ("en", "tr"):
        assert (folder / language / "feed.atom").is_file()
