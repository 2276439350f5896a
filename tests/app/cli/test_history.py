"""`shoal at` and `shoal migrations` as they are used."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.cli.history import at, migrations
from snapshot.history import History
from stream.errors import InputError, SettingsError
from tests.snapshot.history.expecting import expecting
from tests.snapshot.history.moments import JUNE_MS, WEEK_MS, fit_of, moment, reconciled

APP = typer.Typer()
APP.command()(at)
APP.command()(migrations)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the snapshots of two weeks where the settings look for them."""
    monkeypatch.chdir(tmp_path)
    history = History("history/shoal")
    for week in range(2):
        each = moment(JUNE_MS + week * WEEK_MS, seed=week)
        history.write(each, reconciled(each, fit_of(each)))


def shoal(*arguments: str) -> str:
    result = CliRunner().invoke(APP, arguments, env={"COLUMNS": "160"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_the_segments_of_the_latest_snapshot_before_are_shown() -> None:
    told = shoal("at", "2011-06-05")
    for part in ("2011-06-01 00:00 UTC", "lens value, model 3", "Segment 2", "value-dormant", "%"):
        assert part in told
    assert "(no segment)" in told
    found = json.loads(shoal("at", "2011-06-08T02:00+02:00", "--lens", "value", "--json"))
    assert found["at"] == "2011-06-08T00:00:00+00:00"
    segments = found["lenses"]["value"]["segments"]
    assert sum(each["customers"] for each in segments) == 240
    assert segments[0]["segment"] == {"id": "value-1", "name": "Segment 1"}
    assert set(segments[0]["means"]) == {"recency_days", "orders", "spend"}


def test_one_customer_is_shown_with_everything() -> None:
    row = json.loads(shoal("at", "2011-06-01", "--customer", "c0007", "--json"))
    written = moment()
    place = written.table.ids.index("c0007")
    spend = written.table.columns(["spend"])[place, 0]
    assert (row["customer_id"], row["spend"]) == ("c0007", spend)
    told = shoal("at", "2011-06-01", "--customer", "c0007")
    for part in ("customer c0007", f"{spend:,.2f}", "distinct_products", "value: "):
        assert part in told
    with pytest.raises(InputError, match=r"'nobody' is not in the snapshot of 2011-06-01 00:00"):
        shoal("at", "2011-06-01", "--customer", "nobody")


@pytest.mark.parametrize("clv", [40.0, None])
def test_of_what_could_not_be_told_nothing_is_said(clv: float | None) -> None:
    """Churn risk is known of nobody here, and the lifetime value of some."""
    expecting(History("history/shoal"), JUNE_MS, ["c0007", "c0008"], clv)
    row = json.loads(shoal("at", "2011-06-01", "--customer", "c0007", "--json"))
    assert (row["clv"], row["churn_risk"]) == (clv, None)
    told = shoal("at", "2011-06-01", "--customer", "c0007")
    assert ("is expected to spend 40.00 (40.00 to 40.00)" in told) == (clv is not None)
    assert ("may want next: p1, p2" in told) == (clv is not None)
    assert "buy nothing" not in told
    assert "never bought:" not in told
    for missing in ("None", "nan", "clv", "churn_risk"):
        assert missing not in told


def test_who_fits_nowhere_is_said_to() -> None:
    written = moment()
    fit = fit_of(written)
    odd = next(
        written.table.ids[row]
        for place, row in enumerate(fit.active.nonzero()[0])
        if fit.outliers[place]
    )
    told = shoal("at", "2011-06-01", "--customer", odd)
    assert "left out of it as an outlier" in told
    assert "by the batch clustering" in told


def test_everybody_can_be_written_to_a_file() -> None:
    assert "written to all.csv" in shoal("at", "2011-06-01", "--out", "all.csv")
    with Path("all.csv").open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["customer_id"] for row in rows] == list(moment().table.ids)
    with pytest.raises(InputError, match=r"all\.csv is there already"):
        shoal("at", "2011-06-01", "--out", "all.csv")
    shoal("at", "2011-06-01", "--out", "all.csv", "--force")


def test_an_instant_before_the_first_snapshot_says_what_there_is() -> None:
    with pytest.raises(
        InputError, match=r"the first of 2 is of 2011-06-01 .*, the last of 2011-06-08"
    ):
        shoal("at", "2011-05-31")
    with pytest.raises(InputError, match="there are no snapshots in none yet"):
        shoal("at", "2011-05-31", "--history", "none")


@pytest.mark.parametrize("text", ["yesterday", "2011-13-01", "1", ""])
def test_what_is_no_instant_is_said(text: str) -> None:
    with pytest.raises(SettingsError, match=r"INSTANT .* is neither a day nor an instant"):
        shoal("at", text)


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01T00:00+14:00", "1969-12-31"])
def test_the_earliest_instants_are_instants(text: str) -> None:
    with pytest.raises(InputError, match="no snapshot as early as that"):
        shoal("at", text)


def test_the_latest_instant_is_one() -> None:
    assert "2011-06-08" in shoal("at", "9999-12-31T23:59-14:00")


def test_who_went_where_is_shown() -> None:
    told = shoal("migrations", "2011-06-01", "2011-06-30")
    assert "from 2011-06-01 00:00 UTC to 2011-06-08 00:00 UTC" in told
    found = json.loads(shoal("migrations", "2011-06-01", "2011-06-30", "--json"))["value"]
    assert sum(map(sum, found["customers"])) == 240
    none = sum(found["customers"][-1])
    assert f"{found['stayed']} stayed, {found['moved']} moved, {none} were in none before" in told
    assert found["before"][0] == {"id": "value-1", "name": "Segment 1"}
    assert found["before"][-1] is None


def test_migrations_need_two_snapshots_and_a_lens_in_both() -> None:
    with pytest.raises(InputError, match="name instants with a later snapshot for TO"):
        shoal("migrations", "2011-06-01", "2011-06-02")
    with pytest.raises(InputError, match="name instants with a later snapshot for TO"):
        shoal("migrations", "2011-06-08", "2011-06-01")
    with pytest.raises(InputError, match="no segments in the lens 'habits': there is value"):
        shoal("migrations", "2011-06-01", "2011-06-08", "--lens", "habits")
    bare = moment(JUNE_MS - WEEK_MS, version=None)
    History("history/shoal").write(bare, reconciled(bare))
    assert "there was no model" in shoal("at", "2011-05-25")
    with pytest.raises(InputError, match="no lens has segments in both"):
        shoal("migrations", "2011-05-25", "2011-06-08")


def test_a_folder_can_be_named() -> None:
    elsewhere = moment(JUNE_MS - WEEK_MS)
    History("out").write(elsewhere, reconciled(elsewhere))
    assert "2011-05-25" in shoal("at", "2011-06-30", "--history", "out")
    Path("shoal.toml").write_text('[history]\ndirectory = "out"\n')
    assert "2011-05-25" in shoal("at", "2011-06-30")


def test_an_id_that_would_speak_to_the_terminal_is_made_harmless() -> None:
    odd = moment(JUNE_MS + 2 * WEEK_MS, ["\x1b[31m[bold]"])
    History("history/shoal").write(odd, reconciled(odd))
    told = shoal("at", "2011-06-30", "--customer", "\x1b[31m[bold]")
    assert "\x1b" not in told
    assert "[31m[bold]" in told


def test_only_one_thing_is_asked_at_a_time() -> None:
    with pytest.raises(InputError, match="name one of them"):
        shoal("at", "2011-06-01", "--customer", "c0007", "--out", "all.csv")
