"""What may raise an alert, read off a lens' drift: the same for this report and for past ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from snapshot.drift import sentences
from snapshot.drift.thresholds import ORDER_VALUE_ERRORS, SHARE_ERRORS, TRACKING_ERRORS
from stream.contracts.alert import AlertKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from snapshot.drift.thresholds import Targets
    from stream.contracts.drift import LensDrift, SegmentDrift


PUBLISHED = 2.0
"""At least half of a change has to be seen in the published share, the same way."""

WEEK, MONTH = timedelta(days=7), timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something measured, and how far it may go at least before it is an alert."""

    kind: AlertKind
    lens: str
    subject: str
    value: float
    default: float
    says: str
    chance: float = 0.0
    """How far chance may take it."""

    since: datetime | None = None
    """The beginning of the window that it was measured over, where there is one."""

    lasts: timedelta = WEEK
    """How long such a window is."""


def findings(lens: LensDrift, targets: Targets) -> Iterator[Finding]:
    """Of a lens and its segments, where there are enough customers."""
    for segment in lens.segments:
        yield from _share(lens, segment, targets)
        yield from _order_value(lens, segment, targets)
    learned = sum(segment.learned for segment in lens.segments)
    if lens.active_customers >= targets.least_customers * max(learned, 1):
        yield from _agreement(lens, targets)
        yield from _tracking(lens, targets)


def _share(lens: LensDrift, segment: SegmentDrift, targets: Targets) -> Iterator[Finding]:
    """Of a learned segment. What lines did to its share is no news of it."""
    before = segment.customers_before or 0
    ratio = own_ratio(segment)
    few = max(segment.customers, before) < targets.least_customers
    if ratio is None or few or not segment.learned:
        return
    yield Finding(
        kind=AlertKind.SEGMENT_SHARE,
        lens=lens.lens,
        subject=segment.segment.id,
        value=ratio,
        default=targets.share_log_ratio,
        chance=SHARE_ERRORS * (segment.share_noise or 0.0),
        since=lens.shares_since,
        says=sentences.share(segment, lens.shares_since),
    )


def own_ratio(segment: SegmentDrift) -> float | None:
    """The log ratio of the share without what the change of lines did; while sums are filling,
    without what everybody did alike as well, where that leaves less of it.

    Everybody's sums grow then, and lines follow; newcomers begin low while the others grow, and
    only both together leave a segment as it is. A segment's own news is there either way, and is
    seen in its published share.
    """
    split, before = segment.share_split, segment.share_before
    if split is None or before is None or segment.share_log_ratio is None:
        return segment.share_log_ratio
    whole = before + split.mix + split.behaviour
    own = whole - (segment.share_common or 0.0)
    if before <= 0.0 or min(own, whole) <= 0.0 or segment.customers == 0:
        return segment.share_log_ratio
    ratios = math.log(whole / before), math.log(own / before), PUBLISHED * segment.share_log_ratio
    same_way = min(ratios) > 0.0 or max(ratios) < 0.0
    return min(ratios, key=abs) if same_way else 0.0


def _order_value(lens: LensDrift, segment: SegmentDrift, targets: Targets) -> Iterator[Finding]:
    effect, compared = segment.order_value_effect, segment.order_value_customers or 0
    if effect is None or compared < targets.least_customers:
        return
    yield Finding(
        kind=AlertKind.ORDER_VALUE,
        lens=lens.lens,
        subject=segment.segment.id,
        value=effect,
        default=targets.order_value_effect,
        chance=ORDER_VALUE_ERRORS * (segment.order_value_noise or 0.0),
        since=lens.order_values_since,
        lasts=MONTH,
        says=sentences.order_value(segment, lens.order_values_since),
    )


def _agreement(lens: LensDrift, targets: Targets) -> Iterator[Finding]:
    if lens.agreement is not None:
        yield Finding(
            kind=AlertKind.AGREEMENT,
            lens=lens.lens,
            subject=lens.lens,
            value=lens.agreement.share,
            default=1.0 - targets.agreement,
            says=sentences.agreement(lens.lens, lens.agreement.share),
        )


def _tracking(lens: LensDrift, targets: Targets) -> Iterator[Finding]:
    if lens.tracking_gain is not None and lens.learning:
        yield Finding(
            kind=AlertKind.TRACKING_GAIN,
            lens=lens.lens,
            subject=lens.lens,
            value=lens.tracking_gain,
            default=targets.tracking_loss,
            chance=TRACKING_ERRORS * (lens.tracking_noise or 0.0),
            says=sentences.tracking(lens.lens, lens.tracking_gain),
        )
