"""`shoal snapshot` as it is used, and `shoal models diff` and `rollback` behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from snapshot.history import History
from snapshot.publishing import make_topics
from snapshot.turn import Turn
from stream.cadence import EventCadence
from stream.contracts.instant import milliseconds
from stream.contracts.model import SegmentModel
from stream.errors import GroupBusy, InputError, LogUnavailable, SettingsError
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings
from stream.times import DAY_MS
from stream.topics import Topics
from tests.app.cli.small import SMALL
from tests.snapshot.logs import START, made_by_hand, promotes
from tests.snapshot.shops import purchases
from tests.snapshot.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer.testing import Result

RUNNER = CliRunner()
TOPICS = Topics(partitions=2)
DAY_0 = milliseconds(START)


def invoked(*arguments: str) -> Result:
    result = RUNNER.invoke(app, list(arguments), env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def shoal(*arguments: str) -> str:
    return invoked(*arguments).stdout


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedLog]:
    """A folder with an embedded log and settings; commands run in it."""
    monkeypatch.chdir(tmp_path)
    Path("shoal.toml").write_text(SMALL, encoding="utf-8")
    with EmbeddedLog("shoal.db") as log:
        log.create_topics(TOPICS.specs())
        yield log


@pytest.fixture
def tasks(here: EmbeddedLog) -> Tasks:
    """They have read forty days of a shop."""
    made = Tasks(here, TOPICS, load_settings(None, {}))
    midnights = [DAY_0 + day * DAY_MS for day in range(1, 41)]
    made.live(purchases(90, 40), midnights)
    made.read_on()
    return made


def test_one_snapshot_makes_a_model_and_a_second_finds_nothing_to_do(tasks: Tasks) -> None:
    said = shoal("snapshot")
    assert "version 1 published" in said
    assert f"{START.year}-02-10 00:00" in said
    assert said.count("born") == 3
    assert History("history/shoal").instants() == (DAY_0 + 40 * DAY_MS,)
    again = invoked("snapshot")
    assert again.stdout == ""
    assert "no midnight is due after 2011-02-10" in again.stderr
    model = SegmentModel.from_json(shoal("models", "show", "1", "--json").encode())
    assert [len(lens.centroids) for lens in model.lenses] == [3]


def test_in_event_time_it_goes_on_from_midnight_to_midnight(tasks: Tasks) -> None:
    weekly = EventCadence(7)
    shoal("snapshot", "--every", "7d", "--until-end")
    tasks.read_on()
    tasks.tick(*(DAY_0 + day * DAY_MS for day in range(41, 56)))
    tasks.read_on()
    told = shoal("snapshot", "--every", "1w", "--until-end", "--json").splitlines()
    found = [json.loads(line) for line in told]
    assert len(found) == 2
    assert found[1]["outcome"] in {"promoted", "kept"}
    instants = History("history/shoal").instants()
    assert len(instants) == 3
    assert all(weekly.is_due(at) for at in instants)


def test_a_second_job_on_the_embedded_log_leaves_and_says_so(
    tasks: Tasks, here: EmbeddedLog
) -> None:
    with (
        Turn(here, make_topics(here, TOPICS), "first"),
        pytest.raises(GroupBusy, match=r"another snapshot job is at work .* this one leaves"),
    ):
        shoal("snapshot")
    assert "version 1" in shoal("snapshot")


def test_before_there_is_anything_it_says_what_is_missing(tmp_path: Path) -> None:
    assert "there are no profiles yet" in invoked("snapshot").stderr
    with pytest.raises(LogUnavailable, match="there is no log"):
        shoal("snapshot", "--log", "sqlite:///none.db")
    assert not Path("none.db").exists()


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--every", "soon"], "is no cadence"),
        (["--every", "15m", "--until-end"], "--until-end goes with a cadence in event time"),
        (["--until-end"], "--until-end goes with a cadence in event time"),
    ],
)
def test_flags_that_make_no_sense_are_refused(flags: list[str], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        shoal("snapshot", *flags)


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--lockstep", "15m"], "by the clock"),
        (["--lockstep", "7d", "--no-ticks"], "leave out --no-ticks"),
        (["--lockstep", "7d", "--topic", "another"], "leave out --topic"),
    ],
)
def test_a_lockstep_that_would_wait_for_ever_is_refused(flags: list[str], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        shoal("replay", "synthetic:customers=3,days=3", *flags)


def test_versions_are_compared_and_taken_back(here: EmbeddedLog) -> None:
    lens = made_by_hand().lenses[0]
    moved = lens.centroids[0].model_copy(update={"position": (9.0, 9.0)[: len(lens.features)]})
    if len(lens.features) > 2:
        moved = moved.model_copy(update={"position": (9.0,) * len(lens.features)})
    newer = lens.model_copy(update={"centroids": (moved, *lens.centroids[1:])})
    for number, model in enumerate((made_by_hand(), made_by_hand(lenses=(newer,)))):
        Path(f"{number}.json").write_bytes(model.to_json())
        shoal("models", "publish", f"{number}.json")
    shown = shoal("models", "diff", "1", "2")
    assert "moved" in shown
    assert "stays" in shown
    told = json.loads(shoal("models", "diff", "1", "2", "--json"))
    assert [one["happened"] for one in told["lenses"][0]["segments"]] == ["moved", "stays", "stays"]
    assert "published as version 3" in shoal("models", "rollback", "1")
    third = SegmentModel.from_json(shoal("models", "show", "3", "--json").encode())
    assert (third.shape_of, third.lenses) == (1, made_by_hand().lenses)
    assert promotes(here, TOPICS.transactions) == [[1, 2, 3]] * 2
    with pytest.raises(InputError, match="nothing to take back"):
        shoal("models", "rollback", "3")
    with pytest.raises(InputError, match="no version 9"):
        shoal("models", "diff", "1", "9")


def test_a_snapshot_leaves_its_metrics_in_a_file_and_one_without_news_leaves_the_file_alone(
    tasks: Tasks,
) -> None:
    shoal("snapshot", "--textfile", "shoal.prom")
    written = Path("shoal.prom").read_text()
    instant = (DAY_0 + 40 * DAY_MS) / 1000
    assert 'shoal_snapshots_total{outcome="promoted"} 1.0' in written
    [line] = [one for one in written.splitlines() if one.startswith("shoal_snapshot_instant_sec")]
    assert float(line.split()[1]) == instant
    assert "process_" not in written
    shoal("snapshot", "--textfile", "shoal.prom")
    assert Path("shoal.prom").read_text() == written
