"""A file's customers in segments, as `shoal segment` finds them, with what speaks for their number.

One way for all: the same fold, the same fits. Only the lens that comes first is fitted here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.csv

from app.backtest.variants import few_will_do, with_k, without_k
from app.dashboard.descriptions import descriptions
from app.dashboard.nesting import merged
from app.dashboard.pictures.points import axes_of
from app.log_tasks import task_rules
from app.queries.sample import Sample
from app.queries.views import SegmentView
from app.segmenting import Wanted, customer_table, segmented
from app.tuning.population import population
from app.tuning.trees import for_many_k
from app.warming import warm_up
from app.wiring import Wiring
from consumers.sink.schema import column_of
from snapshot.choosing import try_each
from snapshot.clusterers.elbow import elbow
from snapshot.clusterers.known import FINDS_K
from snapshot.clusterers.sampling import sampled_rows
from stream.errors import ShoalError
from stream.settings import Settings
from stream.settings.lenses import lens_specs, main_lens

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.dashboard.given import Given
    from app.dashboard.nesting import Merged
    from app.dashboard.one_run import Patience
    from app.segmenting import Segmented
    from snapshot.choosing import Tried
    from snapshot.table import CustomerTable
    from stream.contracts.lens import LensModel
    from stream.settings.lenses import LensSpec

LEAST_K, MOST_K = 2, 10
EVIDENCE_OF = 3_000
"""Customers that the curves are made of: clusterers that build trees take the square of it."""

DRAWN = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a page shows of one try."""

    name: str
    lens: str
    transactions: int
    rejected: int
    segments: tuple[SegmentView, ...]
    drawn: Sample
    curves: tuple[Tried, ...]
    """Number by number; none where the clusterer finds the number itself."""

    elbow: int | None
    k: int
    customers_csv: bytes
    tree: Merged | None
    """Of the customers drawn, by what the lens compares."""

    @property
    def customers(self) -> int:
        return self.drawn.customers


def settings_for(settings: Settings, clusterer: str, k: int | None) -> Settings:
    """One lens alone, fitted by this clusterer; k None: as many as hold."""
    lens = main_lens(settings)
    own = settings.lenses[lens]
    parameters = own.clusterer_parameters if clusterer == own.clusterer else {}
    tables = settings.model_dump(exclude_none=True)
    tables["lenses"] = {
        lens: tables["lenses"][lens] | {"clusterer": clusterer, "clusterer_parameters": parameters}
    }
    alone = Settings.model_validate(tables)
    return few_will_do(without_k(alone) if k is None else with_k(alone, k))


def tried(
    given: Given, settings: Settings, patience: Patience, say: Callable[[str], None]
) -> Answer:
    """Reads, folds, fits and measures; says what it is at."""
    wiring = Wiring(settings)
    say("Getting ready")
    warm_up(task_rules(settings, wiring.topics(1)), lens_specs(settings), say)
    say("Reading the transactions and finding segments")
    with given.source() as source:
        done = segmented(wiring, Wanted(source, settings, Path()), patience)
    say("Trying other numbers of segments")
    return _answer(given.name, done, settings)


def _answer(name: str, done: Segmented, settings: Settings) -> Answer:
    spec = lens_specs(settings)[0]
    model = done.run.models.last
    lens = model.lens(spec.name) if model else None
    assert lens is not None  # or there would have been an InputError
    segments = _views(done, lens)
    curves, place = _curves(done.moment.table, spec)
    written = io.BytesIO()
    pyarrow.csv.write_csv(customer_table(done, settings), written)
    drawn = _drawn(done, spec.name)
    return Answer(
        name=name,
        lens=spec.name,
        transactions=done.run.rows,
        rejected=done.rejected,
        segments=segments,
        drawn=drawn,
        curves=curves,
        elbow=place,
        k=len({centroid.segment.id for centroid in lens.centroids}),
        customers_csv=written.getvalue(),
        tree=merged(
            drawn,
            axes_of(lens),
            [one.segment_id for one in segments if one.kind == "learned"],
        ),
    )


def _views(done: Segmented, lens: LensModel) -> tuple[SegmentView, ...]:
    """Those that somebody is in, as the database would have them, the largest first."""
    at, table = done.moment.lenses[lens.lens], done.moment.table
    said = descriptions(lens)
    ruled = {rule.segment.id for rule in lens.rule_segments}
    spend = table.names.index("spend")
    found = []
    for code, segment in enumerate(at.segments):
        rows = np.flatnonzero(at.published == code)
        if not len(rows):
            continue
        means = table.features[rows].mean(axis=0).tolist()
        view = SegmentView(
            lens=lens.lens,
            segment_id=segment.id,
            name=segment.name,
            kind="rule" if segment.id in ruled else "learned",
            description=said.get(segment.id, ""),
            fitted_customers=None,
            model_version=at.version,
            is_retired=False,
            customers=len(rows),
            share=len(rows) / len(table),
            means=dict(zip(map(column_of, table.names), means, strict=True)),
            revenue=float(table.features[rows, spend].sum()),
        )
        found.append(view)
    return tuple(sorted(found, key=lambda one: (-one.customers, one.segment_id)))


def _drawn(done: Segmented, lens: str) -> Sample:
    table = done.moment.table
    rows = sampled_rows(len(table), DRAWN)
    ids = done.moment.lenses[lens].segment_ids()
    features = {
        column_of(name): table.features[rows, place] for place, name in enumerate(table.names)
    }
    return Sample(len(table), tuple(ids[row] for row in rows.tolist()), features)


def _curves(table: CustomerTable, spec: LensSpec) -> tuple[tuple[Tried, ...], int | None]:
    """What other numbers would have come to; nothing where there is nothing to compare."""
    if spec.clusterer in FINDS_K:
        return (), None
    try:
        points = population(table, replace(spec, outliers=0.0), 1).points
        points = points[sampled_rows(len(points), EVIDENCE_OF)]
        clusterer = for_many_k(spec.clusterer, spec.clusterer_parameters)
        curves = tuple(try_each(points, clusterer, LEAST_K, MOST_K))
    except ShoalError:  # so few or so equal customers that no other number can be made
        return (), None
    place = elbow([one.inertia for one in curves])
    return curves, None if place is None else curves[place].k
