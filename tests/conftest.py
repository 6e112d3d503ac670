"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina


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
