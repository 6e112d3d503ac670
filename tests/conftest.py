"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

SECRETS = ("loopback-token", "sk-or-v1-0123456789abcdef", "that-nobody-may-see")
"""What stands for tokens and keys in tests: none of it may be in anything that is logged."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[pytest.TestReport]:  # type: ignore[misc]
    """Fail a test in whose output a secret stands; of processes too, whose logs tests hand on."""
    report: pytest.TestReport = yield
    said = [text for _, text in report.sections]
    leaked = [secret for secret in SECRETS if any(secret in text for text in said)]
    if leaked and report.when == "teardown":  # when all is said
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: a secret stands in its output: {leaked[0]}"
    return report


@pytest.fixture(autouse=True)
def retries_without_waiting() -> Iterator[None]:
    """Let retries happen, as many as in earnest, without their pauses."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def real_data() -> Path:
    """Return the folder of real figures, or skip saying what is missing."""
    folder = os.environ.get("RANKSHIFT_TEST_DATA")
    if not folder:
        pytest.skip("RANKSHIFT_TEST_DATA is not set: it names the folder with rankings_daily.csv")
    if not (Path(folder) / "rankings_daily.csv").is_file():
        pytest.skip(f"RANKSHIFT_TEST_DATA: {folder} holds no rankings_daily.csv")
    return Path(folder)
