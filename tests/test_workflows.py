"""What runs on other machines: workflow files that can do no more than they must."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    """Return what a file says; YAML takes the key `on` for a truth."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs(path: Path) -> dict[str, Any]:
    """Return a workflow's jobs by name."""
    found: dict[str, Any] = read(path)["jobs"]
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every step of a workflow."""
    for job in jobs(path).values():
        yield from job["steps"]


def targets() -> set[str]:
    """Return what can be made."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_there_is_a_workflow_for_each_purpose() -> None:
    assert [path.stem for path in WORKFLOWS] == ["audit", "image", "release", "site", "tests"]


@each_workflow
def test_a_workflow_may_do_nothing_and_each_job_only_what_it_says(path: Path) -> None:
    assert read(path)["permissions"] == {}
    assert "concurrency" in read(path)
    for job in jobs(path).values():
        assert job["permissions"]
        assert 0 < job["timeout-minutes"] <= 60
        writes = {name for name, right in job["permissions"].items() if right == "write"}
        assert not writes or "pull_request" not in read(path)[True] or "if" in job


@each_workflow
def test_no_workflow_runs_with_rights_for_a_strangers_code(path: Path) -> None:
    begins: dict[str, Any] = read(path)[True]
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(begins)


@each_workflow
def test_nothing_from_outside_becomes_part_of_a_command(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", "")


@each_workflow
def test_every_action_is_pinned_to_a_commit_and_says_its_version(path: Path) -> None:
    lines = re.findall(r"uses: *(.*)", path.read_text(encoding="utf-8"))
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


def test_an_action_is_pinned_to_one_commit_everywhere() -> None:
    used = {step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step}
    assert len(used) == len({each.partition("@")[0] for each in used})


@each_workflow
def test_the_repositorys_password_stays_out_of_the_folder(path: Path) -> None:
    taken = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in taken)


@each_workflow
def test_commands_that_are_run_exist(path: Path) -> None:
    for step in steps(path):
        made = re.findall(r"\bmake ([a-z-]+)", step.get("run", ""))
        assert set(made) <= targets()
        scripts = re.findall(r"^\.[\w./-]+", step.get("run", ""), re.MULTILINE)
        assert all((ROOT / script).is_file() for script in scripts)


def test_every_supported_python_is_tested() -> None:
    (job,) = jobs(ROOT / ".github" / "workflows" / "tests.yml").values()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert job["strategy"]["matrix"]["python"] == re.findall(r"Python :: (3\.\d+)", project)


def test_only_a_tag_of_the_version_is_published() -> None:
    for name, job in (("release", "build"), ("image", "push")):
        done = jobs(ROOT / ".github" / "workflows" / f"{name}.yml")[job]["steps"]
        (check,) = [step for step in done if step.get("run") == "make released"]
        assert check["env"] == {"TAG": "${{ github.ref_name }}"}
    publish = jobs(ROOT / ".github" / "workflows" / "release.yml")["publish"]
    assert publish["needs"] == "build"


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_forms_ask_for_what_they_say(path: Path) -> None:
    form = read(path)
    if path.stem == "config":
        assert form["blank_issues_enabled"] is False
        return
    assert form["name"]
    assert form["description"]
    asked = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in asked}) == len(asked)
    assert all(field["attributes"]["label"] for field in asked)


def test_what_dependabot_watches_is_there() -> None:
    watched = read(ROOT / ".github" / "dependabot.yml")["updates"]
    kinds = {each["package-ecosystem"] for each in watched}
    assert kinds == {"github-actions", "docker", "pip"}
