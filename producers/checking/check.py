"""The data-quality report: what is in a file, and what would become of it.

One pass, in bounded memory: everything is counted as it comes by, and only hashes and
samples are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.checking.codes import OddCodesSoFar, is_cancellation
from producers.checking.distinct import DistinctHashes
from producers.checking.kinds import ColumnFactsSoFar
from producers.checking.report import ColumnFacts, Report, Returns
from producers.checking.row_hashes import cell_hashes, row_hashes
from producers.checking.spread import Spread
from producers.reading.identifiers import identifiers
from producers.reading.normalise import field_numbers
from producers.reading.rejects import Tally

if TYPE_CHECKING:
    from producers.reading.dataset import Dataset, Pass
    from producers.reading.numbers import Numbers
    from producers.sources.seam import RawBatch

COUNTED = ("customer_id", "order_id", "product_id")


def check(dataset: Dataset) -> Report:
    """Goes through the dataset once. Raises SourceError where it can't be read to its end."""
    counts = _Counts(dataset)
    for one in dataset.passes():
        counts.add(one)
    return counts.report()


class _Counts:
    """Everything the report needs, so far."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._tally = Tally()
        self._rows = DistinctHashes()
        self._distinct = {field: DistinctHashes() for field in COUNTED}
        self._cancelled_orders = DistinctHashes()
        self._columns = {name: ColumnFactsSoFar() for name in dataset.source_columns}
        self._spreads = {field: Spread(field) for field in ("quantity", "unit_price", "amount")}
        self._odd_codes = OddCodesSoFar()
        self._lines = dict.fromkeys(("negative", "cancelled", "free", "negative_price"), 0)
        self._first_ms: int | None = None
        self._last_ms: int | None = None

    def add(self, one: Pass) -> None:
        rows = one.raw.rows
        self._tally.add(one.raw, one.normalised.reasons)
        self._rows.add(row_hashes(rows))
        for name in rows.schema.names:
            self._columns[name].add(rows.column(name))
        self._add_codes(rows)
        self._add_numbers(one.raw)
        self._add_times(one.normalised.lines.column("occurred_at"))

    def _add_codes(self, rows: pa.RecordBatch) -> None:
        for field, distinct in self._distinct.items():
            for name in self._dataset.columns.of(field):
                ids = identifiers(rows.column(name))
                distinct.add(cell_hashes(ids.drop_null()))
                if field == "product_id":
                    self._odd_codes.add(ids)
                if field == "order_id":
                    cancelled = ids.filter(is_cancellation(ids))
                    self._lines["cancelled"] += len(cancelled)
                    self._cancelled_orders.add(cell_hashes(cancelled))

    def _add_numbers(self, raw: RawBatch) -> None:
        rows = raw.numbers()
        found: dict[str, Numbers] = {}
        for field, spread in self._spreads.items():
            if field in self._dataset.columns:
                found[field] = field_numbers(raw.rows, self._dataset.reading, field)
                usable = found[field].usable
                spread.add(found[field].values[usable], rows[usable])
        if "quantity" in found:
            self._lines["negative"] += int(np.count_nonzero(found["quantity"].values < 0))
        if (price := found.get("unit_price", found.get("amount"))) is not None:
            self._lines["free"] += int(np.count_nonzero((price.values == 0) & price.usable))
        if "unit_price" in found:
            self._lines["negative_price"] += int(np.count_nonzero(found["unit_price"].values < 0))

    def _add_times(self, instants: pa.Array) -> None:
        if not len(instants):
            return
        ends = pc.min_max(instants.cast(pa.int64())).as_py()
        self._first_ms = min(ends["min"], ends["min"] if self._first_ms is None else self._first_ms)
        self._last_ms = max(ends["max"], ends["max"] if self._last_ms is None else self._last_ms)

    def report(self) -> Report:
        spreads = (spread.outliers() for spread in self._spreads.values())
        return Report(
            source=self._dataset.name,
            format=self._dataset.described(),
            rows=self._tally.rows,
            transactions=self._tally.accepted,
            rejected=self._tally.counts(),
            first=_iso(self._first_ms),
            last=_iso(self._last_ms),
            customers=self._distinct["customer_id"].distinct(),
            orders=self._distinct["order_id"].distinct(),
            products=self._distinct["product_id"].distinct(),
            duplicate_rows=self._rows.repeats(),
            columns=self._column_facts(),
            outliers=tuple(found for found in spreads if found),
            returns=self._returns(),
            odd_codes=self._odd_codes.found(),
            lacks=self._dataset.lacks,
        )

    def _column_facts(self) -> tuple[ColumnFacts, ...]:
        used = {
            name: field for field, parts in self._dataset.columns.fields.items() for name in parts
        }
        return tuple(
            ColumnFacts(name, used.get(name), facts.kind(), facts.missing)
            for name, facts in self._columns.items()
        )

    def _returns(self) -> Returns:
        return Returns(
            negative_quantity_lines=self._lines["negative"],
            cancellation_lines=self._lines["cancelled"],
            cancelled_orders=self._cancelled_orders.distinct(),
            free_lines=self._lines["free"],
            negative_price_lines=self._lines["negative_price"],
        )


def _iso(epoch_ms: int | None) -> str | None:
    """
    >>> _iso(1_291_191_960_000)
    '2010-12-01T08:26:00Z'
    """
    if epoch_ms is None:
        return None
    return f"{np.datetime64(epoch_ms, 'ms')}".removesuffix(".000") + "Z"
