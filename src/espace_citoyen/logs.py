"""The journal: one JSON line per fact on standard error, ids and figures only; what looks like words is masked."""

import contextlib
import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import date
from pathlib import PurePath
from typing import Any
from uuid import UUID

import structlog

MASKED = "***"
_ID = re.compile(r"[\w./:+<>\[\]=-]{0,160}")  # no space, no @, no line break
_PLAIN = {"event", "level", "timestamp", "logger", "process"}  # words of the code


def configure(level: str, *, process: str) -> None:
    """Send everything this process says, its libraries included, to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            failure_without_words,
            ids_only,
            _Named(process),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=_Journal,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)


def ids_only(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Mask every value that is neither an id, a figure, a date nor a path."""
    return {key: value if key in _PLAIN else _safe(value) for key, value in event.items()}


def failure_without_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace an exception, whose text may quote what somebody typed, by its type and the lines it crossed."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-8:]
        event["error"] = type(error).__name__
        event["frames"] = [f"{PurePath(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames]
    return event


def _safe(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(_safe(key)): _safe(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(item) for item in value]
    if isinstance(value, UUID | date | PurePath):
        return str(value)
    return value if isinstance(value, str) and _ID.fullmatch(value) else MASKED


class _Journal:
    """Writes a line on standard error; a reader that has gone keeps nobody from working or from stopping."""

    def msg(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)

    debug = info = warning = error = critical = log = msg


class _Named:
    """Adds the name of the process, since several write to the same place."""

    def __init__(self, process: str) -> None:
        self._process = process

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {**event, "process": self._process}


class _Libraries(logging.Handler):
    """What libraries say: their sentence without its arguments, which nobody has checked."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        words = record.msg if isinstance(record.msg, str) and record.args else MASKED
        log.log(record.levelno, words, logger=record.name, exc_info=record.exc_info)
