"""A table with a row a customer in segments, as `shoal segment` finds them, ready for a page."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.csv

from app.batch.people import advice_of, customers_of
from app.batch.people_page import people_page
from app.dashboard.pictures.shown import Shown
from app.dashboard.theme import colour
from insights.playbook.plays import playbook
from insights.points import Points
from producers.attributes.reading import read_customers
from snapshot.attributes.cells import Numbers, Texts
from snapshot.attributes.fitting import Wish, fit_table
from snapshot.clusterers.sampling import sampled_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.batch.actions import Advised
    from app.dashboard.given import Given
    from snapshot.attributes.cells import Cells
    from snapshot.attributes.fitting import TableFit
    from stream.model.arrays import Floats, Ints

ALGORITHMS = {"agglomerative": "ward", "consensus": "ensemble"}
"""Where what is asked for is called otherwise from what fits it."""

DRAWN = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """What a page shows of one try."""

    name: str
    segments: tuple[Shown, ...]
    sizes: Mapping[str, int]
    """By segment id."""

    descriptions: Mapping[str, str]
    advice: tuple[Advised, ...]
    drawn: tuple[str | None, ...]
    """The segments of those who are drawn."""

    points: Points
    """Of the same customers."""

    numbers: Mapping[str, Floats]
    labels: Mapping[str, tuple[str | None, ...]]
    """Their columns, as the table has them; dates as days since 1970."""

    dates: frozenset[str]
    customers: int
    remarks: tuple[str, ...]
    customers_csv: bytes
    report: str
    model_json: str


def tried_people(given: Given, clusterer: str, k: int | None, say: Callable[[str], None]) -> People:
    """Reads, recognises columns, fits and names; says what it is at."""
    say("Reading the table")
    with given.source() as source:
        read = read_customers(source.names[0], given.options.limits)
    say("Finding segments")
    found = fit_table(read.table, Wish(ALGORITHMS.get(clusterer, clusterer), k))
    return _people(given.name, found, (*read.remarks, *found.remarks))


def _people(name: str, found: TableFit, remarks: tuple[str, ...]) -> People:
    centroids, labels = found.model.lens.centroids, found.placed.labels
    rows = sampled_rows(len(labels), DRAWN)
    ids = [one.segment.id for one in centroids]
    numbers, texts, dates = _columns(found, rows)
    advice = tuple(advice_of(found, playbook()))
    written = io.BytesIO()
    pyarrow.csv.write_csv(customers_of(found, advice), written)
    return People(
        name=name,
        segments=tuple(
            Shown(one.segment.id, one.segment.name, colour(one.segment.id)) for one in centroids
        ),
        sizes={one: int((labels == place).sum()) for place, one in enumerate(ids)},
        descriptions={one.segment.id: one.description for one in centroids},
        advice=advice,
        drawn=tuple(ids[label] if label >= 0 else None for label in labels[rows].tolist()),
        points=_points(found, rows),
        numbers=numbers,
        labels=texts,
        dates=dates,
        customers=len(found.ids),
        remarks=remarks,
        customers_csv=written.getvalue(),
        report=people_page(name, found, advice, remarks),
        model_json=found.model.model_dump_json(indent=1),
    )


def _points(found: TableFit, rows: Ints) -> Points:
    names = tuple(feature.name for feature in found.model.lens.features)
    return Points(names, found.fit.points[rows])


def _columns(
    found: TableFit, rows: Ints
) -> tuple[dict[str, Floats], dict[str, tuple[str | None, ...]], frozenset[str]]:
    numbers: dict[str, Floats] = {}
    texts: dict[str, tuple[str | None, ...]] = {}
    dates: set[str] = set()
    for column in found.model.columns:
        cells: Cells = found.found.used[column.name]
        if isinstance(cells, Texts):
            texts[column.name] = tuple(cells.values.take(rows).to_pylist())
        elif isinstance(cells, Numbers):
            numbers[column.name] = cells.values[rows]
        else:
            numbers[column.name] = cells.days[rows]
            dates.add(column.name)
    return numbers, texts, frozenset(dates)
