"""The changes of a backtest: as they are written down, and as they are counted.

A change is observed when it occurs: there is no clock in a backtest, and two runs write the same
bytes.
"""

from __future__ import annotations

import re
from datetime import datetime  # noqa: TC003 (msgspec reads the annotations when it runs)
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stream.log.batch import Records

TIMES = re.compile(rb'"occurred_at":"([^"]+)","observed_at":"[^"]+"\}$', re.MULTILINE)
"""Nothing else can look like it: a quote within an id is escaped."""


class Ref(msgspec.Struct, frozen=True, gc=False):
    """A segment."""

    id: str


class Told(msgspec.Struct, frozen=True, gc=False):
    """What is counted of a change."""

    customer_id: str
    lens: str
    cause: str
    previous: Ref | None
    current: Ref | None
    occurred_at: datetime


DECODER = msgspec.json.Decoder(Told)


def lines_of(several: Iterable[Records]) -> bytes:
    """The changes as lines of JSON."""
    whole = b"".join(line + b"\n" for records in several for line in _values(records))
    return TIMES.sub(rb'"occurred_at":"\1","observed_at":"\1"}', whole)


def told_in(lines: bytes) -> list[Told]:
    """The same, read."""
    return DECODER.decode_lines(lines)


def _values(records: Records) -> Iterator[bytes]:
    data = records.buffer.tobytes()
    starts, lengths = records.values
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        yield data[start : start + length]
