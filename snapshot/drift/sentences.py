"""Alerts in sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from stream.contracts.drift import Decomposition, SegmentDrift

CAUSES = {
    "mix": "most of it by customers who came or went",
    "behaviour": "most of it by what customers do",
    "model": "most of it by where the lines between segments are",
}


def share(segment: SegmentDrift, since: datetime | None) -> str:
    verb = "grew" if (segment.share_log_ratio or 0.0) > 0 else "shrank"
    among = "active customers" if segment.learned else "all customers"
    before = segment.share_before or 0.0
    said = f"{segment.segment.name} {verb} from {before:.1%} to {segment.share:.1%} of {among}"
    cause = f", {_largest(segment.share_split)}" if segment.share_split else ""
    return f"{said}{_since(since)}{cause}"


def order_value(segment: SegmentDrift, since: datetime | None) -> str:
    effect = segment.order_value_effect or 0.0
    dearer = "dearer" if effect > 0 else "cheaper"
    return (
        f"orders of customers in {segment.segment.name} became {dearer} than everybody else's, "
        f"by {abs(effect):.2f} standard deviations{_since(since)} "
        f"({segment.order_value_customers or 0:,} customers compared)"
    )


def agreement(lens: str, share: float) -> str:
    return (
        f"the running centroids of lens {lens} put only {share:.1%} of active customers where a "
        "batch clustering puts them"
    )


def tracking(lens: str, gain: float) -> str:
    return (
        f"learning does worse than none in lens {lens}: {-gain:.1%} fewer of its active customers "
        "are where a batch clustering puts them than with the centroids as they were published"
    )


def _since(since: datetime | None) -> str:
    return f" since {since:%Y-%m-%d}" if since else ""


def _largest(split: Decomposition) -> str:
    """
    >>> from stream.contracts.drift import Decomposition
    >>> _largest(Decomposition(mix=0.01, behaviour=-0.04, model=0.0))
    'most of it by what customers do'
    """
    return CAUSES[max(CAUSES, key=lambda part: abs(getattr(split, part)))]
