"""The segments of a table with a row a customer: from its columns to a model and everybody's place.

1. The columns are recognised, and become axes.
2. Customers are put into clusters, outliers left out.
3. The clusters become segments with names, and a model that assigns others later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.algorithms import KMEANS, algorithm_of
from snapshot.attributes.clustering import clustered
from snapshot.attributes.modelling import modelled
from snapshot.attributes.placing import Placing
from snapshot.attributes.preparing import prepared
from snapshot.attributes.recognising import Chosen, recognised
from snapshot.clusterers.clusters import NOISE
from snapshot.moment import Moment
from snapshot.table import CustomerTable
from stream.errors import InputError
from stream.model.space import space_of

if TYPE_CHECKING:
    import pyarrow as pa

    from snapshot.attributes.contract import TableModel
    from snapshot.attributes.placing import Placed
    from snapshot.attributes.preparing import Prepared
    from snapshot.attributes.recognising import Recognised
    from snapshot.batch_fit import BatchFit
    from snapshot.choosing import Choice
    from snapshot.measures import Measures
    from stream.model.arrays import Ints

OUTLIERS = 0.02
LEAST_CUSTOMERS = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for."""

    algorithm: str = KMEANS
    k: int | None = None
    """None: as many as hold."""

    outliers: float = OUTLIERS
    """The share of customers at most that the fit leaves out; they are assigned all the same."""

    chosen: Chosen = Chosen()  # noqa: RUF009 (frozen)


@dataclass(frozen=True, slots=True, eq=False)
class TableFit:
    """What it came to; an entry a customer, in the table's order."""

    model: TableModel
    found: Recognised
    moment: Moment
    fit: BatchFit
    placed: Placed
    measures: Measures
    choice: Choice | None
    """None where nobody had to choose how many segments there are."""

    remarks: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return self.found.who.ids


def fit_table(table: pa.Table, wish: Wish) -> TableFit:
    """Raises InputError where the table can't be told apart, or not into so many segments."""
    algorithm = algorithm_of(wish.algorithm)
    found = recognised(table, wish.chosen)  # 1
    _require_customers(len(found.who.ids), wish.k)
    axes = prepared(found.used)
    points = space_of(axes.features).project(axes.values)
    clusters = clustered(points, algorithm, wish.k, wish.outliers)  # 2
    moment = _moment(found, axes)
    model, fit = modelled(moment, axes, clusters, found.who.column, wish.algorithm)  # 3
    placed = Placing(model).told(points, clusters.labels, clusters.confidence)
    remarks = (*found.remarks, *axes.remarks, *_said(model, clusters.labels))
    return TableFit(model, found, moment, fit, placed, clusters.measures, clusters.choice, remarks)


def _require_customers(count: int, k: int | None) -> None:
    least = max(LEAST_CUSTOMERS, (k or 1) + 1)
    if count < least:
        raise InputError(
            f"the table has {count:,} customers, and {least:,} are needed at least"
            f"{f' for {k} segments' if k else ''}: give more, or ask for fewer segments"
        )


def _moment(found: Recognised, axes: Prepared) -> Moment:
    """As what explains segments takes it: no instant, and nobody bought anything."""
    count = len(found.who.ids)
    names = tuple(feature.name for feature in axes.features)
    nothing = np.zeros(count, np.int64)
    return Moment(CustomerTable(found.who.ids, names, axes.values, nothing, 0, 0), nothing, None)


def _said(model: TableModel, labels: Ints) -> list[str]:
    said = []
    noise = int((labels == NOISE).sum())
    if noise:
        said.append(
            f"{noise:,} of {len(labels):,} customers are in no segment: {model.algorithm} finds "
            "nobody like them"
        )
    if model.members is not None:
        said.append(
            f"the segments of {model.algorithm} have no centroids that would say who is in them: "
            "`shoal predict` goes by the nearest customer of the fit"
        )
    elif model.agreement < 1.0:
        said.append(
            f"`shoal predict` goes by the nearest centroid, which is where {model.algorithm} put "
            f"{model.agreement:.1%} of the customers"
        )
    return said
