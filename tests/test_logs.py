"""The log: what fails is told whole, and no secret with it."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import set_up_logs

SECRET = "Bot a-token-that-nobody-may-see"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave the logs as they were."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def ask(headers: dict[str, str]) -> None:
    """Fail with a secret at hand."""
    raise KeyError(len(headers))


@pytest.mark.parametrize("form", ["console", "json"])
def test_an_error_is_told_with_where_it_came_from_and_without_what_was_at_hand(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(form, "info")
    try:
        ask({"Authorization": SECRET})
    except KeyError as error:
        structlog.get_logger().error("sender failed", exc_info=error)
    said = capsys.readouterr().err
    assert "in ask" in said
    assert "KeyError" in said
    assert SECRET.split()[1] not in said
