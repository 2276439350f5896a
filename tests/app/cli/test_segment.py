"""`shoal segment` as it is used."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.csv
import pytest
from typer.testing import CliRunner

from app.cli.main import app
from stream.errors import InputError, SettingsError, ShoalError
from stream.profile.catalogue import catalogue
from tests.snapshot.attributes.people import people as planted_people

RUNNER = CliRunner()
ROOT = Path(__file__).parents[3]
SHOP = "synthetic:customers=300,days=60,seed=3"


def shoal(*arguments: str) -> str:
    result = RUNNER.invoke(app, ["segment", *arguments], env={"COLUMNS": "100"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_customer_has_a_row_with_segment_and_features() -> None:
    said = shoal(SHOP, "--k", "3", "--out", "out")
    table = pyarrow.csv.read_csv("out/customer_segments.csv")
    assert table.column_names[:4] == ["customer_id", "segment_id", "segment", "confidence"]
    assert set(table.column_names) >= {feature.name for feature in catalogue(90)}
    assert len(set(table["customer_id"].to_pylist())) == len(table) > 150
    segments = table["segment_id"].to_pylist()
    assert {"value-1", "value-2", "value-3"} <= set(segments)
    assert None not in segments
    counted = dict(re.findall(r"\((value-[a-z0-9-]+)\): ([\d,]+)", said))
    assert {one: int(count) for one, count in counted.items() if count != "0"} == {
        one: segments.count(one) for one in set(segments)
    }


def test_the_report_is_one_page_that_needs_nothing_else() -> None:
    shoal(SHOP, "--out", "out")
    page = Path("out/report.html").read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "<svg" in page
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


def test_twice_is_the_same() -> None:
    for out in ("one", "two"):
        shoal(SHOP, "--k", "3", "--out", out)
    for name in ("customer_segments.csv", "report.html", "model.json"):
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes()


def test_few_customers_will_do(tmp_path: Path) -> None:
    lines = ["customer_id,occurred_at,order_id,amount"]
    lines += [f"c{i % 20},2025-01-{1 + i % 28:02},o{i},{1 + i % 7 * (i % 20)}" for i in range(200)]
    (tmp_path / "small.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert "of 20 customers" in shoal("small.csv", "--k", "2", "--out", "out")


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ([SHOP, "--k", "many"], SettingsError, "--k many: write auto, or a number"),
        ([SHOP, "--k", "1"], SettingsError, "--k 1: write auto, or a number"),
        (["empty.csv"], InputError, "there is no transaction in it"),
        (["none.csv"], ShoalError, "none.csv"),
        (["one.csv", "--k", "2"], InputError, "the same for everybody"),
    ],
)
def test_what_cannot_work_is_said(arguments: list[str], error: type[ShoalError], said: str) -> None:
    Path("empty.csv").write_text("customer_id,occurred_at,amount\n", "utf-8")
    Path("one.csv").write_text("customer_id,occurred_at,amount\na,2025-01-01,3\n", "utf-8")
    with pytest.raises(error, match=said):
        shoal(*arguments, "--out", "out")


LEGACY = (
    "CustomerID,total_orders,avg_order_value,night_ratio,weekend_ratio,category_diversity,"
    "kmeans_cluster,dbscan_cluster,marketing_action"
)


def test_legacy_names_are_exactly_those_in_their_order() -> None:
    shoal(SHOP, "--k", "3", "--out", "plain")
    shoal(SHOP, "--k", "3", "--out", "out", "--legacy-names")
    written = Path("out/customer_segments.csv").read_text("utf-8").splitlines()
    assert written[0].replace('"', "") == LEGACY
    legacy = pyarrow.csv.read_csv("out/customer_segments.csv").to_pydict()
    plain = pyarrow.csv.read_csv("plain/customer_segments.csv").to_pydict()
    assert legacy["CustomerID"] == plain["customer_id"]
    assert legacy["total_orders"] == plain["orders"]
    pairs = set(zip(legacy["kmeans_cluster"], plain["segment_id"], strict=True))
    assert {("value-1", 0), ("value-2", 1)} <= {(segment, number) for number, segment in pairs}
    assert len(pairs) == len(set(plain["segment_id"]))
    assert min(legacy["dbscan_cluster"]) >= -1


def test_customers_have_what_to_do_and_what_they_are_worth() -> None:
    said = shoal("synthetic:customers=600,days=120,seed=3", "--k", "3", "--out", "out")
    table = pyarrow.csv.read_csv("out/customer_segments.csv").to_pandas()
    assert table["marketing_action"].notna().all()
    bought = table["orders"] > 0
    assert (
        table.loc[bought, ["clv", "clv_low", "clv_high", "probability_alive"]]
        .notna()
        .all(axis=None)
    )
    assert (table.loc[bought, "clv_low"] <= table.loc[bought, "clv"]).all()
    assert (table.loc[bought, "clv"] <= table.loc[bought, "clv_high"]).all()
    assert table.loc[bought, "probability_alive"].between(0, 1).all()
    assert re.search(r"value: inertia [\d.]+, silhouette [\d.]+, Davies-Bouldin [\d.]+, Cal", said)
    page = Path("out/report.html").read_text("utf-8")
    for heading in ("What to do", "What they will spend", "How good the fits are"):
        assert f"<h2>{heading}</h2>" in page


def test_too_few_customers_to_say_what_they_are_worth() -> None:
    said = shoal("synthetic:customers=60,days=60,seed=3", "--k", "2", "--out", "out")
    assert "clv is left empty: " in said
    assert not any(pyarrow.csv.read_csv("out/customer_segments.csv")["clv"].is_valid().to_pylist())


@pytest.mark.parametrize("algorithm", ["ward", "hdbscan"])
def test_another_algorithm(algorithm: str) -> None:
    said = shoal(SHOP, "--algorithm", algorithm, "--out", "out")
    assert "value-1" in said


def people(file: str = "people.csv", count: int = 300) -> None:
    table, _ = planted_people(count)
    pyarrow.csv.write_csv(table, file)


def test_a_table_with_a_row_a_customer() -> None:
    people()
    said = shoal("people.csv", "--k", "3", "--out", "out")
    assert "300 customers, compared by age, income, score, gender, favourite, signup_date" in said
    assert "read as a row a customer, as" in said
    table = pyarrow.csv.read_csv("out/customer_segments.csv")
    assert table.column_names == [
        *("customer_id", "segment_id", "segment", "confidence", "outlier_score", "outlier"),
        *("marketing_action", "age", "income", "score", "gender", "favourite", "signup_date"),
    ]
    assert len(set(table["segment_id"].to_pylist())) == 3
    page = Path("out/report.html").read_text("utf-8")
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)
    for column in ("age", "income", "score", "gender", "favourite", "signup_date"):
        assert f"<title>{column}</title>" in page
    assert "nan" not in page.lower().replace("finance", "")


def test_a_table_twice_is_the_same() -> None:
    people()
    for out in ("one", "two"):
        shoal("people.csv", "--out", out)
    for name in ("customer_segments.csv", "report.html", "model.json"):
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes()


def test_columns_are_chosen_by_name() -> None:
    people()
    said = shoal("people.csv", "--columns", "Age, income", "--k", "3", "--out", "out")
    assert "compared by age, income\n" in said
    said = shoal("people.csv", "--leave-out", "age", "--leave-out", "gender", "--out", "out")
    assert "compared by income, score, favourite, signup_date\n" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--legacy-names"], "--legacy-names is for a file of transactions"),
        (["--columns", "agee"], "did you mean 'age'"),
        (["--id", "gender"], "more than once"),
        (["--algorithm", "kmean"], "did you mean kmeans"),
        (["--table", "cake"], "--table cake: write one of"),
        (["--table", "transactions"], "no column known as occurred_at"),
        (["--k", "400"], "--k 400"),
        (["--playbook", "none.toml"], "can't be read"),
    ],
)
def test_what_a_table_cannot_be_asked_is_said(arguments: list[str], said: str) -> None:
    people()
    with pytest.raises(ShoalError, match=said):
        shoal("people.csv", *arguments, "--out", "out")


def test_columns_are_no_matter_of_transactions() -> None:
    with pytest.raises(SettingsError, match="--columns is for a table with a row a customer"):
        shoal(SHOP, "--columns", "age", "--out", "out")


def test_a_thousand_customers_take_less_than_400_mb() -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells how much memory a process had at most")
    people("thousand.csv", 1_000)
    told = (
        "import re, sys; from app.cli.main import run; "
        "sys.argv = ['shoal', 'segment', 'thousand.csv', '--out', 'out']; code = run(); "
        "most = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read()); "
        "print(int(most[1]) // 1024); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert int(done.stdout.splitlines()[-1]) < 400
