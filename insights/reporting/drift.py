"""What a drift report found in a lens, in words and tables: agreement, shares, features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts.bars import Bar, bar_chart
from insights.reporting.html import WIDTH, figure, folded, paragraph, table, tag
from snapshot.naming.words import feature_words, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.contracts.drift import FeatureDrift, LensDrift, SegmentDrift

HARDLY = 0.0005
"""A part of a share under which it is nothing at the digits shown."""


def agreement(lens: LensDrift) -> str:
    """How well the running segments still are what a batch clustering of today finds."""
    facts = list(_facts(lens))
    if not facts:
        return ""
    return tag("h3", "How well the running segments hold") + table(["measure", "value"], facts)


def shares(lens: LensDrift) -> str:
    """Each segment's share now and a week before, and why it changed."""
    there = [one for one in lens.segments if one.share_before is not None]
    if not there:
        return ""
    bars = [
        Bar(one.segment.name, change, points(change))
        for one in there
        if abs(change := one.share - (one.share_before or 0.0)) >= HARDLY
    ]
    since = f" since {lens.shares_since.date().isoformat()}" if lens.shares_since else " in a week"
    chart = bar_chart(f"Change of share{since}, points", bars, width=WIDTH)
    head = [
        "segment",
        "share before",
        "share now",
        "by who is there",
        "by what they do",
        "by lines",
    ]
    why = (
        "A share changes by who is there (customers coming and going), by what they do, and by "
        "where the lines between segments lie; the three add up."
    )
    rows = table(head, [_share_row(one) for one in there])
    drawn = figure(chart) if bars else ""
    return tag("h3", "Shares") + drawn + rows + paragraph(why, "note")


def order_values(lens: LensDrift) -> str:
    """How order value moved within segments."""
    there = [one for one in lens.segments if one.order_value_effect is not None]
    if not there:
        return ""
    bars = [Bar(one.segment.name, one.order_value_effect or 0.0) for one in there]
    note = (
        "Within each segment as it was four weeks ago, how the value of orders moved against the "
        "shop as a whole, in standard deviations; over 0.3 is worth a look."
    )
    chart = bar_chart("Order value within segments", bars, width=WIDTH)
    return figure(chart) + paragraph(note, "note")


def features(lens: LensDrift) -> str:
    """Feature by feature against when the model was fitted."""
    if not lens.features:
        return ""
    head = ["feature", "before", "now", "PSI", "distance"]
    note = (
        "Means after the model's transform, at the fit and now. PSI and distance are gauges; "
        "neither raises an alert."
    )
    inside = table(head, [_feature_row(one) for one in lens.features]) + paragraph(note, "note")
    return folded("Features against when the model was fitted", inside)


def points(change: float) -> str:
    """
    >>> points(0.0234), points(-0.012)
    ('+2.3', '\N{MINUS SIGN}1.2')
    """
    return f"{change * 100:+.1f}".replace("-", "−")


def _facts(lens: LensDrift) -> Iterator[tuple[str, str]]:
    if lens.agreement:
        yield "Running centroids agree with today's batch", _exact(lens.agreement.share)
    if lens.published_agreement:
        agree = _exact(lens.published_agreement.share)
        yield "Published segments agree with today's batch", agree
    if lens.tracking_gain is not None:
        yield "Learning gained over frozen centroids", f"{points(lens.tracking_gain)} points"
    if lens.relabelled is not None:
        yield "Active customers whom a new version would move", _exact(lens.relabelled)
    if lens.flaps is not None:
        yield "There and back in 7 days (per 100 in 30 days)", number_of(lens.flaps)
    if lens.inertia_ratio is not None:
        yield "Running inertia by the batch's (1 is as good)", number_of(lens.inertia_ratio)
    if lens.silhouette is not None:
        yield "Silhouette (from −1 to 1)", number_of(lens.silhouette)
    if lens.partition_spread is not None:
        yield "Largest distance between partitions' centroids", number_of(lens.partition_spread)


def number_of(value: float) -> str:
    """
    >>> number_of(1.0042), number_of(-0.25)
    ('1.004', '\N{MINUS SIGN}0.25')
    """
    return f"{value:.3f}".rstrip("0").rstrip(".").replace("-", "−")


def _exact(share: float) -> str:
    return f"{share * 100:.1f} %"


def _share_row(one: SegmentDrift) -> list[str]:
    split = one.share_split
    parts = [split.mix, split.behaviour, split.model] if split else []
    said = [points(part) for part in parts] or ["–"] * 3
    return [one.segment.name, _exact(one.share_before or 0.0), _exact(one.share), *said]


def _feature_row(one: FeatureDrift) -> list[str]:
    gauges = ["–" if value is None else number_of(value) for value in (one.psi, one.wasserstein)]
    return [feature_words(one.feature), number(one.before), number(one.after), *gauges]
