"""The charts of a report, drawn from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts import (
    Bar,
    Cloud,
    Format,
    Slice,
    Standing,
    bar_chart,
    column_chart,
    heat_map,
    pie_chart,
    radar,
    scatter,
)
from insights.charts.colours import PALETTE, colour_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from insights.charts import Chart
    from insights.reporting.executive.pictured import Column, Pictures, Points
    from insights.reporting.executive.report import LensPart, Moves

WIDTH = 336
"""Three stand side by side on a page, one on a phone."""

WEEKEND_OF_WEEK = 2 / 7
MONTHS = ("J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D")


def segment_charts(lens: LensPart) -> Iterator[Chart]:
    """Sizes as a ring and as bars, and where the money came from."""
    there = [one for one in lens.segments if one.customers]
    colours = colours_of(lens)
    if there:
        slices = [Slice(one.name, one.customers, colours[one.id]) for one in there]
        yield pie_chart("How many there are", slices, width=WIDTH)
        bars = [
            Bar(one.name, one.customers, f"{one.customers:,}", colours[one.id]) for one in there
        ]
        yield bar_chart("Customers", bars, width=WIDTH)
    money = [(one, one.revenue) for one in there if one.revenue]
    if money:
        brought = [Bar(one.name, revenue, "", colours[one.id]) for one, revenue in money]
        yield bar_chart("Revenue in the period", brought, width=WIDTH)
    expected = [(one, one.clv) for one in there if one.clv]
    if expected:
        bars = [Bar(one.name, clv, "", colours[one.id]) for one, clv in expected]
        yield bar_chart("Expected spend of one customer", bars, width=WIDTH)


def colours_of(lens: LensPart) -> dict[str, str]:
    """By id, the same in every chart."""
    return {one.id: colour_of(place) for place, one in enumerate(lens.segments)}


def matrix(moves: Moves, title: str, width: int = 640) -> Chart:
    """Rows are segments at the beginning, columns at the end."""
    return heat_map(
        title,
        moves.rows,
        moves.columns,
        [[float(count) for count in row] for row in moves.customers],
        row_label="from",
        column_label="to",
        width=width,
    )


def radars(pictures: Pictures, lens: LensPart) -> Iterator[Chart]:
    """One a segment, each beside everybody."""
    if pictures.profiles is None:
        return
    colours = _by_name(lens)
    for shape in pictures.profiles.shapes:
        yield radar(
            shape.segment,
            pictures.profiles.axes,
            shape.values,
            pictures.profiles.everybody,
            colour=colours.get(shape.segment, colour_of(0)),
            width=WIDTH,
        )


def customer_charts(pictures: Pictures, lens: LensPart | None) -> Iterator[Chart]:
    """Customers as points, what goes together, what orders bring, when they are made."""
    if pictures.recency_and_spend:
        yield scatter(
            "Recency and money",
            _clouds(pictures.recency_and_spend, lens),
            x_label="days since the last order",
            y_label="spend",
            y_format=Format.POWER,
            width=WIDTH,
            height=300,
        )
    if pictures.plane:
        yield scatter(
            "Customers, as far apart as can be",
            _clouds(pictures.plane.points, lens),
            x_label=pictures.plane.says[0],
            y_label=pictures.plane.says[1],
            width=WIDTH,
            height=300,
        )
    if pictures.order_values:
        yield _order_values(pictures.order_values)
    weekend = [Bar(one.segment, one.weekend) for one in pictures.habits if one.weekend is not None]
    if weekend:
        alike = Bar("2 of 7 days", WEEKEND_OF_WEEK, colour=PALETTE[-1])
        title = "Purchases at the weekend"
        yield bar_chart(title, [*weekend, alike], form=Format.PERCENT, width=WIDTH)
    night = [Bar(one.segment, one.night) for one in pictures.habits if one.night is not None]
    if any(bar.value for bar in night):
        yield bar_chart("Purchases from 22 to 6 o'clock", night, form=Format.PERCENT, width=WIDTH)
    if pictures.months:
        columns = [Standing(*pair) for pair in zip(MONTHS, pictures.months, strict=True)]
        yield column_chart("Orders by month of the year", columns, form=Format.PERCENT, width=WIDTH)


def correlation_chart(pictures: Pictures) -> Chart | None:
    """A square, with its diagonal left out."""
    found = pictures.correlations
    if found is None:
        return None
    values = [
        [float("nan") if row == column else value for column, value in enumerate(across)]
        for row, across in enumerate(found.values)
    ]
    return heat_map("What goes together", found.features, found.features, values, width=640)


def _clouds(points: Sequence[Points], lens: LensPart | None) -> list[Cloud]:
    """In the lens' order, so that colours are the segments' own."""
    by_name = {one.segment: one for one in points}
    names = [one.name for one in lens.segments] if lens else list(by_name)
    return [
        Cloud(name, by_name[name].xs, by_name[name].ys) if name in by_name else Cloud(name, (), ())
        for name in names
    ]


def _order_values(columns: Sequence[Column]) -> Chart:
    labels = [Format.NUMBER.of(round(one.begins)) for one in columns]
    return column_chart(
        "What an order brings (last column: more)",
        [Standing(label, one.customers) for label, one in zip(labels, columns, strict=True)],
        y_label="customers",
        every=6,
        width=WIDTH,
    )


def _by_name(lens: LensPart) -> dict[str, str]:
    colours = colours_of(lens)
    return {one.name: colours[one.id] for one in lens.segments}
