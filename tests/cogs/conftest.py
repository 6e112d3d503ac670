"""What holds for every test of commands."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs


@pytest.fixture(autouse=True)
def _no_error_is_logged() -> Iterator[None]:
    """Assert that no command or control failed: of that its person alone is told."""
    with capture_logs() as logged:
        yield
    assert [line for line in logged if line["log_level"] == "error"] == []
