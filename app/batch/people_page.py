"""The report on a table with a row a customer: one HTML page that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.batch.actions import action_cards
from app.batch.distributions import distributions
from app.batch.measured import measures_table, tried_table
from insights.charts import Bar, Cloud, bar_chart, scatter
from insights.charts.colours import colour_of
from insights.points import Points, plane_of
from insights.reporting.cards import Card, cards
from insights.reporting.differences import tested_differences
from insights.reporting.html import (
    WIDTH,
    figure,
    listing,
    page,
    paragraph,
    section,
    tag,
    words,
)
from snapshot.naming.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.batch.actions import Advised
    from snapshot.attributes.fitting import TableFit
    from stream.contracts.lens import Centroid

MOST_BARS = 8
NOTE = (
    "Bars “against all customers” are in standard deviations: 0 is no difference, 0.5 a clear one, "
    "1 and more a large one. Outliers are like nobody else: they were left out of the fit, and are "
    "in the segment they are nearest to."
)


def people_page(
    name: str, found: TableFit, advice: Sequence[Advised], remarks: Sequence[str]
) -> str:
    """The whole file."""
    title = f"Customer segments of {name}"
    lens = found.model.lens
    stability = lens.fit.stability if lens.fit else None
    measured = measures_table([(found.model.algorithm, found.measures, stability)])
    parts = [
        tag("h1", words(title)),
        _facts(found),
        _parts(found),
        _cards(found),
        section("What to do", action_cards(advice)),
        section("What sets the segments apart", _importance(found) + _map(found)),
        section("How each column is distributed", distributions(found)),
        section("How good the fit is", measured + _tried(found)),
        tested_differences(found.moment, found.fit),
        section("What was done with the table", listing(remarks)) if remarks else "",
        tag("footer", paragraph(NOTE)),
    ]
    return page(title, "\n".join(part for part in parts if part))


def _facts(found: TableFit) -> str:
    noise = int((found.placed.labels < 0).sum())
    facts = [
        (f"{len(found.ids):,}", "customers"),
        (f"{len(found.model.lens.centroids):,}", "segments"),
        (f"{len(found.model.columns):,}", "columns compared by"),
        (f"{int(found.fit.outliers.sum()):,}", "outliers"),
    ]
    if noise:
        facts.append((f"{noise:,}", "in no segment"))
    return tag(
        "div",
        "".join(
            tag("div", tag("b", words(value)) + tag("span", words(what)), "fact")
            for value, what in facts
        ),
        "facts",
    )


def _parts(found: TableFit) -> str:
    """The segments' sizes side by side."""
    shown = "".join(
        f'<i style="flex:{one.customers};background:{colour_of(place)}" '
        f'title="{words(one.segment.name)}"></i>'
        for place, one in enumerate(found.model.lens.centroids)
        if one.customers
    )
    return tag("div", shown, "parts")


def _cards(found: TableFit) -> str:
    shown = [_card(one, place) for place, one in enumerate(found.model.lens.centroids)]
    return cards(shown, "Against all customers", _short)


def _card(one: Centroid, place: int) -> Card:
    return Card(
        one.segment.name,
        one.segment.id,
        (one.description,),
        effects=tuple((each.feature, each.effect or 0.0) for each in one.importance[:MOST_BARS]),
        colour=colour_of(place),
    )


def _short(axis: str) -> str:
    """Of a category the level: there is room for a word or two.

    >>> _short("preferred_category: books"), _short("annual_income")
    ('books', 'annual_income')
    """
    return axis.rpartition(": ")[2]


def _importance(found: TableFit) -> str:
    """Axes of one category are taken together: they are one column."""
    shares: dict[str, float] = {}
    for one in found.model.lens.importance:
        column = _column_of(one.feature, found)
        shares[column] = shares.get(column, 0.0) + one.share
    bars = [
        Bar(name, share, percent(min(share, 1.0)))
        for name, share in sorted(shares.items(), key=lambda pair: -pair[1])
    ]
    chart = bar_chart("Share of the differences between segments", bars[:20], width=WIDTH)
    return figure(chart)


def _column_of(axis: str, found: TableFit) -> str:
    names = [one.name for one in found.model.columns]
    if axis in names:
        return axis
    return max((name for name in names if axis.startswith(f"{name}: ")), key=len, default=axis)


def _map(found: TableFit) -> str:
    """Customers on the two directions in which they differ most."""
    names = tuple(feature.name for feature in found.model.lens.features)
    plane = plane_of(Points(names, found.fit.points))
    if plane is None:
        return ""
    flat = plane.places
    labels = found.placed.labels
    clouds = [
        Cloud(
            one.segment.name, flat[labels == place, 0].tolist(), flat[labels == place, 1].tolist()
        )
        for place, one in enumerate(found.model.lens.centroids)
    ]
    if (labels < 0).any():
        clouds.append(Cloud("(none)", flat[labels < 0, 0].tolist(), flat[labels < 0, 1].tolist()))
    chart = scatter(
        "Customers on a plane (PCA)",
        clouds,
        x_label="first component",
        y_label="second component",
        width=WIDTH,
        height=300,
    )
    note = f"The plane shows {percent(min(sum(plane.shares), 1.0))} of how customers differ."
    return figure(chart) + paragraph(note, "note")


def _tried(found: TableFit) -> str:
    if found.choice is None:
        return ""
    note = (
        "How many segments there are was found out: as many as fits on other draws "
        "find again. Outliers have no part in these figures."
    )
    return paragraph(note) + tried_table(found.choice)
