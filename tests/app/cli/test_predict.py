"""`shoal predict` as it is used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv
import pytest
import typer
from typer.testing import CliRunner

from app.cli.predict import predict
from app.cli.segment import segment
from stream.errors import InputError, SettingsError, ShoalError
from tests.snapshot.attributes.people import people

if TYPE_CHECKING:
    from pathlib import Path

APP = typer.Typer()
APP.command()(segment)
APP.command()(predict)
RUNNER = CliRunner()
SHOP = "synthetic:customers=300,days=60,seed=3"
ADA = ("age=28", "income=30000", "score=80", "gender=Female", "favourite=fashion")
SINCE = "signup_date=2024-05-01"


def shoal(*arguments: str, fed: bytes | None = None) -> str:
    result = RUNNER.invoke(APP, [*arguments], env={"COLUMNS": "100"}, input=fed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop and a table, segmented."""
    made = tmp_path_factory.mktemp("predict")
    pyarrow.csv.write_csv(people()[0], made / "people.csv")
    shoal("segment", str(made / "people.csv"), "--k", "3", "--out", str(made / "people"))
    shoal("segment", SHOP, "--k", "3", "--out", str(made / "shop"))
    return made


@pytest.fixture(autouse=True)
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


@pytest.mark.parametrize("kind", ["people", "shop"])
def test_those_who_were_fitted_are_where_they_were_put(kind: str) -> None:
    source = "people.csv" if kind == "people" else "shop/customer_segments.csv"
    shoal("predict", "--model", f"{kind}/model.json", source, "--out", "placed.csv")
    placed = pyarrow.csv.read_csv("placed.csv").to_pydict()
    fitted = pyarrow.csv.read_csv(f"{kind}/customer_segments.csv").to_pydict()
    for name in ("customer_id", "segment_id", "segment", "marketing_action"):
        assert placed[name] == fitted[name]
    assert placed["confidence"] == pytest.approx(fitted["confidence"], nan_ok=True) or any(
        one is None for one in fitted["confidence"]
    )
    distances = [name for name in placed if name.startswith("distance_")]
    assert len(distances) == 3


def test_one_customer_is_told_for_people_and_as_json() -> None:
    said = shoal("predict", "--model", "people/model.json", *ADA, SINCE)
    told = json.loads(shoal("predict", "--model", "people/model.json", *ADA, SINCE, "--json"))
    assert said.startswith(f"{told['segment']} ({told['segment_id']}), ")
    assert f"do: {told['marketing_action']}" in said
    nearest = min((value, name) for name, value in told.items() if name.startswith("distance_"))
    assert nearest[1] == f"distance_{told['segment_id']}"


def test_features_of_a_shop() -> None:
    named = ("steady_orders_d90=3", "steady_spend_d90=400", "steady_lines_d90=30")
    said = shoal("predict", "--model", "shop/model.json", *named)
    assert "(value-" in said
    dormant = shoal("predict", "--model", "shop/model.json", *named, "recency_days=200")
    assert dormant.startswith("Dormant (value-dormant)\n")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_standard_input(form: str) -> None:
    table = people()[0].slice(0, 20)
    if form == "csv":
        buffer = pa.BufferOutputStream()
        pyarrow.csv.write_csv(table, buffer)
        fed = buffer.getvalue().to_pybytes()
    else:
        fed = "\n".join(json.dumps(row, default=str) for row in table.to_pylist()).encode()
    said = shoal("predict", "--model", "people/model.json", "-", "--json", fed=fed)
    placed = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    fitted = pyarrow.csv.read_csv("people/customer_segments.csv").to_pylist()[:20]
    assert [one["segment_id"] for one in placed] == [one["segment_id"] for one in fitted]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ([], SettingsError, "say who"),
        (["a.csv", "b.csv"], SettingsError, "one file at a time"),
        (["people.csv", "age=3"], SettingsError, "not both"),
        (["age=3", "age=4"], SettingsError, "said twice"),
        (["=4"], SettingsError, "write name=value"),
        (["none.csv"], InputError, "doesn't exist"),
        (["age=3"], InputError, "'income', 'score', .* are missing"),
        (["aeg=3"], InputError, "did you mean 'age'"),
        ([*ADA[:3], "gender=Femal", ADA[4], SINCE], InputError, "did you mean 'Female'"),
        (["age=old", *ADA[1:], SINCE], InputError, "'age' should be numbers"),
        ([*ADA, SINCE, "--lens", "value"], SettingsError, "has no lenses"),
        (["shop/model.json"], ShoalError, "model.json"),
        (["shop/customer_segments.csv"], InputError, "are missing"),
    ],
)
def test_what_cannot_be_is_said(arguments: list[str], error: type[ShoalError], said: str) -> None:
    with pytest.raises(error, match=said):
        shoal("predict", "--model", "people/model.json", *arguments)


def test_a_file_that_lacks_features_is_said() -> None:
    with pytest.raises(InputError, match="the column 'steady_orders_d90' is missing"):
        shoal("predict", "--model", "shop/model.json", "people.csv")
    with pytest.raises(InputError, match="no lens 'habits'"):
        shoal("predict", "--model", "shop/model.json", "--lens", "habits", "orders_d90=1")
    with pytest.raises(InputError, match="there is no file"):
        shoal("predict", "--model", "none.json", "age=1")
