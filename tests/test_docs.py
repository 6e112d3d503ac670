"""What the documents promise of the code, and whether their links lead somewhere."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot import charts, rules
from bot.model import Severity
from bot.settings import settings_table

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.txt"))

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def read(name: str) -> str:
    """Return a document."""
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "names"), [("Rules", rules.discover()), ("Charts", charts.discover())]
)
def test_the_readme_lists_what_discovery_finds(kind: str, names: dict[str, object]) -> None:
    listed = re.search(rf"{kind} there are: (.*?)\.", read("README.md"))
    assert listed is not None
    assert re.findall(r"`(\w+)`", listed[1]) == list(names)


def test_every_rule_has_its_section_with_severity_and_worked_example() -> None:
    text = read("docs/milestones.md")
    for rule in rules.discover().values():
        section = text.split(f"## `{rule.name}` — ", 1)[1].split("\n## ", 1)[0]
        heading = section.splitlines()[0]
        assert {each for each in Severity if each in heading} == set(rule.severities)
        assert "*Worked example.*" in section


def test_the_operators_table_is_that_of_the_settings() -> None:
    assert f"\n\n{settings_table()}\n\n" in read("docs/operating.md")


def test_every_room_of_the_house_stands_in_the_architecture() -> None:
    text = read("docs/architecture.md")
    rooms = [path.name for path in (ROOT / "bot").iterdir() if not path.name.startswith("_")]
    for room in rooms:
        if room != "py.typed":
            assert f"  {room}" in text or f"{room}:" in text


def without_code(text: str) -> str:
    """Return a document without what stands between backticks."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.strip().lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def links(path: Path) -> Iterator[str]:
    """Yield a document's relative links, those of pictures too."""
    text = without_code(path.read_text(encoding="utf-8"))
    found = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    return (unquote(link) for link in found if not re.match(r"[a-z]+:", link))


@each_document
def test_every_link_leads_to_a_file_and_to_a_heading_that_are_there(path: Path) -> None:
    for link in links(path):
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), link
        assert target.resolve().is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_a_page_of_the_site_links_to_nothing_outside_it(path: Path) -> None:
    assert not [link for link in links(path) if link.startswith(("/", ".."))]


def test_the_site_is_built_without_a_complaint_and_fetches_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    pages = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.html")}
    assert {path.stem for path in (ROOT / "docs").glob("*.md")} <= set(pages)
    for text in pages.values():
        fetched = re.findall(r"<(?:script|img|iframe|source)[^>]*\ssrc=\"?([^\">\s]+)", text)
        fetched += re.findall(r'<link[^>]*rel="?(?:stylesheet|preconnect|icon)[^>]*>', text)
        assert fetched
        assert not [each for each in fetched if "//" in each]


def test_requirements_are_locked_with_hashes_and_name_no_address() -> None:
    assert LOCKS == ["requirements-audit.txt", "requirements-dev.txt", "requirements.txt"]
    for name in LOCKS:
        text = read(name)
        assert not re.search(r"https?://|--index|--find-links|--extra-index", text)
        pinned = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
        blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
        assert len(blocks) == len(pinned)
        assert all("--hash=sha256:" in block for block in blocks)


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    names = (re.split(r"[><=]", each)[0].lower() for each in project["dependencies"])
    wanted = {name.replace(".", "-") for name in names}
    locked = set(re.findall(r"^([\w.-]+)==", read("requirements.txt"), re.MULTILINE))
    assert wanted <= locked
