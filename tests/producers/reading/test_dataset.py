from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from producers.lines import LINES
from producers.reading.dataset import Dataset, ReadOptions
from producers.reading.reasons import Reason
from producers.reading.rejects import RejectsFile
from stream.errors import SourceError

DATA = Path("../shared/data")
ONLINE_RETAIL = DATA / "online_retail.csv.gz"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="needs the shared test data")

HEADER = "order_id,sku,qty,date,price,discount,customer\n"
DIRTY = {
    "1,A,2,2010-12-01 08:26,2.50,-0.5,17850.0": None,
    "1,A,0,2010-12-01 08:26,0,,  007 ": None,
    ",,-1,2010-12-01T08:26:00+01:00,2.50,,7": None,
    "2,A,2,2010-12-01 08:26,2.50,,": Reason.NO_CUSTOMER,
    "2,A,2,,2.50,,": Reason.NO_CUSTOMER,
    "2,A,2,,2.50,,7": Reason.NO_DATE,
    "2,A,2,soon,2.50,,7": Reason.BAD_DATE,
    "2,A,2,1969-12-31 23:59,2.50,,7": Reason.OCCURRED_AT_OUT_OF_RANGE,
    "2,A,2,2200-01-01,2.50,,7": Reason.OCCURRED_AT_OUT_OF_RANGE,
    "2,A,2000000000,2010-12-01,2.50,,7": Reason.QUANTITY_OUT_OF_RANGE,
    "2,A\tB,2,2010-12-01,2.50,,7": Reason.PRODUCT_ID_INVALID_FIELD,
    "2,A,two,2010-12-01,2.50,,7": Reason.QUANTITY_NOT_A_NUMBER,
    '2,A,2,2010-12-01,"1,200",,7': Reason.UNIT_PRICE_NOT_A_NUMBER,
    "2,A,2,2010-12-01,2.50,10%,7": Reason.DISCOUNT_NOT_A_NUMBER,
    "2,A,,2010-12-01,2.50,,7": Reason.NO_QUANTITY,
    "2,A,2,2010-12-01,,,7": Reason.NO_PRICE,
    "2,A,2,2010-12-01,-2.50,,7": Reason.NEGATIVE_PRICE,
    "2,A,2,2010-12-01": Reason.MALFORMED_ROW,
}


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    return written(tmp_path, HEADER + "\n".join(DIRTY) + "\n")


def written(folder: Path, text: str) -> Path:
    path = folder / "shop.csv"
    path.write_text(text, encoding="utf-8")
    return path


def rows(dataset: Dataset) -> list[dict[str, object]]:
    return [row for lines in dataset.lines() for row in lines.to_pylist()]


def test_every_row_is_a_line_or_has_one_reason(dirty: Path) -> None:
    dataset = Dataset.open(dirty)
    lines = rows(dataset)
    expected = [reason for reason in DIRTY.values() if reason]
    assert dataset.rejects.by_reason.total() == len(expected)
    assert set(dataset.rejects.by_reason) == set(expected)
    assert len(lines) + dataset.rejects.rejected == dataset.rejects.rows == len(DIRTY)


def test_lines_are_cleaned_as_the_schema_wants_them(dirty: Path) -> None:
    dataset = Dataset.open(dirty)
    assert all(lines.schema == LINES for lines in dataset.lines())
    first, second, third = rows(dataset)
    assert (first["customer_id"], first["discount"]) == ("17850", 0.5)
    assert (second["customer_id"], second["unit_price"], second["discount"]) == ("007", 0.0, 0.0)
    assert (third["order_id"], third["product_id"], third["quantity"]) == (None, None, -1.0)
    assert third["occurred_at"] == datetime(2010, 12, 1, 7, 26, tzinfo=UTC)
    assert third["offset_minutes"] == 60


def test_a_rejects_file_has_row_reason_and_the_row_as_it_came(dirty: Path, tmp_path: Path) -> None:
    dataset = Dataset.open(dirty)
    path = tmp_path / "rejects.csv"
    with RejectsFile(path) as rejects:
        for _ in range(2):  # a second pass replaces the first one's
            list(dataset.lines(rejects=rejects))
    header, *written = csv.reader(path.read_text(encoding="utf-8").splitlines())
    assert header == ["row", "reason", *HEADER.strip().split(",")]
    came = list(csv.reader(DIRTY))
    expected = [
        [str(number), reason.label, *came[number - 1]]
        for number, reason in enumerate(DIRTY.values(), start=1)
        if reason
    ]
    assert written == expected


def test_a_rejects_file_never_replaces_anything_else(dirty: Path) -> None:
    before = dirty.read_bytes()
    with pytest.raises(SourceError, match="no rejects file"), RejectsFile(dirty):
        pass
    assert dirty.read_bytes() == before


def test_a_pass_that_isn_t_asked_to_writes_nothing(dirty: Path, tmp_path: Path) -> None:
    list(Dataset.open(dirty).lines())
    assert [path.name for path in tmp_path.iterdir()] == ["shop.csv"]


def test_strict_stops_at_the_first_and_names_row_field_and_value(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + "1,A,2,2010-12-01,1,,7\n1,A,two,2010-12-01,1,,7\n1,A\n")
    with pytest.raises(SourceError, match=r"shop\.csv, row 2: quantity is not.*qty is 'two'"):
        list(Dataset.open(path).lines(strict=True))


def test_a_sum_of_discounts_counts_each_of_them(tmp_path: Path) -> None:
    text = "member,day,total,retail,coupon\n1,2010-12-01,5,-1.5,\n1,2010-12-02,5,,\n"
    options = ReadOptions((("discount", "retail+coupon"), ("occurred_at", "day")))
    found = rows(Dataset.open(written(tmp_path, text), options))
    assert [row["discount"] for row in found] == [1.5, 0.0]


def test_date_and_time_apart_are_joined(tmp_path: Path) -> None:
    text = "member,date,time,total\n1,13/12/2010,826,5\n1,14/12/2010,,5\n1,,10:00,5\n"
    path = written(tmp_path, text)
    assert any("--map occurred_at=date+time" in lack for lack in Dataset.open(path).lacks)
    dataset = Dataset.open(path, ReadOptions((("occurred_at", "date+time"),)))
    found = rows(dataset)
    assert [f"{row['occurred_at']:%d %H:%M}" for row in found] == ["13 08:26", "14 00:00"]
    assert [row["time_known"] for row in found] == [True, False]
    assert dataset.rejects.counts() == {"no_date": 1}


def test_money_given_back_without_a_quantity_is_one_unit_given_back(tmp_path: Path) -> None:
    path = written(tmp_path, "member,date,total\n1,2010-12-01,5\n1,2010-12-02,-5\n")
    assert [row["quantity"] for row in rows(Dataset.open(path))] == [1.0, -1.0]


def test_an_amount_against_its_quantity_is_a_negative_price(tmp_path: Path) -> None:
    text = "member,date,qty,total\n1,2010-12-01,2,-5\n1,2010-12-01,-2,-5\n1,2010-12-01,0,-5\n"
    dataset = Dataset.open(written(tmp_path, text))
    assert len(rows(dataset)) == 2
    assert dataset.rejects.counts() == {"negative_price": 1}


def test_decimal_commas_in_a_file_cut_at_semicolons(tmp_path: Path) -> None:
    text = "Kunde;customer;date;qty;price\nx;7;13.12.2010 08:26;1;1.234,50\nx;8;1.1.2011;2;3,99\n"
    found = rows(Dataset.open(written(tmp_path, text)))
    assert [row["unit_price"] for row in found] == [1234.5, 3.99]


def test_midnights_alone_mean_there_is_no_time_of_day(tmp_path: Path) -> None:
    header = "member,date,total\n"
    dates = header + "1,2010-12-01 00:00:00,5\n1,2010-12-02 00:00:00,5\n"
    dataset = Dataset.open(written(tmp_path, dates))
    assert not any(row["time_known"] for row in rows(dataset))
    assert any("no time of day" in lack for lack in dataset.lacks)
    timed = Dataset.open(written(tmp_path, dates + "1,2010-12-02 08:00:00,5\n"))
    assert all(row["time_known"] for row in rows(timed))


def test_slashed_dates_that_could_be_either_are_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, "member,date,total\n1,3/4/2011,5\n")
    with pytest.raises(SourceError, match="--date-format"):
        Dataset.open(path)
    (row,) = rows(Dataset.open(path, ReadOptions(date_format="dmy")))
    assert row["occurred_at"] == datetime(2011, 4, 3, tzinfo=UTC)


def test_a_few_slashed_dates_in_an_iso_file_are_bad_dates(tmp_path: Path) -> None:
    good = [f"1,2025-01-{day:02},5" for day in range(1, 29)]
    odd = ["1,31/31/2025,5", "1,3/4/2025,5"]
    path = written(tmp_path, "\n".join(["member,date,total", odd[0], *good, odd[1]]))
    dataset = Dataset.open(path)
    assert len(rows(dataset)) == len(good)
    assert dataset.rejects.counts() == {"bad_date": 2}


def test_the_shopper_s_clock_is_the_zone_s(tmp_path: Path) -> None:
    path = written(tmp_path, "member,date,total\n1,2011-07-01 23:30,5\n")
    (row,) = rows(Dataset.open(path, ReadOptions(timezone="America/New_York")))
    assert row["occurred_at"] == datetime(2011, 7, 2, 3, 30, tzinfo=UTC)
    assert row["offset_minutes"] == -240
    (row,) = rows(Dataset.open(path, ReadOptions(local_timezone="Asia/Kolkata")))
    assert (row["occurred_at"], row["offset_minutes"]) == (
        datetime(2011, 7, 1, 23, 30, tzinfo=UTC),
        330,
    )


def test_a_header_without_rows_is_a_dataset_without_lines(tmp_path: Path) -> None:
    dataset = Dataset.open(written(tmp_path, HEADER))
    assert rows(dataset) == []
    assert dataset.rejects.rows == 0


def test_a_parquet_written_by_pandas_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "CustomerID": [17850.0, float("nan")],
            "InvoiceDate": pd.to_datetime(["2010-12-01 08:26", "2010-12-01 08:27"]),
            "Quantity": [6, 1],
            "UnitPrice": [2.55, float("nan")],
            "Country": pd.Categorical(["France", "France"]),
        }
    )
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "shop.parquet")
    dataset = Dataset.open(tmp_path / "shop.parquet")
    (row,) = rows(dataset)
    assert (row["customer_id"], row["country"]) == ("17850", "France")
    assert dataset.rejects.counts() == {"no_customer": 1}


@needs_data
def test_online_retail_is_read_as_pandas_reads_it() -> None:
    dataset = Dataset.open(ONLINE_RETAIL)
    lines = pa.Table.from_batches(dataset.lines()).to_pandas()
    frame = pd.read_csv(
        ONLINE_RETAIL, dtype={"InvoiceNo": str, "StockCode": str, "CustomerID": str}
    ).dropna(subset=["CustomerID"])
    assert dataset.rejects.counts() == {"no_customer": 135_080}
    assert dataset.rejects.rows == 541_909
    for ours, theirs in {
        "customer_id": "CustomerID",
        "order_id": "InvoiceNo",
        "product_id": "StockCode",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
        "country": "Country",
    }.items():
        assert lines[ours].tolist() == frame[theirs].tolist()
    instants = lines["occurred_at"].dt.strftime("%Y-%m-%d %H:%M:%S")
    assert instants.tolist() == frame["InvoiceDate"].tolist()


@needs_data
def test_cdnow_has_dates_only_and_keeps_the_zeros_of_its_ids() -> None:
    dataset = Dataset.open(DATA / "cdnow_sample.csv")
    lines = pa.Table.from_batches(dataset.lines())
    assert lines.num_rows == dataset.rejects.rows == 6_919
    assert len(lines["customer_id"].unique()) == 2_357
    assert lines["customer_id"][0].as_py() == "0001"
    assert round(sum(lines["amount"].to_pylist()), 2) == 244_091.94
    assert set(lines["time_known"].to_pylist()) == {False}
    assert "no time of day: night is left out" in dataset.lacks


@needs_data
def test_a_file_of_customers_is_no_file_of_transactions() -> None:
    with pytest.raises(SourceError, match="occurred_at, unit_price or amount"):
        Dataset.open(DATA / "Mall_Customers.csv")
