"""From what a clock on the wall showed to the instant, and back to the shopper's own clock."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.reading.calendar_days import DAY_MS
from producers.reading.moments import NO_OFFSET
from stream.contracts.bounds import END_OF_INSTANTS, FIRST_INSTANT
from stream.contracts.instant import milliseconds
from stream.errors import SettingsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from producers.reading.moments import Moments

MINUTE_MS = 60_000
# The instants that a sale can have.
FIRST_MS, END_MS = milliseconds(FIRST_INSTANT), milliseconds(END_OF_INSTANTS)
# What clocks may show at those. Beyond, zones are not asked: Arrow's arithmetic would overflow.
FIRST_WALL_MS, END_WALL_MS = FIRST_MS - 2 * DAY_MS, END_MS + 2 * DAY_MS


@dataclass(frozen=True, slots=True)
class Clock:
    """`timezone` is what times without an offset mean; `local_timezone` the shopper's clock.

    Without `local_timezone` the shopper's clock is the one the source gives: the offset in
    the value, or else `timezone`.
    """

    timezone: str = "UTC"
    local_timezone: str | None = None

    def __post_init__(self) -> None:
        for zone in (self.timezone, self.local_timezone):
            if zone is not None:
                check_zone(zone)

    def instants(self, moments: Moments) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """UTC milliseconds, and how many minutes the shopper's clock was ahead of them.

        An hour that a zone has twice is the first of the two; one that it leaves out is the
        instant at which it does. What lies outside 1970 to 2199 is left as UTC.
        """
        said = moments.offset_minutes != NO_OFFSET
        offsets = np.where(said, moments.offset_minutes, 0).astype(np.int32)
        utc_ms = moments.wall_ms - offsets.astype(np.int64) * MINUTE_MS
        if self.timezone != "UTC" and not said.all():
            utc_ms = np.where(said, utc_ms, to_utc(moments.wall_ms, self.timezone))
            offsets = np.where(said, offsets, offsets_at(utc_ms, self.timezone))
        if self.local_timezone is not None:
            offsets = offsets_at(utc_ms, self.local_timezone)
        return utc_ms, offsets


def check_zone(name: str) -> None:
    """A SettingsError unless `name` is a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        close = difflib.get_close_matches(name, available_timezones(), n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise SettingsError(
            f"there is no time zone {name!r}{hint}: use a name such as Europe/London"
        ) from error


def to_utc(wall_ms: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """
    >>> spring = np.array(["2011-03-27T01:30"], dtype="datetime64[ms]").astype(np.int64)
    >>> to_utc(spring, "Europe/London").astype("datetime64[ms]").astype(str).tolist()
    ['2011-03-27T01:00:00.000']
    """
    known = np.clip(wall_ms, FIRST_WALL_MS, END_WALL_MS)
    naive = pa.array(known, pa.int64()).cast(pa.timestamp("ms"))
    instants = pc.assume_timezone(naive, zone, ambiguous="earliest", nonexistent="latest")
    utc: NDArray[np.int64] = instants.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return np.where(known == wall_ms, utc, wall_ms)


def offsets_at(utc_ms: NDArray[np.int64], zone: str) -> NDArray[np.int32]:
    """How far the zone's clock is ahead at each instant."""
    known = np.clip(utc_ms, FIRST_WALL_MS, END_WALL_MS)
    instants = pa.array(known, pa.int64()).cast(pa.timestamp("ms", zone))
    wall = pc.local_timestamp(instants).cast(pa.int64()).to_numpy(zero_copy_only=False)
    offsets: NDArray[np.int32] = ((wall - known) // MINUTE_MS).astype(np.int32)
    return offsets
