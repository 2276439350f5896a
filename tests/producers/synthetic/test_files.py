"""A shop as a file: every format holds the same, all of it or nothing."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from producers.synthetic import Plan, lines
from producers.synthetic.files import Written, write_shop
from stream.errors import InputError, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

PLAN = Plan(customers=100, days=20, no_customer=0.02, negative_price=0.02)


def typed(row: dict[str, str]) -> dict[str, Any]:
    numbers = {"quantity": int, "unit_price": float, "discount": float}
    return {name: numbers.get(name, str)(value) or None for name, value in row.items()}


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Read by something that is not Shoal."""
    if path.suffix == ".parquet":
        return [{k: v or None for k, v in row.items()} for row in pq.read_table(path).to_pylist()]
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    if ".jsonl" in path.name:
        loaded = map(json.loads, text.splitlines())
        return [{name: value or None for name, value in row.items()} for row in loaded]
    return [typed(row) for row in csv.DictReader(text.splitlines())]


@pytest.mark.parametrize("ending", ["csv.gz", "jsonl", "jsonl.gz", "parquet"])
def test_every_format_holds_the_same_rows(tmp_path: Path, ending: str) -> None:
    write_shop(PLAN, tmp_path / "a.csv")
    write_shop(PLAN, tmp_path / f"b.{ending}")
    assert rows_of(tmp_path / f"b.{ending}") == rows_of(tmp_path / "a.csv")


def test_a_file_holds_the_lines_the_stream_gets(tmp_path: Path) -> None:
    clean = replace(PLAN, no_customer=0, negative_price=0)
    write_shop(clean, tmp_path / "a.jsonl")
    streamed = [row for batch in lines(clean) for row in batch.to_pylist()]
    written = list(map(json.loads, (tmp_path / "a.jsonl").read_text("utf-8").splitlines()))
    assert len(written) == len(streamed)
    for line, row in zip(streamed, written, strict=True):
        local = line["occurred_at"].timestamp() + line["offset_minutes"] * 60
        assert row["occurred_at"][:19] == _iso(local)
        for name in ("event_id", "order_id", "customer_id", "product_id", "category", "country"):
            assert row[name] == line[name]
        for name in ("quantity", "unit_price", "discount"):
            assert row[name] == line[name]


def _iso(seconds: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "jsonl.gz", "parquet"])
def test_the_same_plan_is_the_same_bytes(tmp_path: Path, ending: str) -> None:
    for name in ("one", "two"):
        write_shop(PLAN, tmp_path / f"{name}.{ending}")
    for part in (f"{{}}.{ending}", "{}.truth.json", "{}.truth.parquet"):
        one, two = (tmp_path / part.format(name) for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_nothing_is_written_over_unless_forced(tmp_path: Path) -> None:
    out = tmp_path / "shop.csv"
    write_shop(PLAN, out)
    before = out.read_bytes()
    with pytest.raises(InputError, match="--force writes over"):
        write_shop(replace(PLAN, seed=1), out)
    assert out.read_bytes() == before
    out.unlink()
    with pytest.raises(InputError, match=r"shop\.truth\.json"):
        write_shop(PLAN, out)
    write_shop(replace(PLAN, seed=1), out, force=True)
    assert out.read_bytes() != before


def test_a_failure_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    def out_of_patience(days: int, _rows: int) -> None:
        raise KeyboardInterrupt(days)

    with pytest.raises(KeyboardInterrupt):
        write_shop(PLAN, tmp_path / "shop.csv.gz", progress=out_of_patience)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["shop.xlsx", "shop", ".csv"])
def test_a_name_that_does_not_say_the_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="doesn't say what to write"):
        write_shop(PLAN, tmp_path / name)


def test_what_parquet_can_not_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="one type"):
        write_shop(replace(PLAN, bad_date=0.1), tmp_path / "shop.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "shop.csv").mkdir()
    with pytest.raises(InputError, match="can't be written"):
        write_shop(PLAN, tmp_path / "shop.csv", force=True)
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_the_truth_lies_beside_the_data(tmp_path: Path) -> None:
    files, _ = write_shop(PLAN, tmp_path / "my.shop.csv.gz")
    assert files == Written.beside(tmp_path / "my.shop.csv.gz")
    assert {path.name for path in tmp_path.iterdir()} == {
        "my.shop.csv.gz",
        "my.shop.truth.json",
        "my.shop.truth.parquet",
    }
