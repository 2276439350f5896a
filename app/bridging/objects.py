"""A record's value as the JSON object it has to be, and a value in it as people write it."""

from __future__ import annotations

from typing import Any

import msgspec

from stream.contracts.refusal import RefusalReason, Refused

_decode = msgspec.json.Decoder().decode


def object_of(value: bytes | None) -> dict[str, Any] | Refused:
    """The object, or why it is none."""
    if not value:
        return Refused(RefusalReason.NOT_JSON, "the record has no value")
    try:
        record = _decode(value)
    except UnicodeDecodeError:
        return Refused(RefusalReason.NOT_JSON, "the value is not UTF-8")
    except msgspec.DecodeError as error:
        return Refused(RefusalReason.NOT_JSON, str(error))
    except RecursionError:
        return Refused(RefusalReason.NOT_JSON, "the value is nested too deeply")
    if isinstance(record, dict):
        return record
    return Refused(RefusalReason.NOT_JSON, "the value is JSON, but not an object")


def as_written(value: Any) -> str:
    """As it is written after `--only PATH=`."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return value if isinstance(value, str) else str(value)
