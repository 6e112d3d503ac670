"""One log for us and the libraries: structured lines on standard error."""

import logging
import sys
from typing import Any, Literal

import stamina.instrumentation
import structlog


def set_up_logs(form: Literal["console", "json"], level: str) -> None:
    """Write every log line, the libraries' too, to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        # Plain: the other kind shows what variables hold, and one of them is the token.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    trace = [structlog.processors.format_exc_info] if form == "json" else []
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *trace, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("discord.client").addFilter(_about_voice)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    # An outage is logged once by whoever polls, not once an attempt.
    stamina.instrumentation.set_on_retry_hooks([])


def _about_voice(record: logging.LogRecord) -> bool:
    # discord.py warns at each start that libraries for voice are missing; we have no voice.
    return "voice will NOT be supported" not in record.getMessage()
