"""Which message a record holds, told without judging the rest of it."""

from __future__ import annotations

import msgspec


class _Kind(msgspec.Struct):
    type: str = ""


def kind_of(value: bytes | None) -> str:
    """What its `type` says; nothing where it says none, or is no JSON object.

    >>> kind_of(b'{"type": "segment_event", "lens": "value"}')
    'segment_event'
    >>> kind_of(b"[1]"), kind_of(None)
    ('', '')
    """
    try:
        return msgspec.json.decode(value or b"", type=_Kind).type
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
