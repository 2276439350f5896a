"""Whether the centroids of the next version learn: not where learning did harm three times running.

Learning that does worse than centroids that stand still is switched off in the next model. It
comes on again with the next fit from scratch, because then there is something new to follow, and
after half a year, because a shop that has grown may have what to learn from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from stream.contracts.drift import DriftReport, LensDrift
    from stream.contracts.lens import LensModel

TIMES = 3
REMEMBERED = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Gains:
    """What learning gained over centroids that stand still, of each version the last that was
    measured: snapshots every quarter of an hour look at the same centroids again and again."""

    by_version: tuple[float, ...]

    @property
    def are_harm(self) -> bool:
        """Whether the last three were all negative."""
        last = self.by_version[-TIMES:]
        return len(last) == TIMES and all(gain < 0.0 for gain in last)


def gains_of(
    lens: str,
    reports: Sequence[DriftReport],
    version: int | None,
    now: LensDrift | None,
    at: datetime,
) -> Gains:
    """Of the last half year's versions in which the lens learned, the one of `now` among them."""
    found = {
        report.model_version or 0: one.tracking_gain
        for report in reports
        if at - report.instant <= REMEMBERED
        for one in report.lenses
        if one.lens == lens and one.learning and one.tracking_gain is not None
    }
    if now is not None and now.learning and now.tracking_gain is not None:
        found[version or 0] = now.tracking_gain
    return Gains(tuple(found[number] for number in sorted(found)))


def with_learning(lens: LensModel, gains: Gains) -> LensModel:
    """The lens as the settings have it, or with learning off."""
    fresh = lens.fit is not None and lens.fit.fresh
    if fresh or not lens.learning.on or not gains.are_harm:
        return lens
    return lens.model_copy(update={"learning": lens.learning.model_copy(update={"on": False})})
