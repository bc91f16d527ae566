"""Logs: structured, with no personal data. Nothing that came in or goes out is logged, only that it did.

Of an exception its type and place are logged, not its message, which may quote what it choked on; at level `debug` all.
"""

import logging
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from api.settings import Settings


def configure_logs(settings: Settings) -> None:
    """Everything that is logged in this process, in one format, to the error stream."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Traceback(messages=level <= logging.DEBUG),
    ]
    renderer = _renderer(settings.log_format)
    structlog.configure(
        processors=[*processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=processors))
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[libraries], force=True)


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


class _Traceback:
    """Replaces `exc_info` by where it was raised."""

    def __init__(self, *, messages: bool) -> None:
        self._messages = messages

    def __call__(self, _logger: Any, _method: str, event: EventDict) -> EventDict:
        error = _exception(event.pop("exc_info", None))
        if error is not None:
            event["error_type"] = type(error).__name__
            event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in _frames(error)]
            if self._messages:
                event["message"] = str(error)
        return event


def _exception(told: object) -> BaseException | None:
    if isinstance(told, BaseException):
        return told
    if isinstance(told, tuple):
        return told[1] if isinstance(told[1], BaseException) else None
    return sys.exc_info()[1] if told else None


def _frames(error: BaseException) -> Sequence[traceback.FrameSummary]:
    """The innermost frames, which say most."""
    return traceback.extract_tb(error.__traceback__)[-8:]
