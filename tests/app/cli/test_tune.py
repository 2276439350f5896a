"""`shoal tune` as it is used, on a log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from app.cli.tune import Algorithm, tune
from app.tuning.by_k import WARD
from snapshot.clusterers import CLUSTERERS
from stream.errors import InputError, LogUnavailable
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings
from stream.settings.fingerprint import fingerprint
from stream.topics import Topics
from tests.snapshot.blocks import write_blocks
from tests.snapshot.shops import folded, purchases

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = typer.Typer()
APP.command()(tune)
TOPICS = Topics(partitions=2)
QUICK = ("--most-k", "4")


def shoal(*arguments: str) -> str:
    result = CliRunner().invoke(APP, arguments, env={"COLUMNS": "160"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    with EmbeddedLog("shoal.db") as log:
        log.create_topics(TOPICS.specs())
        made = fingerprint(load_settings(None, {}))
        write_blocks(log, TOPICS, folded(purchases(), 2), made)
        yield


def test_every_clusterer_can_be_named() -> None:
    assert {one.value for one in Algorithm} == {*CLUSTERERS, WARD}


def test_a_table_says_why_and_nothing_is_written_unasked() -> None:
    shown = shoal(*QUICK)
    for part in (
        "lens value",
        "active customers",
        "silhouette",
        "bootstrap",
        "chosen",
        "[lenses.value]",
        "k = ",
    ):
        assert part in shown
    assert "Not written: --write" in shown
    assert not Path("shoal.toml").exists()


def test_ward_shows_its_tree_and_draws_it() -> None:
    shown = shoal("--algorithm", "ward", "--plot", "ward.html", *QUICK)
    assert "100.0% of customers: steady_orders_d90" in shown
    assert shown.count("of customers: ") == 15
    assert 'clusterer_parameters = { linkage = "ward" }' in shown
    assert "drawn in ward.html" in shown
    assert "Who is merged with whom" in Path("ward.html").read_text(encoding="utf-8")


def test_what_is_chosen_is_written_and_the_next_command_goes_by_it() -> None:
    Path("shoal.toml").write_text("[lenses.value] # ours\nmargin = 0.2\n", encoding="utf-8")
    assert "written to shoal.toml" in shoal("--algorithm", "ward", "--write", *QUICK)
    lens = load_settings(None, {}).lenses["value"]
    assert (lens.clusterer, lens.margin) == ("agglomerative", 0.2)
    assert lens.clusterer_parameters == {"linkage": "ward"}
    assert "clusterer agglomerative" in shoal(*QUICK)
    shoal("--algorithm", "kmeans", "--write", *QUICK)
    lens = load_settings(None, {}).lenses["value"]
    assert (lens.clusterer, lens.clusterer_parameters) == ("kmeans", {})


def test_a_variable_that_wins_over_the_file_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_LENSES__VALUE__K", "7")
    assert "but a variable (SHOAL_LENSES__VALUE__K) says otherwise" in shoal("--write", *QUICK)


def test_programs_get_one_object() -> None:
    pytest.importorskip("optuna")
    told = json.loads(shoal("--json", "--algorithm", "gmm", "--trials", "2", *QUICK))
    assert (told["lens"], told["clusterer"]) == ("value", "gmm")
    assert [one["k"] for one in told["tried"]] == [3, 4]
    assert told["searched"]
    assert told["settings"]["clusterer"] == "gmm"


def test_the_same_customers_give_the_same_answer() -> None:
    assert shoal("--json", *QUICK) == shoal("--json", *QUICK)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--least-k", "5", "--most-k", "4"), "--most-k 4 is less than --least-k 5"),
        (("--plot", "x.png"), r"x\.png: the name should end in"),
        (("--lens", "none"), "lens 'none' is not on: there is value"),
        (("--min-customers", "9999"), "active customers of 240.* wait for 9,999"),
        (("--log", "sqlite:///none.db"), "there is no log"),
    ],
)
def test_what_makes_no_sense_is_said(arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(InputError if "--log" not in arguments else LogUnavailable, match=says):
        shoal(*arguments)
