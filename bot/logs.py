"""One log for us and the libraries: structured lines on standard error, without any secret."""

import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any, Literal

import stamina.instrumentation
import structlog

from bot.redaction import Redactor

_INDENT = "    "
"""Before what follows a line's first one, so that no text from outside can look like a line."""


def set_up_logs(
    form: Literal["console", "json"], level: str, secrets: Iterable[str] = ()
) -> Redactor:
    """Write every log line, the libraries' too, to standard error in one form.

    None of the `secrets` appears there. Return what hides them.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        *([structlog.stdlib.add_logger_name] if form == "json" else []),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    redact = Redactor(secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(_json() if form == "json" else _console()),
                lambda _, __, line: redact(str(line)),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # a store says once that it is away
    logging.getLogger("discord.client").addFilter(_about_voice)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    # An outage is logged once by whoever polls, not once an attempt.
    stamina.instrumentation.set_on_retry_hooks([])
    return redact


def _json() -> list[Callable[..., Any]]:
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _console() -> list[Callable[..., Any]]:
    # Plain: the other kind shows what variables hold, and one of them is the token.
    render = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return [_on_one_line, render, _indented]


def _on_one_line(_: object, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Escape what would begin a new line or steer the terminal."""
    return {name: _seen(value) for name, value in event.items()}


def _seen(value: object) -> object:
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in value
    )


def _indented(_: object, __: str, line: str) -> str:
    """Return a line whose traceback stands to the right of where lines begin."""
    first, *more = line.split("\n")
    return "\n".join([first, *(f"{_INDENT}{_steered(each)}" for each in more)])


def _steered(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign == "\t" else "\ufffd" for sign in text)


def _about_voice(record: logging.LogRecord) -> bool:
    # discord.py warns at each start that libraries for voice are missing; we have no voice.
    return "voice will NOT be supported" not in record.getMessage()
