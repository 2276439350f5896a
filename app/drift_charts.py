"""Drift over time as charts: of each lens the shares, the order values, and how it agrees."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from insights.charts import Format, Line, line_chart
from stream.contracts.instant import milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from insights.charts import Chart
    from stream.contracts.drift import DriftReport, LensDrift, SegmentDrift


def charts_of(reports: Sequence[DriftReport]) -> list[Chart]:
    """Lens by lens, by name."""
    lenses = sorted({lens.lens for report in reports for lens in report.lenses})
    return [chart for lens in lenses for chart in _charts(lens, reports)]


def _charts(lens: str, reports: Sequence[DriftReport]) -> list[Chart]:
    values = _by_segment(lens, reports, lambda segment: segment.order_value_effect)
    return [
        line_chart(
            f"{lens}: shares of active customers",
            _by_segment(lens, reports, lambda segment: segment.share if segment.learned else None),
            x_format=Format.DATE,
            y_format=Format.PERCENT,
            from_zero=True,
            marks=_marks(lens, reports, "segment_share"),
        ),
        line_chart(
            f"{lens}: active customers put where the batch clustering puts them",
            [
                _line("running centroids", lens, reports, _agreement),
                _line("published segments", lens, reports, _published),
            ],
            x_format=Format.DATE,
            y_format=Format.PERCENT,
            marks=_marks(lens, reports, "agreement"),
        ),
        line_chart(
            f"{lens}: what learning gains over frozen centroids",
            [_line("tracking gain", lens, reports, lambda one: one.tracking_gain)],
            x_format=Format.DATE,
            y_format=Format.PERCENT,
            from_zero=True,
            marks=_marks(lens, reports, "tracking_gain"),
        ),
        line_chart(
            f"{lens}: order value within segments against the others', in 28 days",
            values,
            x_format=Format.DATE,
            y_label="standard deviations",
            from_zero=True,
            marks=_marks(lens, reports, "order_value"),
        ),
    ]


def _by_segment(
    lens: str,
    reports: Sequence[DriftReport],
    measure: Callable[[SegmentDrift], float | None],
) -> list[Line]:
    """A line a segment that was ever measured, by its last name."""
    names = {
        segment.segment.id: segment.segment.name
        for report in reports
        for one in report.lenses
        if one.lens == lens
        for segment in one.segments
        if measure(segment) is not None
    }

    def of(segment_id: str) -> Callable[[LensDrift], float | None]:
        return lambda one: next(
            (measure(each) for each in one.segments if each.segment.id == segment_id), None
        )

    return [_line(name, lens, reports, of(segment_id)) for segment_id, name in names.items()]


def _line(
    name: str,
    lens: str,
    reports: Sequence[DriftReport],
    measure: Callable[[LensDrift], float | None],
) -> Line:
    xs, ys = [], []
    for report in reports:
        value = next((measure(one) for one in report.lenses if one.lens == lens), None)
        xs.append(float(milliseconds(report.instant)))
        ys.append(nan if value is None else value)
    return Line(name, xs, ys)


def _agreement(lens: LensDrift) -> float | None:
    return lens.agreement.share if lens.agreement else None


def _published(lens: LensDrift) -> float | None:
    return lens.published_agreement.share if lens.published_agreement else None


def _marks(lens: str, reports: Sequence[DriftReport], kind: str) -> list[tuple[float, str]]:
    """When alerts of the kind were raised."""
    return [
        (float(milliseconds(report.instant)), "!")
        for report in reports
        if any(one.kind == kind and (one.lens or one.subject) == lens for one in report.alerts)
    ]
