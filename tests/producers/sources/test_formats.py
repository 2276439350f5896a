"""One small table, written in every format: all of them have to be read as the same lines."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import sqlite3
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from producers.reading.dataset import Dataset
from stream.errors import SourceError
from tests.producers.workbooks import write_xls, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COLUMNS = ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "Customer ID"]
ROWS: list[tuple[str, str, float, str, float, str]] = [
    ("536365", "85123A", 6, "2010-12-01 08:26:00", 2.55, "00123"),
    ("536365", "71053", 6, "2010-12-01 08:26:00", 3.39, "00123"),
    ("C536379", "D", -1, "2010-12-01 09:41:00", 27.5, "14527"),
    ("536380", "Café, grün", 24, "2010-12-01 09:41:30", 0.0, "17850"),
    ("536381", "22727", 1, "2010-12-02 10:00:00", 3.75, ""),
]


def as_csv(delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([COLUMNS, *ROWS])
    return text.getvalue().encode(encoding)


def written(content: Callable[[], bytes]) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content())
        return path

    return write


def as_json_lines() -> bytes:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def write_parquet(path: Path) -> Path:
    table = {
        name: list(cells) for name, cells in zip(COLUMNS, zip(*ROWS, strict=True), strict=True)
    }
    times = pa.array(table["InvoiceDate"]).cast(pa.timestamp("us"))
    pq.write_table(pa.table({**table, "InvoiceDate": times}), path)
    return path


def write_sqlite(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE sales ({', '.join(f'[{name}]' for name in COLUMNS)})")
        connection.executemany("INSERT INTO sales VALUES (?, ?, ?, ?, ?, ?)", ROWS)
    connection.close()
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in members.items():
            writer.writestr(name, content)
    return archive.getvalue()


def in_two() -> dict[str, bytes]:
    lines = as_csv().splitlines(keepends=True)
    return {"b.csv": lines[0] + b"".join(lines[3:]), "a.csv": b"".join(lines[:3])}


def write_zipped_parquet(path: Path) -> Path:
    inner = write_parquet(path.with_suffix(".inner"))
    path.write_bytes(zipped({"orders.parquet": inner.read_bytes()}))
    return path


FORMATS: dict[str, Callable[[Path], Path]] = {
    "comma": written(as_csv),
    "semicolon": written(lambda: as_csv(";")),
    "tab": written(lambda: as_csv("\t")),
    "bar": written(lambda: as_csv("|")),
    "utf-8 with BOM": written(lambda: as_csv(encoding="utf-8-sig")),
    "utf-16": written(lambda: as_csv(encoding="utf-16")),
    "latin-1": written(lambda: as_csv(encoding="latin-1")),
    "gzip": written(lambda: gzip.compress(as_csv())),
    "two gzips, one behind the other": written(
        lambda: gzip.compress(as_csv()[:50]) + gzip.compress(as_csv()[50:])
    ),
    "json lines": written(as_json_lines),
    "gzipped json lines": written(lambda: gzip.compress(as_json_lines())),
    "parquet": write_parquet,
    "sqlite": write_sqlite,
    "xlsx": lambda path: write_xlsx(path, {"orders": [COLUMNS, *ROWS]}),
    "xls": lambda path: write_xls(path, [COLUMNS, *ROWS]),
    "zip": written(lambda: zipped({"orders.csv": as_csv(), "README": b"see orders.csv"})),
    "zip of two": written(lambda: zipped(in_two())),
    "zip of a gzip": written(lambda: zipped({"orders.csv.gz": gzip.compress(as_csv())})),
    "zip whose name points out of it": written(lambda: zipped({"../../orders.csv": as_csv()})),
    "zip of parquet": write_zipped_parquet,
    "gzipped zip": written(lambda: gzip.compress(zipped({"orders.csv": as_csv()}))),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_lines(name: str, tmp_path: Path) -> None:
    dataset = Dataset.open(FORMATS[name](tmp_path / "orders.bin"))
    lines = pa.Table.from_batches(dataset.lines()).to_pylist()
    assert [line["customer_id"] for line in lines] == ["00123", "00123", "14527", "17850"]
    assert [line["order_id"] for line in lines] == ["536365", "536365", "C536379", "536380"]
    assert [line["product_id"] for line in lines] == ["85123A", "71053", "D", "Café, grün"]
    assert [line["quantity"] for line in lines] == [6.0, 6.0, -1.0, 24.0]
    assert [line["unit_price"] for line in lines] == [2.55, 3.39, 27.5, 0.0]
    assert [f"{line['occurred_at']:%Y-%m-%d %H:%M:%S}" for line in lines] == [
        row[3] for row in ROWS[:4]
    ]
    assert dataset.rejects.counts() == {"no_customer": 1}


@pytest.mark.parametrize("name", FORMATS)
def test_a_source_can_be_gone_through_again(name: str, tmp_path: Path) -> None:
    dataset = Dataset.open(FORMATS[name](tmp_path / "orders.bin"))
    next(dataset.lines())  # given up half way
    first = pa.Table.from_batches(dataset.lines())
    assert pa.Table.from_batches(dataset.lines()).equals(first)


@pytest.mark.parametrize("name", ["gzip", "zip", "parquet", "xlsx"])
def test_a_file_cut_short_is_an_error_and_no_traceback(name: str, tmp_path: Path) -> None:
    path = FORMATS[name](tmp_path / "orders.bin")
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(SourceError, match=r"orders\.bin"):
        list(Dataset.open(path).lines())


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, some lost, some too many."""
    wrong = bytearray(content)
    for _ in range(chance.choice([1, 3, 10])):
        place, length = chance.randrange(len(wrong)), chance.randrange(1, 20)
        way = chance.randrange(4)
        if way == 0:
            del wrong[place : place + length]
        elif way == 1:
            wrong[place:place] = chance.randbytes(length)
        else:
            wrong[place] = chance.randrange(256)
    return bytes(wrong)


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_is_lines_or_an_error_of_ours(name: str, tmp_path: Path) -> None:
    path = FORMATS[name](tmp_path / "orders.bin")
    whole, refused = path.read_bytes(), 0
    for seed in range(60):
        path.write_bytes(damaged(whole, random.Random(seed)))
        try:
            list(Dataset.open(path).lines())
        except SourceError:
            refused += 1
    assert refused > 0


def test_what_was_unpacked_to_disk_goes_with_the_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    dataset = Dataset.open(write_zipped_parquet(tmp_path / "orders.zip"))
    list(dataset.lines())
    assert len(list(scratch.iterdir())) == 1
    del dataset
    assert list(scratch.iterdir()) == []
