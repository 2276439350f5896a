"""Tables of customers out of files."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from producers.attributes import reading
from producers.attributes.reading import read_customers
from stream.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path


def file_of(tmp_path: Path, text: str, name: str = "people.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file


def test_ids_stay_as_they_are_written(tmp_path: Path) -> None:
    table = read_customers(file_of(tmp_path, "id,zip\n12345678901234567890,00501\n2,10001\n")).table
    assert table["id"].to_pylist() == ["12345678901234567890", "2"]
    assert table["zip"].to_pylist() == ["00501", "10001"]


def test_decimal_commas_where_cells_are_cut_at_semicolons(tmp_path: Path) -> None:
    table = read_customers(file_of(tmp_path, "id;money\na;1.200,50\nb;3,5\n")).table
    assert table["money"].to_pylist() == [1200.5, 3.5]


def test_dates_as_people_write_them(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n}/2/2024,2024022{n % 10}\n" for n in range(10, 29))
    table = read_customers(file_of(tmp_path, f"id,since,signup_date\n{rows}")).table
    assert table["since"].to_pylist()[0] == datetime.datetime(2024, 2, 10)  # noqa: DTZ001 (a day)
    assert pa.types.is_timestamp(table["signup_date"].type)


def test_a_few_slips_among_numbers_are_missing_and_said(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n or 'thirty'}\n" for n in range(40))
    found = read_customers(file_of(tmp_path, f"id,age\n{rows}"))
    assert found.table["age"].to_pylist()[:2] == [None, 1.0]
    assert found.remarks == ("1 cells of 'age' are no numbers and count as missing",)


def test_many_are_what_the_column_is(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n if n % 2 else 'x'}\n" for n in range(40))
    found = read_customers(file_of(tmp_path, f"id,code\n{rows}"))
    assert found.table["code"].to_pylist()[:2] == ["x", "1"]
    assert not found.remarks


def test_open_dates_are_asked_about(tmp_path: Path) -> None:
    file = file_of(tmp_path, "id,since\na,3/4/2011\nb,5/6/2011\n")
    with pytest.raises(SourceError, match=r"column 'since'.*--date-format"):
        read_customers(file)
    table = read_customers(file, date_format="dmy").table
    assert table["since"].to_pylist()[0].month == 4


def test_parquet_and_json_lines_keep_their_types(tmp_path: Path) -> None:
    made = pa.table({"id": ["a", "b"], "age": [1, 2], "ok": [True, False]})
    pq.write_table(made, tmp_path / "people.parquet")
    assert read_customers(tmp_path / "people.parquet").table["age"].to_pylist() == [1, 2]
    lines = '{"id": "a", "age": 1}\n{"id": "b", "age": 2.5}\n'
    found = read_customers(file_of(tmp_path, lines, "people.jsonl")).table
    assert found["age"].to_pylist() == [1.0, 2.5]


def test_no_more_is_held_than_a_table_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_CELLS", 100)
    file = file_of(tmp_path, "id,age\n" + "".join(f"{n},{n}\n" for n in range(60)))
    with pytest.raises(SourceError, match="more than 100 cells"):
        read_customers(file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("id,age\n", "has no rows"),
        (",".join(f"c{n}" for n in range(5_000)) + "\n", "5,000 columns"),
        (",".join(f"c{n}" for n in range(1_000_000)) + "\n1\n", "columns, and a table"),
        ("\x00\x01\x02", "neither text nor"),
    ],
)
def test_what_is_no_table(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read_customers(file_of(tmp_path, text))
