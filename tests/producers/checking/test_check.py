from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.checking.check import check
from producers.checking.codes import OddCodesSoFar
from producers.checking.distinct import DistinctHashes
from producers.checking.kinds import ColumnFactsSoFar
from producers.checking.report import Count, Example
from producers.checking.row_hashes import cell_hashes, row_hashes
from producers.checking.spread import Spread
from producers.reading.dataset import Dataset

ONLINE_RETAIL = Path("../shared/data/online_retail.csv.gz")


@pytest.mark.skipif(not ONLINE_RETAIL.exists(), reason="needs the shared test data")
def test_online_retail_has_the_figures_that_are_known_of_it() -> None:
    report = check(Dataset.open(ONLINE_RETAIL))
    assert (report.rows, report.transactions) == (541_909, 406_829)
    assert report.rejected == {"no_customer": 135_080}
    assert (report.first, report.last) == ("2010-12-01T08:26:00Z", "2011-12-09T12:50:00Z")
    assert report.customers == Count(4_372)
    assert report.orders == Count(25_900)
    assert report.products == Count(4_070)
    assert report.duplicate_rows == Count(5_268)
    missing = {column.name: column.missing for column in report.columns if column.missing}
    assert missing == {"Description": 1_454, "CustomerID": 135_080}
    returns = report.returns
    assert (returns.cancellation_lines, returns.cancelled_orders) == (9_288, Count(3_836))
    assert returns.negative_quantity_lines == 10_624
    assert (returns.free_lines, returns.negative_price_lines) == (2_515, 2)
    assert report.odd_codes is not None
    assert (report.odd_codes.codes, report.odd_codes.lines) == (33, 2_995)
    ends = {found.field: (found.smallest[0], found.largest[0]) for found in report.outliers}
    assert ends["quantity"] == (Example(-80_995.0, 540_423), Example(80_995.0, 540_422))
    assert ends["unit_price"] == (Example(-11_062.06, 299_984), Example(38_970.0, 222_682))
    kinds = {column.name: column.kind for column in report.columns}
    assert kinds["Quantity"] == kinds["CustomerID"] == "integer"
    assert (kinds["InvoiceDate"], kinds["UnitPrice"]) == ("date", "number")
    assert kinds["InvoiceNo"] == "text (98.3% numbers)"


def test_a_file_without_one_usable_row_has_a_report(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("customer,date,amount\n,soon,free\n,,\nx\n")
    report = check(Dataset.open(path))
    assert (report.rows, report.transactions, report.first) == (3, 0, None)
    assert report.rejected == {"no_customer": 2, "malformed_row": 1}
    assert report.outliers == ()


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), max_size=300), st.integers(1, 40))
def test_repeats_are_exact_while_there_is_room(values: list[int], cut: int) -> None:
    hashes = cell_hashes(pa.array([str(value) for value in values], pa.string()))
    counted = DistinctHashes()
    for start in range(0, len(hashes), cut):
        counted.add(hashes[start : start + cut])
        counted.distinct()
    assert counted.distinct() == Count(len(set(values)))
    assert counted.repeats() == Count(len(values) - len(set(values)))


def test_repeats_are_estimated_within_a_few_percent_when_there_is_none() -> None:
    hashes = cell_hashes(pa.array(np.arange(200_000)))
    counted = DistinctHashes(most=20_000)
    for batch in np.array_split(np.concatenate([hashes, hashes[:100_000]]), 30):
        counted.add(batch)
        counted.distinct()
    distinct, repeats = counted.distinct(), counted.repeats()
    assert (distinct.is_exact, repeats.is_exact) == (False, False)
    assert distinct.value == pytest.approx(200_000, rel=0.05)
    assert repeats.value == pytest.approx(100_000, rel=0.05)


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=4), st.none() | st.text(max_size=4)), min_size=1))
def test_equal_rows_and_only_they_have_equal_hashes(rows: list[tuple[str, str | None]]) -> None:
    safe = [
        tuple(cell and cell.encode("utf-8", "replace").decode() for cell in row) for row in rows
    ]
    batch = pa.RecordBatch.from_arrays(
        [pa.array(column, pa.string()) for column in zip(*safe, strict=True)], names=["a", "b"]
    )
    hashes = row_hashes(batch).tolist()
    assert Counter(Counter(hashes).values()) == Counter(Counter(safe).values())
    assert hashes[1:] == row_hashes(batch.slice(1)).tolist()


def test_outliers_are_found_on_both_sides_with_their_rows() -> None:
    spread = Spread("quantity")
    values = np.r_[np.tile([1.0, 2, 6, 12], 1_000), 80_995.0, -74_215.0]
    for batch in np.array_split(np.arange(len(values)), 7):
        spread.add(values[batch], batch + 1)
    found = spread.outliers()
    assert found is not None
    assert found.outside == Count(2)
    assert found.largest[0] == Example(80_995.0, 4_001)
    assert found.smallest[0] == Example(-74_215.0, 4_002)


def test_outliers_of_a_sample_are_scaled_up() -> None:
    spread = Spread("quantity", most=1_000)
    values = np.tile(np.r_[np.ones(9), 1e6], 10_000)
    np.random.default_rng(1).shuffle(values)
    for batch in np.array_split(np.arange(len(values)), 13):
        spread.add(values[batch], batch)
    found = spread.outliers()
    assert found is not None
    assert not found.outside.is_exact
    assert found.outside.value == pytest.approx(10_000, rel=0.35)


def test_codes_are_odd_only_where_the_others_are_alike() -> None:
    numbered, named = OddCodesSoFar(), OddCodesSoFar()
    numbered.add(pa.array(["71053"] * 99 + ["POST", None]))
    named.add(pa.array(["71053", "apples", "pears"]))
    found = numbered.found()
    assert found is not None
    assert found.examples == (("POST", 1),)
    assert named.found() is None


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pa.array(["1", "2", None]), "integer"),
        (pa.array(["1.5", "2"]), "number"),
        (pa.array(["2010-12-01", "2010-12-02 08:26"]), "date"),
        (pa.array(["1", "x", "3", "y"]), "text (50.0% numbers)"),
        (pa.array([None, None], pa.string()), "empty"),
        (pa.array([1, 2]), "integer"),
        (pa.array([True]), "bool"),
    ],
)
def test_a_column_is_called_what_it_holds(column: pa.Array, kind: str) -> None:
    facts = ColumnFactsSoFar()
    facts.add(column)
    assert facts.kind() == kind
