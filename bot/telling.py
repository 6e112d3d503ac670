"""Errors that nobody foresaw, told to a Sentry server of the operator's, if one is set."""

import importlib.metadata
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.errors import SettingsError

_FAREWELL = 2.0
"""Seconds that what is still to be told has at the end."""


@contextmanager
def told_to(dsn: str | None, redact: Callable[[str], str]) -> Iterator[None]:
    """Tell errors that are logged with where they came from; nothing where no server is set.

    No variables, no addresses of anybody, no lines before the error; secrets are hidden in what is
    sent. Raises SettingsError where the server's library is missing or the DSN is none.
    """
    if dsn is None:
        yield
        return
    sentry = _opened(dsn, redact)
    handler = _Teller(sentry.capture_exception)
    logging.root.addHandler(handler)
    try:
        yield
    finally:
        logging.root.removeHandler(handler)
        sentry.get_client().close(timeout=_FAREWELL)


def _opened(dsn: str, redact: Callable[[str], str]) -> Any:
    try:
        import sentry_sdk  # noqa: PLC0415 — an extra: only who sets a DSN needs it
    except ImportError:
        raise SettingsError(
            "RANKSHIFT_SENTRY_DSN is set, but its library is not installed:"
            " pip install 'rankshift[sentry]'"
        ) from None
    try:
        sentry_sdk.init(
            dsn=dsn,
            release=importlib.metadata.version("rankshift"),
            server_name="rankshift",
            default_integrations=False,
            auto_enabling_integrations=False,
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            before_send=lambda event, _: _hidden(event, redact),
        )
    except (ValueError, sentry_sdk.utils.BadDsn):
        raise SettingsError("RANKSHIFT_SENTRY_DSN: is no DSN of a Sentry server.") from None
    return sentry_sdk


def _hidden(value: Any, redact: Callable[[str], str]) -> Any:
    """Return what is to be sent with every secret hidden, however deep it stands."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact(str(name)): _hidden(each, redact) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(each, redact) for each in value]
    return value


class _Teller(logging.Handler):
    """Hand on the error of every line that has one, ours and the libraries'."""

    def __init__(self, tell: Callable[[BaseException], object]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on its error."""
        ours = record.msg.get("exc_info") if isinstance(record.msg, dict) else None
        error = sys.exc_info()[1] if ours is True else ours
        if record.exc_info:
            error = record.exc_info[1]
        if isinstance(error, BaseException):
            self._tell(error)
