"""The tables of what the log tells, and of numbers of segments, for the page and for Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts.scales import Format
from insights.reporting.executive.purchase_times import an_average_day
from insights.reporting.executive.wording import UNKNOWN

if TYPE_CHECKING:
    from insights.hours import Hours
    from insights.reporting.executive.heard import Experiments
    from insights.reporting.executive.how_many import ByK

    Rows = tuple[list[str], list[list[str]]]


def hour_rows(hours: Hours) -> Rows:
    """Lines an hour on an average day; only hours with any."""
    days = an_average_day(hours)
    there = [hour for hour, count in enumerate(hours.together) if count]
    rows = [
        [Format.HOUR.of(hour), *(Format.NUMBER.of(counts[hour]) for _, counts in days)]
        for hour in there
    ]
    return ["from", *(kind for kind, _ in days)], rows


def k_rows(by_k: ByK) -> Rows:
    """A row a number of segments; the one in use and the elbow are named."""
    rows = [
        [
            f"{one.k}{_marked(one.k, by_k)}",
            Format.NUMBER.of(one.inertia),
            UNKNOWN if one.silhouette is None else Format.NUMBER.of(one.silhouette),
        ]
        for one in by_k.tried
    ]
    return ["segments", "inertia", "silhouette"], rows


def experiment_rows(experiments: Experiments) -> Rows:
    """An arm each against the first of its experiment."""
    rows = [[one.name, *row] for one in experiments.parts for row in one.rows]
    return ["experiment", *experiments.head], rows


def _marked(k: int, by_k: ByK) -> str:
    marks = ", ".join(
        name for name, at in (("in use", by_k.in_use), ("elbow", by_k.elbow)) if at == k
    )
    return f" ({marks})" if marks else ""
