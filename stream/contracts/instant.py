"""An instant with the offset of somebody's clock: read, checked, turned into milliseconds.

Apart because both ways of decoding must read a time the same, to the microsecond.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Annotated

import msgspec
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from stream.contracts.bounds import END_OF_INSTANTS, FIRST_INSTANT

MILLISECOND = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)

RFC3339 = Annotated[datetime, msgspec.Meta(tz=True)]


def milliseconds(at: datetime) -> int:
    """Since 1970, rounded down.

    >>> milliseconds(datetime.fromisoformat("1970-01-01T01:00:01.0015+01:00"))
    1001
    """
    return (at - FIRST_INSTANT) // MILLISECOND


def offset_minutes(at: datetime) -> int:
    """How far the clock that was read is ahead of UTC.

    >>> offset_minutes(datetime.fromisoformat("2010-12-01T08:26:00-03:30"))
    -210
    """
    return (at.utcoffset() or timedelta()) // MINUTE


def parse_instant(text: object) -> object:
    """A text becomes a time as the fast decoder reads it, or as Python reads other ISO-8601."""
    if not isinstance(text, str):
        return text
    try:
        return msgspec.convert(text, RFC3339)
    except msgspec.ValidationError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError(
            "invalid_instant",
            "should be an ISO-8601 time with its offset, such as 2010-12-01T08:26:00+00:00",
        ) from None


def with_fixed_offset(at: datetime) -> datetime:
    """Refuses a time that says no offset; a named zone becomes the offset it has just then."""
    offset = at.utcoffset()
    if offset is None:
        raise PydanticCustomError(
            "missing_offset", "should say its offset from UTC, such as +00:00 or Z"
        )
    if offset % MINUTE:
        raise PydanticCustomError("odd_offset", "should have an offset of whole minutes")
    return at.replace(tzinfo=timezone(offset))


def within_bounds(at: datetime) -> datetime:
    """Refuses times that no sale can have: they are mistakes, and would carry clocks away."""
    if FIRST_INSTANT <= at < END_OF_INSTANTS:
        return at
    raise PydanticCustomError("out_of_range", "should lie from 1970 to 2199")


Instant = Annotated[
    datetime,
    Field(examples=["2010-12-01T08:26:00+00:00"]),
    BeforeValidator(parse_instant),
    AfterValidator(with_fixed_offset),
    AfterValidator(within_bounds),
]
"""A time from 1970 to 2199 with its offset, as ISO-8601 in JSON."""
