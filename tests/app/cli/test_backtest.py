"""`shoal backtest` as it is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.backtest import apart
from app.cli.main import app
from stream.errors import SettingsError, ShoalError

RUNNER = CliRunner()
SHOP = "synthetic:customers=400,days=80,seed=3"


def shoal(*arguments: str) -> str:
    result = RUNNER.invoke(app, ["backtest", *arguments], env={"COLUMNS": "100"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_one_run_says_what_it_found_and_leaves_it(tmp_path: Path) -> None:
    said = shoal(SHOP, "--k", "3", "--out", "out")
    for words in ("transactions of", "versions of the model", "agreement, running", "Dormant"):
        assert words in said
    left = {each.name for each in (tmp_path / "out").iterdir()}
    assert left >= {"changes.jsonl", "profiles.parquet", "snapshots", "summary.json"}
    shoal(SHOP, "--k", "3", "--out", "out", "--json")
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["models"] >= 1


def test_settings_are_shown_side_by_side() -> None:
    said = shoal(SHOP, "--what-if", "k=3,4", "margin=0.1,0.3")
    for words in ("k=3", "k=4", "margin=0.3", "a week", "round trips", "from the first model"):
        assert words in said


def test_as_json_each_setting_has_its_summary() -> None:
    found = json.loads(shoal(SHOP, "--what-if", "k=3,4", "--json"))
    assert found.keys() == {"k=3", "k=4"}
    assert found["k=3"]["transactions"] == found["k=4"]["transactions"] > 1000


def test_the_settings_say_the_cadence_where_no_flag_does(tmp_path: Path) -> None:
    Path("shoal.toml").write_text('[snapshot]\nevery = "15m"\n[lenses.value]\nk = 3\n', "utf-8")
    with pytest.raises(SettingsError, match=r"snapshot\.every 15m is by the clock"):
        shoal(SHOP)
    told = json.loads(shoal(SHOP, "--every", "4w", "--json"))
    assert told["snapshots"] in {2, 3}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.csv"], "none.csv"),
        (["margin=0.1", "--what-if", "k=3,4"], "no source"),
        ([SHOP, "--what-if", "kk=3"], "'kk' can't be varied"),
        ([SHOP, "--every", "soon"], "--every soon is no cadence"),
        ([SHOP, "--from", "2025-02-01", "--until", "2025-01-01"], "nothing lies between"),
        ([SHOP, "--from", "2030-01-01"], "nothing of the source could be folded"),
        ([SHOP, "--out", "file"], "can't be a folder"),
    ],
)
def test_what_cannot_work_is_said(arguments: list[str], said: str) -> None:
    Path("file").write_bytes(b"")
    with pytest.raises(ShoalError, match=said):
        shoal(*arguments)


def test_only_what_follows_the_flag_is_a_what_if(tmp_path: Path) -> None:
    (tmp_path / "day=1,2").write_bytes(b"")
    assert apart(["day=1,2", "k=3"], ["margin=0"]) == (("day=1,2",), ["margin=0", "k=3"])
    assert apart(["k=3"], None) == (("k=3",), [])
