"""Logs as JSON, one object a line, for those who collect them.

Whatever goes through here is kept by somebody: what looks like a secret is blotted out, and a
customer's id is only let through at debug.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

TEXT_CHARACTERS = 16_384
"""A longer text is cut: a line has to fit into whatever collects it."""

BLOTTED = "***"
SECRET_NAME = re.compile(r"(?i)passw(or)?d|secret|token|credential|api_?key|authorization")
SECRETS = (
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@]*:)[^\s/@]+(?=@)"), rf"\1{BLOTTED}"),
    (
        re.compile(
            r"(?i)(\b[\w.-]{0,40}(?:passw(?:or)?d|secret|token|credential|api_?key|authorization)"
            r"[\w.-]{0,40}['\"]?\s*[=:]\s*)(?:'[^']*'|\"[^\"]*\"|(?:(?:basic|bearer)\s+)?[^\s,;)}\]]+)"
        ),
        rf"\1{BLOTTED}",
    ),
)
CUSTOMER_FIELDS = frozenset({"customer", "customer_id", "customer_ids", "key"})
OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One record as one line of JSON, with whatever was said in `extra` as fields of its own.

    >>> record = logging.makeLogRecord({
    ...     "created": 0.5, "levelno": logging.INFO, "levelname": "INFO", "name": "consumers",
    ...     "msg": "restored %d", "args": (7,), "partition": 3, "customer_id": "17850",
    ...     "sasl_password": "hunter2"})
    >>> print(JsonLines().format(record))  # doctest: +NORMALIZE_WHITESPACE
    {"time": "1970-01-01T00:00:00.500+00:00", "level": "info", "logger": "consumers",
     "message": "restored 7", "partition": 3, "sasl_password": "***"}
    """

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _clean(_message(record)),
        }
        told |= {
            name: BLOTTED if SECRET_NAME.search(name) else _plain(value)
            for name, value in vars(record).items()
            if name not in OWN_FIELDS | told.keys() and _may_be_said(name, record.levelno)
        }
        if record.exc_info and record.exc_info[0] is not None:
            told["exception"] = _clean(self.formatException(record.exc_info))
        return json.dumps(told, default=str)


def log_as_json(*, level: int = logging.INFO, stream: TextIO | None = None) -> logging.Handler:
    """Lets the root logger write JSON alone; gives the handler, for whoever takes it off again."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    return handler


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args!r}"  # arguments that don't fit: say it all the same


def _may_be_said(name: str, level: int) -> bool:
    return level <= logging.DEBUG or name not in CUSTOMER_FIELDS


def _plain(value: object) -> object:
    """What JSON has; anything else as text, NaN among it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    return _clean(str(value))


def _clean(text: str) -> str:
    cut = text if len(text) <= TEXT_CHARACTERS else text[:TEXT_CHARACTERS] + " …"
    for pattern, replacement in SECRETS:
        cut = pattern.sub(replacement, cut)
    return cut
