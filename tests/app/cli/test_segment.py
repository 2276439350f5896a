"""`shoal segment` as it is used."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.csv
import pytest
from typer.testing import CliRunner

from app.cli.main import app
from stream.errors import InputError, SettingsError, ShoalError
from stream.profile.catalogue import catalogue

RUNNER = CliRunner()
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
    for name in ("customer_segments.csv", "report.html"):
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
