"""`shoal drift` as it is used."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from app.cli.drift import drift
from stream.contracts.drift import DriftReport
from stream.errors import InputError, LogUnavailable
from stream.log.batch import Record, Records
from stream.log.embedded import EmbeddedLog
from stream.topics import Topics
from tests.app.drift_reports import lens, report

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNNER = CliRunner()
TOPICS = Topics()


def shoal(*arguments: str, columns: int = 120) -> str:
    command = typer.Typer()
    command.command()(drift)
    result = RUNNER.invoke(command, arguments, env={"COLUMNS": str(columns)})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedLog]:
    monkeypatch.chdir(tmp_path)
    with EmbeddedLog("shoal.db") as log:
        log.create_topics(TOPICS.specs())
        yield log


def publish(log: EmbeddedLog, *reports: DriftReport) -> None:
    with log.producer("test") as producer, producer.transaction() as transaction:
        records = [Record(None, one.to_json(), 0) for one in reports]
        transaction.append(TOPICS.drift, 0, Records.of(records))


def test_the_last_report_is_told_in_full(log: EmbeddedLog) -> None:
    publish(log, report(), report(1))
    told = shoal()
    assert "2011-06-13 00:00 UTC, version 3, 4,372 customers: promoted 4" in told
    for words in (
        "no guard held it",
        "! Champions grew from 18.0% to 22.0%",
        "segment_share: +0.200, threshold 0.100",
        "running centroids 84.0% (ARI 0.75), published 80.0%",
        "learning gains +2.1%; a promotion would move 1.9%; flaps 0.00",
        "Loyal [x]",
        "on 05-30",
        "0.03 (0.00 to 0.05)",
    ):
        assert words in told


def test_several_reports_have_a_line_each(log: EmbeddedLog) -> None:
    publish(log, *(report(week, alerts=()) for week in range(3)), report(3))
    lines = shoal("--last", "2").splitlines()
    assert [line.split()[0] for line in lines[-2:]] == ["2011-06-20", "2011-06-27"]
    assert "84.0%" in lines[-1]


def test_nothing_is_lost_on_a_narrow_terminal(log: EmbeddedLog) -> None:
    publish(log, report())
    told = shoal(columns=60)
    assert "Champions" in told
    assert max(map(len, told.splitlines())) <= 60


def test_reports_come_as_they_were_published(log: EmbeddedLog) -> None:
    publish(log, report(), report(1))
    lines = shoal("--json", "--last", "5").splitlines()
    assert [DriftReport.from_json(line.encode()) for line in lines] == [report(), report(1)]


def test_only_one_lens_is_told(log: EmbeddedLog) -> None:
    publish(log, report(lenses=(lens(), lens(lens="habits"))))
    told = json.loads(shoal("--json", "--lens", "habits"))
    assert [one["lens"] for one in told["lenses"]] == ["habits"]
    assert told["alerts"] == []
    with pytest.raises(InputError, match="no report has a lens 'x': there is habits, value"):
        shoal("--lens", "x")


def test_it_is_drawn_over_time(log: EmbeddedLog) -> None:
    publish(log, *(report(week) for week in range(12)))
    assert "drawn in drift.svg" in shoal("--plot", "drift.svg")
    shoal("--plot", "drift.html", "--json")
    drawn = ElementTree.fromstring(Path("drift.svg").read_text("utf-8"))
    assert drawn.tag.endswith("svg")
    for file in ("drift.svg", "drift.html"):
        text = Path(file).read_text("utf-8")
        assert "Champions" in text
        assert "<script" not in text
        assert "shares of active customers" in text
    with pytest.raises(InputError, match="is there already"):
        shoal("--plot", "drift.svg")
    shoal("--plot", "drift.svg", "--force")


def test_another_kind_of_picture_is_refused_before_anything_is_read() -> None:
    with pytest.raises(InputError, match=r"drift\.png: name a file that ends in \.svg or \.html"):
        shoal("--plot", "drift.png")


def test_reports_without_anything_measured_can_be_told_and_drawn(log: EmbeddedLog) -> None:
    bare = report(
        model_version=None,
        alerts=(),
        lenses=(
            lens(
                agreement=None,
                published_agreement=None,
                inertia_ratio=None,
                silhouette=None,
                tracking_gain=None,
                partition_spread=None,
                relabelled=None,
                flaps=None,
                segments=(),
                features=(),
            ),
        ),
    )
    publish(log, bare)
    told = shoal("--plot", "drift.html")
    assert "no model" in told
    assert "no alert" in told


def test_no_report_yet_says_what_makes_one() -> None:
    with pytest.raises(InputError, match="no drift report yet: `shoal snapshot` makes one"):
        shoal()


def test_no_log_is_made_to_look_at_it() -> None:
    with pytest.raises(LogUnavailable):
        shoal("--log", "sqlite:///nowhere.db")
    assert not Path("nowhere.db").exists()
