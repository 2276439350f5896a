"""Times as a shop writes them, as instants with the shopper's own offset.

Zones are asked as a replay asks them, so that a history that was replayed and the topic that
goes on after it lie on one clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from app.bridging.values import Misfit, as_number
from producers.reading.clock import check_zone, to_utc
from stream.contracts.bounds import END_OF_INSTANTS, FIRST_INSTANT
from stream.errors import SettingsError

ISO = "iso"
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""So many to a second."""

OF_A_DAY = ("%H", "%I", "%c", "%X", "%T", "%s", "%R")
SECONDS_AT_MOST = (END_OF_INSTANTS - FIRST_INSTANT).total_seconds()
ONLY_DATE = len("2026-11-01")
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Times:
    """`form` is iso, s, ms, us, ns since 1970, or a pattern such as `%d.%m.%Y %H:%M`.

    `zone` is what times without an offset mean, `local_zone` the shopper's clock where it is
    another than theirs.

    >>> Times("ms").read(1_291_191_960_000)
    (datetime.datetime(2010, 12, 1, 8, 26, tzinfo=datetime.timezone.utc), True)
    """

    form: str = ISO
    zone: str | None = None
    local_zone: str | None = None

    def __post_init__(self) -> None:
        for zone in (self.zone, self.local_zone):
            if zone is not None:
                check_zone(zone)
        if self.form != ISO and self.form not in UNITS and "%" not in self.form:
            raise SettingsError(
                f"--time-format {self.form} should be iso, s, ms, us, ns, or a pattern such as "
                "'%d.%m.%Y %H:%M'"
            )

    def read(self, value: Any) -> tuple[datetime, bool]:
        """The instant, and whether the time of day is known."""
        unit = UNITS.get(self.form)
        if unit is not None:
            return self._local(_since_1970(value, unit)), True
        if not isinstance(value, str):
            raise Misfit("should be a text; for a number say --time-format s, ms, us or ns")
        at, known = self._iso(value) if self.form == ISO else self._by_pattern(value)
        if at.tzinfo is None:
            at = self._in_zone(at)
        return self._local(_with_fixed_offset(at)), known

    def _iso(self, text: str) -> tuple[datetime, bool]:
        try:
            return datetime.fromisoformat(text), len(text) > ONLY_DATE
        except ValueError:
            raise Misfit("should be an ISO-8601 time, or say --time-format") from None

    def _by_pattern(self, text: str) -> tuple[datetime, bool]:
        try:
            at = datetime.strptime(text, self.form)  # noqa: DTZ007 (the zone is asked for next)
        except (ValueError, OverflowError):
            raise Misfit(f"should be a time as {self.form} writes it") from None
        return at, any(part in self.form for part in OF_A_DAY)

    def _in_zone(self, at: datetime) -> datetime:
        if self.zone is None:
            raise Misfit("should say its offset from UTC: or say --timezone")
        if not FIRST_INSTANT.year <= at.year <= END_OF_INSTANTS.year:
            raise Misfit("should lie from 1970 to 2199")
        zone = ZoneInfo(self.zone)
        there = at.replace(tzinfo=zone)
        back = there.astimezone(UTC).astimezone(zone)
        return there if back.replace(tzinfo=None) == at else _after_the_gap(at, zone, self.zone)

    def _local(self, at: datetime) -> datetime:
        return at if self.local_zone is None else _moved(at, self.local_zone)


def _since_1970(value: Any, unit: int) -> datetime:
    """Whole microseconds, without the rounding that a division of floats would bring."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 30:
        value = int(value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    seconds = value / unit if whole and abs(value) < 10**30 else as_number(value) / unit
    if not 0 <= seconds < SECONDS_AT_MOST:
        raise Misfit("should lie from 1970 to 2199: see --time-format")
    micros = value * 10**6 // unit if whole else round(seconds * 10**6)
    return FIRST_INSTANT + timedelta(microseconds=micros)


def _after_the_gap(at: datetime, zone: ZoneInfo, name: str) -> datetime:
    """An hour that the zone leaves out is the instant at which it does."""
    wall_ms = np.array([(at.replace(tzinfo=UTC) - FIRST_INSTANT) // timedelta(milliseconds=1)])
    instant = FIRST_INSTANT + timedelta(milliseconds=int(to_utc(wall_ms, name)[0]))
    return instant.astimezone(zone)


def _with_fixed_offset(at: datetime) -> datetime:
    offset = at.utcoffset() or timedelta()
    if offset % MINUTE:
        raise Misfit("should have an offset of whole minutes")
    return at.replace(tzinfo=timezone(offset) if offset else UTC)


def _moved(at: datetime, zone: str) -> datetime:
    """On another clock; seconds of old offsets are left out, as they are on replayed lines."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    try:
        return at.astimezone(timezone(offset // MINUTE * MINUTE))
    except OverflowError:
        raise Misfit("should lie from 1970 to 2199") from None
