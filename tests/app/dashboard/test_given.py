"""A file that was handed in is read and forgotten, whatever it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.dashboard.given import EXAMPLE, Given, guessed, missing
from producers.reading.dataset import Dataset
from stream.errors import SourceError

CSV = b"Who,When,Total,Kind\nann,2025-01-03 10:00,12.5,tea\nbob,2025-01-04 11:00,3,coffee\n"


@pytest.mark.parametrize(
    "name", ["../../etc/evil.csv", "/tmp/evil.csv", "..\\evil.csv", "evil.csv\x00.exe", "", "::x"]
)
def test_the_name_never_says_where_it_lies(name: str) -> None:
    with Given(name, CSV).source() as source:
        place = Path(source.names[0])
        assert place.read_bytes() == CSV
        assert place.parent == source.temp_folder
        assert place.name.startswith("upload")
    assert not place.exists()
    assert not place.parent.exists()


def test_columns_are_read_and_the_usual_ones_guessed() -> None:
    columns = Given("a.csv", CSV).columns()
    assert columns == ("Who", "When", "Total", "Kind")
    assert guessed(columns) == {"amount": "Total"}


def test_what_is_lacking_is_named() -> None:
    assert missing({}) == ["customer_id", "occurred_at", "unit_price"]
    assert missing({"customer_id": "Who", "occurred_at": "When", "amount": "Total"}) == []


def test_it_is_read_by_the_columns_that_were_said_and_no_others() -> None:
    said = {"customer_id": "Who", "occurred_at": "When", "amount": "Total", "category": "Kind"}
    with Given("a.csv", CSV).read_by(said).source() as source:
        (lines,) = Dataset.open(source.names[0], source.options).lines()
    assert lines["customer_id"].to_pylist() == ["ann", "bob"]
    assert lines["category"].to_pylist() == ["tea", "coffee"]
    without = {name: column for name, column in said.items() if name != "category"}
    with Given("a.csv", CSV).read_by(without).source() as source:
        (lines,) = Dataset.open(source.names[0], source.options).lines()
    assert lines["category"].to_pylist() == [None, None]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04 no archive"])
def test_what_is_no_table_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(SourceError):
        Given("a.xlsx", content).columns()


def test_the_made_up_shop_needs_no_file() -> None:
    with Given("a made-up shop", None).source() as source:
        assert source.names == (EXAMPLE,)
