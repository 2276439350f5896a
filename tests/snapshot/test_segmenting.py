"""`segment_customers`, as programs use it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest
from typer.testing import CliRunner

from app.cli.main import app
from snapshot import segment_customers
from stream.errors import InputError
from tests.snapshot.attributes.people import people

if TYPE_CHECKING:
    from pathlib import Path

TABLE, _ = people()


def test_importing_it_brings_nothing_heavy() -> None:
    heavy = "('numpy', 'sklearn', 'numba', 'pandas')"
    told = f"import snapshot, sys; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_pandas_frame_of_customers_gives_a_frame() -> None:
    frame = TABLE.to_pandas()
    result = segment_customers(frame, k=3)
    assert isinstance(result.customers, pd.DataFrame)
    assert result.customers["customer_id"].tolist() == frame["customer_id"].tolist()
    assert {one.id for one in result.segments} == set(result.customers["segment_id"])
    again = result.predict(frame.head(5))
    assert again["segment_id"].tolist() == result.customers["segment_id"].head(5).tolist()


def test_an_arrow_table_gives_the_same_as_arrow() -> None:
    result = segment_customers(TABLE, k=3)
    assert isinstance(result.customers, pa.Table)
    frame = segment_customers(TABLE.to_pandas(), k=3).customers
    assert result.customers["segment"].to_pylist() == frame["segment"].tolist()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file of purchases, and what `shoal segment` made of it."""
    folder = tmp_path_factory.mktemp("shop")
    runner = CliRunner()
    file, out = folder / "shop.csv", folder / "out"
    made = ["generate", "--out", str(file), "--customers", "300", "--days", "120"]
    found = runner.invoke(app, made)
    assert found.exit_code == 0, found.output
    found = runner.invoke(app, ["segment", str(file), "--out", str(out)])
    assert found.exit_code == 0, found.output
    return file, out


def test_purchases_give_what_the_command_gives(shop: tuple[Path, Path]) -> None:
    file, out = shop
    result = segment_customers(pyarrow.csv.read_csv(file), kind="transactions", outliers=0.0)
    written = (
        pyarrow.csv.read_csv(out / "customer_segments.csv").to_pandas().set_index("customer_id")
    )
    ours = result.customers.to_pandas().set_index("customer_id").reindex(written.index)
    assert (ours["segment"] == written["segment"]).all()
    for name in ("orders", "spend", "spend_d90", "recency_days", "distinct_products"):
        assert ours[name].to_numpy() == pytest.approx(written[name].to_numpy())


def test_a_saved_model_is_one_that_predict_reads(tmp_path: Path) -> None:
    from app.batch.model_files import read_any_model

    result = segment_customers(TABLE, k=3)
    result.save(tmp_path / "model.json")
    assert read_any_model(tmp_path / "model.json") == result.model


@pytest.mark.parametrize(
    ("table", "asked", "said"),
    [
        (TABLE, {"k": 1}, "k is 1"),
        (TABLE, {"k": True}, "k is True"),
        (TABLE, {"kind": "cake"}, "kind is 'cake'"),
        (TABLE, {"kind": "transactions"}, "no column is known as occurred_at, unit_price"),
        (7, {}, "this is no table"),
        (TABLE, {"id_column": "gender"}, "more than once"),
        (TABLE, {"algorithm": "kmean"}, "did you mean kmeans"),
        (
            {"customer_id": ["a", "a"], "occurred_at": ["x", "y"], "amount": [1, 2]},
            {},
            "should be times",
        ),
        (
            {"customer_id": ["a", None], "occurred_at": [None, "2024-01-01"], "amount": [1, 2]},
            {"kind": "transactions"},
            "no purchase in the table",
        ),
    ],
)
def test_what_cannot_be_is_said(table: Any, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        segment_customers(table, **asked)
