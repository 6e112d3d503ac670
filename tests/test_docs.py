"""What the documents promise of the code."""

import re
import tomllib
from pathlib import Path

import pytest

from bot import charts, rules
from bot.model import Severity
from bot.settings import settings_table

ROOT = Path(__file__).parent.parent


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


def test_requirements_are_locked_with_hashes_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
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
