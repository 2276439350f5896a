"""`shoal generate` and `shoal datasets` as they are typed."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app.cli.generate import RENAMED
from app.cli.main import app
from producers.reading.dataset import Dataset
from producers.synthetic import Plan
from stream.errors import ShoalError

if TYPE_CHECKING:
    from pathlib import Path

SMALL = ["--customers", "60", "--days", "20"]


def shoal(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def plan_of(path: Path) -> dict[str, object]:
    plan: dict[str, object] = json.loads(path.read_text("utf-8"))["plan"]
    return plan


def test_it_says_what_was_made_and_what_is_next(tmp_path: Path) -> None:
    out = tmp_path / "shop.csv"
    said = shoal("generate", *SMALL, "--out", str(out))
    made = json.loads((tmp_path / "shop.truth.json").read_text("utf-8"))
    lines = out.read_text("utf-8").count("\n") - 1
    assert f"{lines:,} lines of {made['orders']:,} orders by {made['customers']} customers" in said
    assert f"Next: shoal replay {out}" in said


def test_flags_win_over_the_plan_s_file(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text("customers = 30\ndays = 9\nlate = 0.5\n", "utf-8")
    shoal(
        *["generate", "--plan", str(tmp_path / "plan.toml"), "--out", str(tmp_path / "a.csv")],
        *["--days", "7", "--late", "0", "--share", "champions=2", "--drift-kind", "regulars"],
    )
    plan = plan_of(tmp_path / "a.truth.json")
    assert (plan["customers"], plan["days"], plan["late"]) == (30, 7, 0.0)
    assert (plan["shares"], plan["drift_kinds"]) == ({"champions": 2.0}, ["regulars"])


def test_as_many_customers_come_as_the_lines_need(tmp_path: Path) -> None:
    said = shoal(
        "generate", "--transactions", "5000", "--days", "60", "-o", str(tmp_path / "a.csv")
    )
    assert ": 5,000 lines of " in said


def test_a_shop_that_falls_short_says_so(tmp_path: Path) -> None:
    out = str(tmp_path / "a.csv")
    said = shoal("generate", *SMALL, "--transactions", "1000000", "--out", out)
    assert "ended before 1,000,000 lines: give more --customers or --days" in said


def test_dirty_rows_are_told_apart(tmp_path: Path) -> None:
    said = shoal("generate", *SMALL, "--no-customer", "0.2", "--out", str(tmp_path / "a.csv"))
    assert "rows that are no lines" in said


@pytest.mark.parametrize("name", [each.name for each in fields(Plan)])
def test_every_value_of_a_plan_is_a_flag(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    flag = RENAMED.get(name, "--" + name.replace("_", "-"))
    assert f" {flag} " in shoal("generate", "--help")


def test_an_error_is_one_message_and_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from app.cli import main; main()", "generate", "--late", "7"]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "a.csv")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "shoal: late is 7.0: it has to lie between 0 and 1\n"
    assert list(tmp_path.iterdir()) == []


def test_datasets_are_listed_with_their_licence_and_address() -> None:
    said = shoal("datasets", "list")
    assert "https://archive.ics.uci.edu/static/public/352/online+retail.zip" in said
    assert "CC BY 4.0" in said


def test_a_dataset_brought_by_hand_is_made_ready_and_can_be_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cdnow_sample.zip", "w") as archive:
        archive.writestr("CDNOW_sample.txt", "00004 0001 19970118  2   29.73\n" * 6_919)

    said = shoal("datasets", "get", "cdnow", "--out", str(tmp_path))

    made = tmp_path / "cdnow_sample.csv"
    assert f"Next: shoal replay {made}" in said
    assert "on the word of this first download alone" in said
    dataset = Dataset.open(made)
    first = next(dataset.lines()).slice(0, 1).to_pylist()[0]
    assert (first["customer_id"], first["quantity"], first["amount"]) == ("0001", 2.0, 29.73)
    assert first["occurred_at"].date() == date(1997, 1, 18)
    assert not first["time_known"]


def test_a_dataset_nobody_knows_lists_the_known() -> None:
    with pytest.raises(ShoalError, match="online-retail"):
        shoal("datasets", "get", "nothing")
