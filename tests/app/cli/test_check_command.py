from __future__ import annotations

import inspect
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app.cli import reading
from app.cli.check import check
from app.cli.main import app
from producers.reading.dataset import ReadOptions
from producers.sources.limits import GIB, Limits
from stream.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

ROWS = "buyer;when;price\n17850;3/4/2011;2,55\n;3/4/2011;1\n17850;3/4/2011;2,55\n"
FLAGS = ["--map", "occurred_at=when", "--date-format", "dmy", "--timezone", "Europe/London"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop [1].csv"
    path.write_text(ROWS)
    return path


def test_json_is_one_object_with_every_figure(shop: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(shop), *FLAGS, "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    assert (report["rows"], report["rejected"]) == (3, {"no_customer": 1})
    assert report["duplicate_rows"] == {"value": 1, "is_exact": True}
    assert report["first"] == "2011-04-02T23:00:00Z"


def test_tables_say_the_same_to_people(shop: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(shop), *FLAGS], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    for said in ("shop [1].csv", "no_customer", "1 (33.33%)", "It has no time of day"):
        assert said in result.output


def test_an_error_is_one_message_and_no_traceback(shop: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "check", str(shop)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.startswith("shoal: shop [1].csv has no column known as occurred_at")
    assert "Traceback" not in run.stderr


def test_the_flags_defaults_are_the_reader_s() -> None:
    assert reading.read_options() == ReadOptions()
    assert Limits() == Limits(
        int(reading.DEFAULT_UNPACKED_GIB * GIB),
        reading.DEFAULT_UNPACK_RATIO,
        reading.DEFAULT_EXCEL_CELLS,
    )
    flags = inspect.signature(check).parameters
    defaults = inspect.signature(reading.read_options).parameters
    for name, parameter in defaults.items():
        assert flags[name].default == parameter.default


def test_a_mapping_is_a_pair() -> None:
    assert reading.read_options(["a = b+c", "d="]).mapping == (("a", "b+c"), ("d", ""))
    for told in ("a", "=b"):
        with pytest.raises(SettingsError, match="FIELD=COLUMN"):
            reading.read_options([told])


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    code = "import sys, app.cli.main; sys.exit('pyarrow' in sys.modules or 'numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
