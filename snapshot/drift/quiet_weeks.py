"""What a service's own past says of a finding: what is usual of it, and whether it was said."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from snapshot.drift.findings import findings
from snapshot.drift.thresholds import usual

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from snapshot.drift.findings import Finding
    from snapshot.drift.thresholds import Targets, Usual
    from stream.contracts.alert import AlertKind
    from stream.contracts.drift import DriftReport

    Subject = tuple[AlertKind, str]

REMEMBERED = timedelta(days=365)
A_WEEK = timedelta(days=6.5)
"""Snapshots every quarter of an hour say the same again and again: one a week is taken."""


@dataclass(frozen=True, slots=True)
class Week:
    """What was measured of a subject once."""

    at: datetime
    value: float
    is_quiet: bool
    """Whether no alert about the subject lies in the window that it was measured over."""


class Weeks:
    """The reports of a year, subject by subject, from the newest back."""

    def __init__(self, reports: Sequence[DriftReport], targets: Targets) -> None:
        self._said: dict[Subject, list[tuple[datetime, float]]] = defaultdict(list)
        self._weeks: dict[Subject, list[Week]] = defaultdict(list)
        for report in reports:
            for alert in report.alerts:
                self._said[alert.kind, alert.subject].append((report.instant, alert.value))
        for report in _one_a_week(reports):
            for lens in report.lenses:
                for finding in findings(lens, targets):
                    self._weeks[_subject(finding)].append(self._week(finding, report.instant))

    def usual(self, finding: Finding) -> Usual | None:
        """What quiet weeks show; None while there are too few."""
        return usual([week.value for week in self._weeks[_subject(finding)] if week.is_quiet])

    def level(self, finding: Finding) -> tuple[float, int]:
        """The median of what was measured over windows before this one's, loud ones too, and how
        many such windows there were without overlap."""
        since = finding.since
        earlier = [week for week in self._weeks[_subject(finding)] if since and week.at <= since]
        if since is None or not earlier:
            return 0.0, 0
        spans = (earlier[0].at - earlier[-1].at) / finding.lasts
        return float(np.median([week.value for week in earlier])), 1 + math.floor(spans)

    def has_said(self, finding: Finding, value: float) -> bool:
        """Whether the same was said within the finding's window already."""
        since = finding.since
        said = self._said[_subject(finding)]
        return since is not None and any(at > since and was * value > 0 for at, was in said)

    def _week(self, finding: Finding, at: datetime) -> Week:
        since = finding.since or at
        loud = any(since <= said <= at for said, _ in self._said[_subject(finding)])
        return Week(at, finding.value, not loud)


def _one_a_week(reports: Sequence[DriftReport]) -> Iterator[DriftReport]:
    taken: datetime | None = None
    for report in reversed(reports):
        if reports[-1].instant - report.instant > REMEMBERED:
            return
        if taken is None or taken - report.instant >= A_WEEK:
            taken = report.instant
            yield report


def _subject(finding: Finding) -> Subject:
    return finding.kind, finding.subject
