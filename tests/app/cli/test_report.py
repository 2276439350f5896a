"""`shoal report` as it is used: once, and whenever a period has ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.cli.report import report
from snapshot.history import History
from stream.errors import InputError
from stream.times import DAY_MS
from tests.snapshot.history.moments import JUNE_MS, WEEK_MS, fit_of, moment, reconciled

APP = typer.Typer()
APP.command()(report)

FIRST_MS = JUNE_MS + DAY_MS
"""2011-06-02, a midnight that a weekly snapshot is of."""

PLACES = Path("history/shoal")


def keep(week: int) -> None:
    each = moment(FIRST_MS + week * WEEK_MS, seed=week)
    History(PLACES).write(each, reconciled(each, fit_of(each)))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the snapshots of three weeks where the settings look for them."""
    monkeypatch.chdir(tmp_path)
    for week in range(3):
        keep(week)


def shoal(*arguments: str) -> str:
    result = CliRunner().invoke(APP, arguments, env={"COLUMNS": "160"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def files() -> list[str]:
    return sorted(path.name for path in Path("reports").iterdir())


def test_the_page_of_the_last_week_is_named_for_its_day() -> None:
    assert shoal() == "report written to week-2011-06-16.html\n"
    page = Path("week-2011-06-16.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "2011-06-09 to 2011-06-16 (7 days), compared with 2011-06-02 to 2011-06-09." in page
    assert sorted(path.name for path in Path().iterdir()) == ["history", "week-2011-06-16.html"]


def test_the_numbers_are_those_of_the_history() -> None:
    told = json.loads(shoal("--format", "json", "--at", "2011-06-10"))
    assert (told["begins"], told["ends"]) == ("2011-06-02T00:00:00Z", "2011-06-09T00:00:00Z")
    figures = {one["name"]: one for one in told["figures"]}
    past = History(PLACES)
    spends = [past.read(FIRST_MS + week * WEEK_MS).table.columns(["spend"]) for week in (0, 1)]
    assert figures["revenue"]["value"] == pytest.approx(float(spends[1].sum() - spends[0].sum()))
    assert figures["customers"]["value"] == 240
    moves = told["lenses"][0]["moves"]
    found = past.migrations("value", FIRST_MS, FIRST_MS + WEEK_MS)
    assert (moves["moved"], moves["stayed"]) == (found.moved, found.stayed)
    assert moves["customers"] == found.counts.tolist()


def test_markdown_goes_to_standard_output_or_to_a_file_named_so() -> None:
    said = shoal("--format", "md")
    assert said.startswith("# Customer report: the week to 2011-06-16\n")
    shoal("--out", "here.md")
    assert Path("here.md").read_text(encoding="utf-8") == said


def test_a_month_shorter_than_asked_for_begins_where_the_history_does() -> None:
    told = json.loads(shoal("--period", "month", "--format", "json"))
    assert told["begins"] == "2011-06-02T00:00:00Z"
    assert told["compared_since"] is None


def test_own_plays_are_taken() -> None:
    Path("plays.toml").write_text(
        '[default]\nstrategy = "Ask"\nactions = ["Ask them"]\nchannels = ["post"]\n'
        "discount = [0, 0]\nbudget = 1\nresponse = 0.1\nreturn = 1.0\n"
    )
    told = json.loads(shoal("--format", "json", "--playbook", "plays.toml"))
    assert {one["strategy"] for one in told["advice"]} == {"Ask"}


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--period", "year"], "--period year is no period: say week or month"),
        (["--every", "day"], "--every day is no period"),
        (["--every", "week", "--period", "month"], "contradict each other"),
        (["--until-end"], "--until-end goes with --every"),
        (["--format", "pdf"], "pdf is no form of a report"),
        (["--out", "report.xlsx"], "xlsx is no form of a report"),
        (["--out", "none/report.html"], "there is no folder none"),
        (["--out", "history", "--format", "html"], "history is a folder"),
        (["--at", "2011-01-01"], "there is no snapshot as early as that"),
        (["--history", "elsewhere"], "there are no snapshots in elsewhere yet"),
        (["--playbook", "none.toml"], "none.toml: it can't be read"),
    ],
)
def test_what_makes_no_sense_is_said(flags: list[str], why: str) -> None:
    with pytest.raises(InputError, match=why):
        shoal(*flags)


def test_every_week_has_one_report_and_none_is_made_twice() -> None:
    shoal("--every", "week", "--until-end")
    assert files() == ["week-2011-06-02.html", "week-2011-06-09.html", "week-2011-06-16.html"]
    times = {path: path.stat().st_mtime_ns for path in Path("reports").iterdir()}
    keep(3)
    shoal("--every", "week", "--until-end")
    assert files()[-1] == "week-2011-06-23.html"
    assert {path: path.stat().st_mtime_ns for path in times} == times
    once = Path("once.html")
    shoal("--at", "2011-06-09", "--out", str(once))
    assert once.read_bytes() == Path("reports/week-2011-06-09.html").read_bytes()


def test_from_an_instant_on_in_a_folder_and_a_form_of_ones_own() -> None:
    shoal("--every", "week", "--until-end", "--at", "2011-06-09", "--out", "a/b", "--format", "md")
    names = sorted(path.name for path in Path("a/b").iterdir())
    assert names == ["week-2011-06-09.md", "week-2011-06-16.md"]


def test_what_a_killed_one_left_unfinished_is_no_report() -> None:
    Path("reports").mkdir()
    Path("reports/.week-2011-06-09.html.7.part").write_text("<!doctype")
    shoal("--every", "week", "--until-end")
    whole = [name for name in files() if not name.startswith(".")]
    assert whole == ["week-2011-06-02.html", "week-2011-06-09.html", "week-2011-06-16.html"]
    assert Path("reports/week-2011-06-09.html").read_text().endswith("</html>\n")


def test_before_there_is_a_history_nothing_is_due() -> None:
    shoal("--every", "week", "--until-end", "--history", "elsewhere")
    assert files() == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to be told by")
def test_it_goes_on_as_snapshots_come_until_sigterm() -> None:
    code = "from typer import run; from app.cli.report import report; run(report)"
    root = Path(__file__).parents[3]
    running = subprocess.Popen(
        [sys.executable, "-c", code, "--every", "week"],
        env={**os.environ, "PYTHONPATH": str(root)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_for(Path("reports/week-2011-06-16.html"), running)
        keep(3)
        _wait_for(Path("reports/week-2011-06-23.html"), running)
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=30)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 0, said
    assert said.splitlines()[-1] == "reports/week-2011-06-23.html written"


def _wait_for(file: Path, running: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not file.exists():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline, f"no {file}"
        time.sleep(0.02)
