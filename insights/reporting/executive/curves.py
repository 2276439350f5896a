"""The charts of a report that are lines: purchases by the hour, and what each k comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts import Format, Line, line_chart
from insights.reporting.executive.purchase_times import an_average_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insights.charts import Chart
    from insights.hours import Hours
    from insights.reporting.executive.how_many import ByK

WIDTH = 336
"""Of one beside others."""


def hours_chart(hours: Hours) -> Chart:
    """Of an average day, working days against weekends."""
    return line_chart(
        "Purchases by the hour, on an average day",
        [Line(kind, range(len(counts)), counts) for kind, counts in an_average_day(hours)],
        x_label="hour of the shopper's clock",
        y_label="lines an hour",
        x_format=Format.HOUR,
        from_zero=True,
        width=WIDTH,
        height=300,
    )


def k_charts(by_k: ByK) -> Iterator[Chart]:
    """Inertia and silhouette, with the number in use marked."""
    ks = [one.k for one in by_k.tried]
    inertia = [one.inertia for one in by_k.tried]
    yield _over_k("Inertia by the number of segments", "inertia", ks, inertia, by_k, bends=True)
    known = [(one.k, one.silhouette) for one in by_k.tried if one.silhouette is not None]
    if known:
        there, values = [k for k, _ in known], [value for _, value in known]
        yield _over_k("Silhouette by the number of segments", "silhouette", there, values, by_k)


def _over_k(
    title: str, name: str, ks: list[int], values: list[float], by_k: ByK, *, bends: bool = False
) -> Chart:
    marks = [(float(by_k.in_use), "in use")] if by_k.in_use in ks else []
    if bends and by_k.elbow is not None and by_k.elbow != by_k.in_use:
        marks.append((float(by_k.elbow), "elbow"))
    return line_chart(
        title,
        [Line(name, ks, values)],
        x_label="segments",
        y_label=name,
        from_zero=bends,
        marks=marks,
        width=WIDTH,
    )
