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
        line.update({k: v for k, v in vars(record).items() if k not in _STANDARD and not k.startswith("_")})
        line.pop("request", None) if not isinstance(line.get("request"), str) else None
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return clean(json.dumps(line, ensure_ascii=False, default=str), mode="wide")
