"""`profiles.parquet`: a row a customer at the end, with every feature and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from app.backtest.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from app.backtest.standing import Standing
    from snapshot.moment import Moment
    from stream.contracts.lens import LensModel


def write_profiles(
    file: Path, moment: Moment, lenses: Sequence[LensModel], outliers: Mapping[str, float]
) -> None:
    """The lenses as they run. Columns of the first have plain names, those of others begin with
    the lens' name; `outliers` says for each which share its fits leave out."""
    pq.write_table(profiles_table(moment, lenses, outliers), file, compression="zstd")


def profiles_table(
    moment: Moment, lenses: Sequence[LensModel], outliers: Mapping[str, float]
) -> pa.Table:
    """The same as a table."""
    columns = {"customer_id": pa.array(moment.table.ids, pa.string())}
    for place, name in enumerate(moment.table.names):
        columns[name] = pa.array(np.ascontiguousarray(moment.table.features[:, place]))
    for place, lens in enumerate(lenses):
        found = standing(moment, lens, outliers.get(lens.lens, 0.0))
        prefix = f"{lens.lens}__" if place else ""
        columns |= {f"{prefix}{name}": column for name, column in _columns(found)}
    return pa.table(columns)


def _columns(found: Standing) -> Iterator[tuple[str, pa.Array]]:
    ids = [segment and segment.id for segment in found.published]
    names = [segment and segment.name for segment in found.published]
    unfitted = np.isnan(found.outlier_scores)
    yield "segment_id", pa.array(ids, pa.string())
    yield "segment", pa.array(names, pa.string())
    yield "confidence", pa.array(found.confidence, mask=np.isnan(found.confidence))
    yield "outlier_score", pa.array(found.outlier_scores, mask=unfitted)
    yield "outlier", pa.array(found.outliers, mask=unfitted)
