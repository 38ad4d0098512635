"""Log lines: one JSON object each, a constant event name and fields, through the redactor before they leave (SR-13)."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

from cardline.kit.redact import clean

request_id: ContextVar[str] = ContextVar("cardline_request_id", default="")

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class LineFormatter(logging.Formatter):
    """Fields given with `extra=` are kept; line breaks become escapes, so one event is one line (SR-48)."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "event": record.getMessage(),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line.update({k: v for k, v in vars(record).items() if k not in _STANDARD and _is_plain(v)})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        # Values first, so that what is hidden leaves a line that can still be parsed.
        return json.dumps({k: _cleaned(v) for k, v in line.items()}, ensure_ascii=False, default=str)


def _is_plain(value: object) -> bool:
    """A request or response object that a library put on the record says nothing in a log line."""
    return isinstance(value, str | int | float | bool | list | tuple | dict) or value is None


def _cleaned(value: object) -> object:
    return (
        clean(value if isinstance(value, str) else json.dumps(value, default=str), mode="wide")
        if not (
            isinstance(value, bool | float)
            or value is None
            or (isinstance(value, int) and abs(value) < 10**11)
        )
        else value
    )
