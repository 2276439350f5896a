"""`segment_customers`: from a table to segments, for programs and notebooks."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from snapshot.algorithms import KMEANS
from snapshot.attributes.fitting import OUTLIERS, Wish, fit_table
from snapshot.attributes.placing import Placing
from snapshot.attributes.recognising import Chosen
from snapshot.purchases.fields import fields_of
from snapshot.purchases.segmenting import segment_purchases
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from snapshot.attributes.contract import TableModel
    from snapshot.measures import Measures
    from snapshot.purchases.segmenting import PurchasesFit
    from stream.contracts.model import SegmentModel

Kind = Literal["auto", "customers", "transactions"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment for people."""

    id: str
    name: str
    customers: int
    description: str


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """What came of a table."""

    customers: Any
    """A row a customer, as a pandas frame where one was given, else as an Arrow table."""

    segments: tuple[Segment, ...]
    measures: Measures
    model: SegmentModel | TableModel
    remarks: tuple[str, ...]
    """What was left out or filled in, in sentences."""

    def save(self, file: Path) -> None:
        """The model, as `shoal predict --model FILE` reads it."""
        file.write_text(self.model.model_dump_json(indent=1), "utf-8")

    def predict(self, table: Any) -> Any:
        """Segments of others, by a table with the same columns about each. Of a table of customers
        only: a customer's purchases are folded first, which `segment_customers` does."""
        from snapshot.attributes.contract import TableModel

        if not isinstance(self.model, TableModel):
            raise InputError(
                "a model of purchases assigns by features of profiles: save it, and ask "
                "`shoal predict --model FILE` or the API"
            )
        placing = Placing(self.model)
        who, placed, _ = placing.of_table(_arrow(table))
        segments = [one.segment for one in placing.segments]
        columns = {
            who.column or "customer": pa.array(who.ids, pa.string()),
            **_segments_of(placed.labels, [(one.id, one.name) for one in segments]),
            "confidence": pa.array(placed.confidence, mask=np.isnan(placed.confidence)),
        }
        return _as_given(pa.table(columns), table)


def segment_customers(
    table: Any,
    k: int | Literal["auto"] = "auto",
    *,
    algorithm: str = KMEANS,
    kind: Kind = "auto",
    id_column: str | None = None,
    columns: Sequence[str] = (),
    leave_out: Sequence[str] = (),
    outliers: float = OUTLIERS,
    fields: Mapping[str, str] | None = None,
) -> Segmentation:
    """The customers of a pandas frame or an Arrow table in segments.

    `kind` says what a row is; by itself it is a purchase where there are columns for customer, time
    and money, and customers come again. Of purchases `fields` says which column is which
    (`{"customer_id": "household"}`) where the name doesn't; of customers `columns` and `leave_out`
    say what they are compared by. Raises InputError for what can't be segmented.
    """
    if k != "auto" and (isinstance(k, bool) or not isinstance(k, int) or not 2 <= k <= 100):
        raise InputError(f"k is {k!r}: say 'auto', or a number from 2 to 100")
    count = None if k == "auto" else k
    rows = _arrow(table)
    if _is_of_purchases(rows, kind, fields):
        return _of_purchases(segment_purchases(rows, count, algorithm, fields), table)
    chosen = Chosen(id_column, tuple(columns), tuple(leave_out))
    found = fit_table(rows, Wish(algorithm, count, outliers, chosen))
    lens = found.model.lens
    segments = [(one.segment.id, one.segment.name) for one in lens.centroids]
    confidence = found.placed.confidence
    made = {
        found.found.who.column or "customer": pa.array(found.ids, pa.string()),
        **_segments_of(found.placed.labels, segments),
        "confidence": pa.array(confidence, mask=np.isnan(confidence)),
        "outlier": pa.array(found.fit.outliers | (found.placed.labels < 0)),
    }
    shown = found.found.shown
    made |= {name: shown[name] for name in shown.column_names if name not in made}
    told = tuple(
        Segment(one.segment.id, one.segment.name, one.customers, one.description)
        for one in lens.centroids
    )
    customers = _as_given(pa.table(made), table)
    return Segmentation(customers, told, found.measures, found.model, found.remarks)


def _of_purchases(found: PurchasesFit, given: Any) -> Segmentation:
    lens = found.model.lenses[0]
    refs = [*(one.segment for one in lens.centroids), *(one.segment for one in lens.rule_segments)]
    table = found.table
    missing = np.isnan(found.confidence)
    made: dict[str, pa.Array] = {
        "customer_id": pa.array(table.ids, pa.string()),
        **_segments_of(found.codes, [(one.id, one.name) for one in refs]),
        "confidence": pa.array(found.confidence, mask=missing),
        "outlier": pa.array(found.outliers, mask=missing),
    }
    made |= {
        name: pa.array(np.ascontiguousarray(table.features[:, place]))
        for place, name in enumerate(table.names)
    }
    said = [*(one.description for one in lens.centroids)]
    said += [one.description for one in lens.rule_segments]
    sizes = np.bincount(found.codes, minlength=len(refs)).tolist()
    told = tuple(
        Segment(ref.id, ref.name, size, words)
        for ref, size, words in zip(refs, sizes, said, strict=True)
    )
    customers = _as_given(pa.table(made), given)
    return Segmentation(customers, told, found.measures, found.model, found.remarks)


def _segments_of(codes: np.ndarray, refs: Sequence[tuple[str, str]]) -> dict[str, pa.Array]:
    """-1 is in none."""
    said: list[tuple[str | None, str | None]] = [*refs, (None, None)]
    ids = [said[code][0] for code in codes.tolist()]
    names = [said[code][1] for code in codes.tolist()]
    return {"segment_id": pa.array(ids, pa.string()), "segment": pa.array(names, pa.string())}


def _is_of_purchases(table: pa.Table, kind: Kind, fields: Mapping[str, str] | None) -> bool:
    if kind not in {"auto", "customers", "transactions"}:
        raise InputError(f"kind is {kind!r}: say 'auto', 'customers' or 'transactions'")
    if kind != "auto":
        return kind == "transactions"
    if fields:
        return True
    found = fields_of(table.column_names, {})
    if not {"customer_id", "occurred_at"} <= found.keys() or not {"unit_price", "amount"} & (
        found.keys()
    ):
        return False
    ids = table[found["customer_id"]].drop_null()
    return len(ids.unique()) < len(ids)


def _arrow(table: Any) -> pa.Table:
    if isinstance(table, pa.RecordBatch):
        return pa.table(table)
    if isinstance(table, pa.Table):
        return table
    try:
        if _is_pandas(table):
            return pa.Table.from_pandas(table, preserve_index=False)
        return pa.table(table)
    except (pa.ArrowException, TypeError, ValueError) as error:
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise InputError(f"this is no table that can be read ({said}): give a frame") from None


def _is_pandas(table: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(table, pandas.DataFrame)


def _as_given(table: pa.Table, given: Any) -> Any:
    return table.to_pandas() if _is_pandas(given) else table
