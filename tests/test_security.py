"""What docs/security.md claims of the code and can be read off it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted(path for name in ("bot", "cogs", "storage") for path in (ROOT / name).rglob("*.py"))
TEMPLATES = sorted((ROOT / "bot").rglob("*.j2"))

RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
READS_MORE_THAN_VALUES = {
    *("marshal", "shelve", "dill", "yaml", "plistlib", "ctypes", "subprocess", "pty"),
    *("requests", "urllib.request", "ftplib", "telnetlib", "smtplib", "code", "codeop"),
}


def tree(path: Path) -> ast.Module:
    """Return a file's syntax."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, also within functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def called(path: Path) -> Iterator[str]:
    """Yield what a file calls, with its dots."""
    calls = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return (ast.unparse(node.func) for node in calls)


def where(path: Path) -> str:
    """Return a file's path within the project."""
    return path.relative_to(ROOT).as_posix()


def test_no_text_is_ever_run() -> None:
    assert CODE
    assert not [(where(path), name) for path in CODE for name in called(path) if name in RUNS_TEXT]


def test_nothing_is_read_by_what_reads_more_than_values() -> None:
    found = [(where(path), name) for path in CODE for name in imported(path)]
    banned = READS_MORE_THAN_VALUES
    assert not [
        (path, name) for path, name in found if name in banned or name.split(".")[0] in banned
    ]


def test_pickle_only_makes_the_fingerprint_of_a_picture() -> None:
    users = [where(path) for path in CODE if "pickle" in set(imported(path))]
    assert users == ["bot/render.py"]
    used = [name for path in CODE for name in called(path) if name.startswith("pickle.")]
    assert used == ["pickle.dumps"]


def test_archives_are_unpacked_by_our_own_checks_alone() -> None:
    calls = [name for path in CODE for name in called(path)]
    assert not [name for name in calls if name.endswith(("extractall", "unpack_archive"))]
    assert "archive.extract" not in calls


def test_xml_is_written_and_never_read() -> None:
    calls = {
        name.split(".")[-1] for path in CODE if "bot/web" in where(path) for name in called(path)
    }
    assert not calls & {"fromstring", "iterparse", "XMLParser", "parseString"}
    users = [where(path) for path in CODE if any(name.startswith("xml") for name in imported(path))]
    assert users == ["bot/web/feeds.py"]


def test_no_certificate_goes_unchecked_and_no_redirect_is_followed_by_our_own_door() -> None:
    keywords = [
        (where(path), ast.unparse(keyword))
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    ]
    assert not [each for each in keywords if each[1] in {"ssl=False", "verify=False"}]
    assert ("bot/sources/_http.py", "allow_redirects=False") in keywords


def test_every_template_engine_escapes() -> None:
    engines = [
        ast.unparse(node)
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Environment")
    ]
    assert engines
    assert all("autoescape=True" in engine for engine in engines)
    assert not [path for path in CODE if "markupsafe" in set(imported(path))]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_anything_that_runs_or_turns_escaping_off(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script|javascript:|\son\w+=|\|\s*safe|autoescape|<iframe|<form", text)
    assert not re.search(r"""(src|url\()\s*=?\s*["']?(https?:)?//""", text)


def test_rules_on_security_are_on_for_all_code_and_nowhere_silenced() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"][
        "lint"
    ]
    assert "S" in lint["select"]
    assert not [rule for rule in lint["ignore"] if re.match(r"S\d", rule)]
    ignored = lint["per-file-ignores"].items()
    silenced = {files for files, rules in ignored if any(rule.startswith("S") for rule in rules)}
    assert silenced == {"tests/**"}
    assert not [
        where(path) for path in CODE if re.search(r"noqa:[^#]*\bS\d", path.read_text("utf-8"))
    ]


def test_the_image_runs_as_nobody_in_particular_and_writes_to_data_and_tmp_alone() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    said = [line.split(None, 1) for line in lines if line and not line.startswith("#")]
    users = [rest for name, rest in said if name == "USER"]
    assert users == ["10001"]
    begins = max(number for number, (name, _) in enumerate(said) if name == "FROM")
    assert not [rest for name, rest in said[begins:] if name == "ADD"]
    assert [rest for name, rest in said if name == "VOLUME"] == ["/data"]
    (variables,) = [dict(re.findall(r"(\w+)=(\S+)", rest)) for name, rest in said if name == "ENV"]
    assert {variables[name].split("/")[1] for name in ("MPLCONFIGDIR", "HF_HOME")} == {"tmp"}
    assert variables["PYTHONDONTWRITEBYTECODE"] == "1"
    assert not [name for name in variables if re.search("TOKEN|KEY|SECRET|DSN", name)]


def test_the_image_installs_nothing_without_a_hash() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    installs = re.findall(r"pip install (.*)", text)
    assert installs
    assert all("--require-hashes" in each or "--no-deps" in each for each in installs)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    made = re.findall(r"(?:pip|\$\(PIP\)) install (.*)", makefile)
    assert made
    assert all("--require-hashes" in each or "--no-deps" in each for each in made)


def test_every_place_that_the_threat_list_names_is_there() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:bot|cogs|storage|tests|\.github)/[\w./-]+)`", text)
    assert len(named) > 20
    assert not [name for name in named if not (ROOT / name).exists()]
