"""Which of what was measured is said aloud: four kinds, each by the size of an effect.

Only what was seen to find planted drifts and to keep quiet otherwise; p-values raise nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snapshot.drift.findings import findings
from snapshot.drift.quiet_weeks import Weeks
from snapshot.drift.thresholds import Targets
from stream.contracts.alert import Alert, AlertKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.drift.findings import Finding
    from stream.contracts.drift import DriftReport, LensDrift

LEAST_SAID = 0.01
"""A smaller usual level needs no mention."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A finding held against its threshold; it is beyond where `urgency` is above 1."""

    value: float
    threshold: float
    urgency: float
    note: str = ""


def alerts_of(
    lenses: Sequence[LensDrift],
    reports: Sequence[DriftReport],
    targets: Targets | None = None,
) -> tuple[Alert, ...]:
    """The most urgent first. `reports` are those published before, the oldest first.

    A change of share or of order value is said once, not again while it is in the same window.
    """
    targets = targets or Targets()
    weeks = Weeks(reports, targets)
    raised: list[tuple[float, Alert]] = []
    for lens in lenses:
        for finding in findings(lens, targets):
            judged = JUDGES[finding.kind](finding, weeks)
            if judged.urgency > 1.0 and not weeks.has_said(finding, judged.value):
                raised.append((judged.urgency, _alert(finding, judged)))
    return tuple(alert for _, alert in sorted(raised, key=lambda one: -one[0]))


def _share(finding: Finding, weeks: Weeks) -> Judgement:
    """A segment that usually grows has to grow by more than that, and to shrink by less."""
    usual = weeks.usual(finding)
    reach = usual.reach + math.copysign(1.0, finding.value) * usual.centre if usual else 0.0
    return _either_way(finding.value, max(finding.default, finding.chance, reach))


def _order_value(finding: Finding, weeks: Weeks) -> Judgement:
    """What a segment shows in every window is how it is, and no drift: it is taken off. Nothing
    is said before there was a window to learn that from."""
    level, windows = weeks.level(finding)
    if not windows:
        return Judgement(finding.value, finding.default, urgency=0.0)
    usual = weeks.usual(finding)
    reach = usual.reach if usual else 0.0
    threshold = max(finding.default, finding.chance * math.sqrt(1.0 + 1.0 / windows), reach)
    note = f"; {level:+.2f} is usual there, and taken off" if abs(level) >= LEAST_SAID else ""
    return _either_way(finding.value - level, threshold, note)


def _agreement(finding: Finding, weeks: Weeks) -> Judgement:
    return _at_least(finding, weeks, best=1.0)


def _tracking_gain(finding: Finding, weeks: Weeks) -> Judgement:
    return _at_least(finding, weeks, best=0.0)


def _either_way(value: float, threshold: float, note: str = "") -> Judgement:
    return Judgement(value, threshold, abs(value) / threshold, note)


def _at_least(finding: Finding, weeks: Weeks, best: float) -> Judgement:
    """Below `best` by more than is allowed."""
    usual = weeks.usual(finding)
    reach = best - usual.centre + usual.reach if usual else 0.0
    allowed = max(finding.default, finding.chance, reach)
    return Judgement(finding.value, best - allowed, (best - finding.value) / allowed)


JUDGES = {
    AlertKind.SEGMENT_SHARE: _share,
    AlertKind.ORDER_VALUE: _order_value,
    AlertKind.AGREEMENT: _agreement,
    AlertKind.TRACKING_GAIN: _tracking_gain,
}


def _alert(finding: Finding, judged: Judgement) -> Alert:
    return Alert(
        kind=finding.kind,
        lens=finding.lens,
        subject=finding.subject,
        value=judged.value,
        threshold=judged.threshold,
        reason=finding.says + judged.note,
    )
