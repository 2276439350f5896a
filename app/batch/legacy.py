"""Customers with the columns that older systems write, for who has something that reads these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from snapshot.clusterers.density import Dbscan
from stream.errors import InputError
from stream.model.space import space_of

if TYPE_CHECKING:
    from snapshot.batch_fit import BatchFit
    from snapshot.moment import Moment
    from stream.model.arrays import Floats, Ints

NAMES = (
    "CustomerID",
    "total_orders",
    "avg_order_value",
    "night_ratio",
    "weekend_ratio",
    "category_diversity",
    "kmeans_cluster",
    "dbscan_cluster",
    "marketing_action",
)


def legacy_table(
    moment: Moment, fit: BatchFit, segment_ids: pa.ChunkedArray, actions: pa.Array
) -> pa.Table:
    """`kmeans_cluster` is 0 for the first learned segment, and so on; rule segments come behind
    the learned ones. `dbscan_cluster` is DBSCAN's over all customers, -1 for noise."""
    table = moment.table
    space = space_of(fit.lens.features)
    points = space.project(table.columns(space.needs))
    columns = {
        "CustomerID": pa.array(table.ids, pa.string()),
        "total_orders": pa.array(_column(moment, "orders").round().astype(np.int64)),
        "avg_order_value": pa.array(_column(moment, "average_order_value")),
        "night_ratio": pa.array(_column(moment, "night_ratio")),
        "weekend_ratio": pa.array(_column(moment, "weekend_ratio")),
        "category_diversity": pa.array(_diversity(moment)),
        "kmeans_cluster": pa.array(_numbers(fit, segment_ids)),
        "dbscan_cluster": pa.array(_dense(points)),
        "marketing_action": actions,
    }
    return pa.table([columns[name] for name in NAMES], names=list(NAMES))


def _column(moment: Moment, name: str) -> Floats:
    return moment.table.columns([name])[:, 0]


def _diversity(moment: Moment) -> Ints:
    """Different categories; different products where the file says nothing of categories."""
    categories = _column(moment, "distinct_categories")
    found = categories if categories.any() else _column(moment, "distinct_products")
    return found.round().astype(np.int64)


def _numbers(fit: BatchFit, segment_ids: pa.ChunkedArray) -> Ints:
    """Everybody is where the nearest centre is, whichever clusterer found these."""
    learned = list(dict.fromkeys(one.segment.id for one in fit.lens.centroids))
    ruled = [rule.segment.id for rule in fit.lens.rule_segments]
    places = {each: place for place, each in enumerate([*learned, *ruled])}
    return np.array([places.get(each, -1) for each in segment_ids.to_pylist()], np.int64)


def _dense(points: Floats) -> Ints:
    try:
        return Dbscan().fit(points, None).labels
    except InputError:
        return np.full(len(points), -1, np.int64)
