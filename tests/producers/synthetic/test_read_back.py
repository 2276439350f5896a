"""A written shop, read as any other dataset, is the shop that was streamed; its dirt is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from producers.lines import LINES
from producers.reading.dataset import Dataset
from producers.synthetic import Plan, lines
from producers.synthetic.files import write_shop

if TYPE_CHECKING:
    from pathlib import Path

PLAN = Plan(customers=300, days=60, duplicates=0.02, no_customer=0.01, negative_price=0.01)
DIRTIER = replace(PLAN, bad_date=0.01, not_a_number=0.01)


@pytest.mark.parametrize(
    ("name", "plan"),
    [("shop.csv", DIRTIER), ("shop.csv.gz", PLAN), ("shop.jsonl", DIRTIER), ("shop.parquet", PLAN)],
)
def test_what_is_read_is_what_was_streamed(tmp_path: Path, name: str, plan: Plan) -> None:
    write_shop(plan, tmp_path / name)
    dataset = Dataset.open(tmp_path / name)

    read = pa.Table.from_batches(list(dataset.lines()), schema=LINES)

    streamed = pa.Table.from_batches(list(lines(plan)), schema=LINES)
    assert read.to_pylist() == streamed.to_pylist()
    said = json.loads((tmp_path / "shop.truth.json").read_text("utf-8"))
    planted = {reason: count for reason, count in said["rejects"].items() if count}
    assert dataset.rejects.counts() == planted
    assert len(planted) == (4 if plan is DIRTIER else 2)
