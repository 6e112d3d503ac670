"""What is published: whole, of one version, and the same from the sources."""

import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "cogs", "storage")
FILES = ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in")

BUILD = "from setuptools.build_meta import build_sdist, build_wheel; build_{}('dist')"


def project() -> dict[str, object]:
    """Return what the project says of itself."""
    found: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return found["project"]


def version() -> str:
    """Return the version, from the one place where it stands."""
    return str(project()["version"])


def build(kind: str, folder: Path) -> Path:
    """Build a wheel or an sdist of a folder, and return it."""
    command = [sys.executable, "-c", BUILD.format(kind)]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60)
    (built,) = (folder / "dist").glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


def held(wheel: Path) -> set[str]:
    """Return the names of a wheel's files but for those about it."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of all that the package is built of."""
    folder = tmp_path_factory.mktemp("sources")
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_rules.py").touch()  # setuptools takes such files along by itself
    return folder


@pytest.fixture(scope="module")
def sdist(sources: Path) -> Path:
    """Return the sdist."""
    return build("sdist", sources)


@pytest.fixture(scope="module")
def wheel(sources: Path) -> Path:
    """Return the wheel."""
    return build("wheel", sources)


def test_the_wheel_has_every_file_of_the_packages_and_nothing_else(
    wheel: Path, sources: Path
) -> None:
    files = (path for name in PACKAGES for path in (sources / name).rglob("*") if path.is_file())
    assert held(wheel) == {path.relative_to(sources).as_posix() for path in files}


def test_what_the_code_reads_besides_itself_is_in_the_wheel(wheel: Path) -> None:
    kinds = {Path(name).suffix for name in held(wheel)}
    assert {".toml", ".po", ".csv", ".j2", ".css", ".svg", ".typed"} <= kinds


def test_a_wheel_of_the_sdist_is_the_same(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
        names = archive.getnames()
    (unpacked,) = tmp_path.iterdir()
    assert held(build("wheel", unpacked)) == held(wheel)
    assert not [name for name in names if "/tests" in name]


def test_the_version_stands_in_one_place(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        about = archive.read(f"rankshift-{version()}.dist-info/METADATA")
    assert message_from_bytes(about)["Version"] == version()
    code = (path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    assert not [path for path in code if f'"{version()}"' in path.read_text(encoding="utf-8")]


def test_the_command_says_its_version() -> None:
    command = [sys.executable, "-m", "bot", "--version"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout == f"rankshift {version()}\n"
    assert said.stderr == ""
