"""The demonstration runs, in a place where one has run before, and tells what is on the log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.demo import words
from app.demo.changes import changes_of, flows, latest, most_to_tell, places
from snapshot.published import published_models
from stream.contracts.change import Cause, SegmentChange
from stream.log.embedded import EmbeddedLog

WIDTH = 80


def demo(folder: Path) -> str:
    result = CliRunner().invoke(
        app,
        ["demo", "--dir", str(folder), "--customers", "200"],
        catch_exceptions=False,
        env={"COLUMNS": str(WIDTH)},
    )
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[SegmentChange]]:
    """What it showed, and the changes that are on its log; there are leavings of an earlier run."""
    folder = tmp_path_factory.mktemp("demo")
    leavings = ("shop.csv.gz", "shoal.db", "shoal.db-wal", "history/manifest.json", "report.html")
    of_a_dashboard = ("shoal.tables.db", "shoal.tables.db-wal")
    for name in (*leavings, *of_a_dashboard):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("of an earlier run")
    (folder / "shoal.toml").write_text("")
    shown = demo(folder)
    assert not (folder / "history" / "manifest.json").exists()
    assert not any((folder / name).exists() for name in of_a_dashboard)
    assert (folder / "shoal.toml").exists()
    with EmbeddedLog(str(folder / "shoal.db")) as log:
        return shown, changes_of(log, "shoal.segment-changes", "value")


def test_the_end_tells_changes_that_are_on_the_log_with_their_reasons(
    ran: tuple[str, list[SegmentChange]],
) -> None:
    shown, changes = ran
    plain = " ".join(shown.split())
    told = latest(changes)
    assert {one.cause for one in told} == {Cause.MOVED, Cause.JOINED, Cause.TIME}
    for change in told:
        assert " ".join(" ".join(words.told(change)).split()) in plain
        assert change.reasons
    assert re.search(r"an order: \w+ up from [\d.,]+ to [\d.,]+, \w+ ", plain)


def test_flows_and_sizes_add_up_to_the_changes(ran: tuple[str, list[SegmentChange]]) -> None:
    shown, changes = ran
    between = [one for one in changes if one.previous is not None]
    counted = sum(counts.total() for counts in flows(changes).values())
    assert counted == len(between) > 0
    sizes = section(shown, "5  How many customers", "What the customers had been planted as")
    now = {name: int(count) for name, count in re.findall(r"(\w[\w ]+?) +\d+ +(\d+) ", sizes)}
    assert sum(now.values()) == len(places(changes))
    table = section(shown, "6  Who went where", "7  What drifted")
    cells = (line.split() for line in re.sub(r"\d+ other ways?", "", table).splitlines())
    assert sum(int(cell) for row in cells for cell in row[-4:] if cell.isdecimal()) == counted


def test_the_story_is_that_of_a_customer_who_came_far_by_orders_and_by_time(
    ran: tuple[str, list[SegmentChange]],
) -> None:
    shown, changes = ran
    customer = most_to_tell(changes)
    assert customer is not None
    story = section(shown, "9  One customer's story", "The last snapshot as a page")
    assert f"$ shoal customer {customer}" in story
    mine = [one for one in changes if one.customer_id == customer]
    assert {Cause.MOVED, Cause.TIME} <= {one.cause for one in mine}
    assert len({one.current.id for one in mine if one.current}) >= 3
    assert len(re.findall(rf"^ +[\d-]+ [\d:]+  {customer}: ", story, re.MULTILINE)) == len(mine)


def test_every_step_names_its_command_and_fits_a_narrow_terminal(
    ran: tuple[str, list[SegmentChange]],
) -> None:
    shown, _ = ran
    for command in ("generate", "replay", "consume", "snapshot", "migrations", "drift", "customer"):
        assert f"$ shoal {command}" in shown
    assert "sent to shoal.transactions" in shown
    own = (
        line
        for line in shown.splitlines()
        if not any(copied in line for copied in ("$ ", "report.html", "make dashboard"))
    )
    assert max(map(len, own)) <= WIDTH


def test_the_page_of_the_last_snapshot_names_every_segment(
    ran: tuple[str, list[SegmentChange]],
) -> None:
    shown, _ = ran
    *_, last = (line.strip() for line in shown.splitlines() if line.endswith("report.html"))
    page = Path(last).read_text("utf-8")
    with EmbeddedLog(str(Path(last).with_name("shoal.db"))) as log:
        model = published_models(log, "shoal.segment-models")[-1]
    assert all(one.segment.name in page for one in model.lenses[0].centroids)
    assert "nan" not in page


def section(shown: str, begin: str, end: str) -> str:
    return shown[shown.index(begin) : shown.index(end)]
