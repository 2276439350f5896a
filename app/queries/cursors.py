"""Opaque cursors: where the next page goes on, good only for what it was made by."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import xxhash

from stream.contracts.bounds import MAX_TEXT, PLAIN_TEXT
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

TEXT = Annotated[str, msgspec.Meta(max_length=MAX_TEXT, pattern=PLAIN_TEXT)]
WHOLE = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
NUMBER = float
INSTANT = Annotated[datetime, msgspec.Meta(tz=True)]
"""What a place is made of: anybody can make a cursor up, and databases take less than Python."""


class WrongCursor(InputError):
    """A cursor of another list, or of none."""


def cursor_for(asked: Hashable, place: Sequence[Any]) -> str:
    """`asked` is all that says which rows come in which order; `place` the last one's."""
    told = msgspec.json.encode([_mark(asked), *place])
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def place_of(asked: Hashable, cursor: str, kinds: Sequence[Any]) -> tuple[Any, ...]:
    """The place, of these kinds.

    >>> place_of("spend", cursor_for("spend", [2.5, "c7"]), [NUMBER, TEXT])
    (2.5, 'c7')
    """
    try:
        told = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        mark, *place = msgspec.json.decode(told, type=list[Any])
        if mark == _mark(asked):
            return tuple(map(_placed, msgspec.convert(place, GenericAlias(tuple, tuple(kinds)))))
    except (UnicodeEncodeError, binascii.Error, msgspec.MsgspecError, ValueError, OverflowError):
        raise WrongCursor(
            "the cursor is none: give what an answer said is `next`, or none to begin again"
        ) from None
    raise WrongCursor(
        "the cursor is of another list: ask with the order and the filters that it came with, or "
        "begin again without it"
    )


def _placed(value: Any) -> Any:
    """The same; `OverflowError` for a time that is none in UTC."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _mark(asked: Hashable) -> str:
    return xxhash.xxh3_64_hexdigest(repr(asked).encode())
