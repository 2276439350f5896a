"""`shoal models` as it is used."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from snapshot.river_export import RiverExport
from stream.contracts.model import SegmentModel
from stream.errors import InputError, InvalidMessage, LogUnavailable
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings
from stream.settings.fingerprint import fingerprint
from stream.topics import Topics
from tests.snapshot.blocks import write_blocks
from tests.snapshot.logs import made_by_hand, promotes
from tests.snapshot.shops import folded, purchases

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNNER = CliRunner()
TOPICS = Topics(partitions=2)
ROOT = Path(__file__).parents[3]


def shoal(*arguments: str) -> str:
    result = RUNNER.invoke(app, ["models", *arguments], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedLog]:
    """A folder with an embedded log; commands run in it."""
    monkeypatch.chdir(tmp_path)
    with EmbeddedLog("shoal.db") as log:
        log.create_topics(TOPICS.specs())
        yield log


def write(model: SegmentModel, name: str = "model.json") -> str:
    Path(name).write_bytes(model.to_json())
    return name


def test_a_file_is_published_listed_and_shown(here: EmbeddedLog) -> None:
    assert "There is no model yet" in shoal("list")
    file = write(made_by_hand(7, note="by [hand]"))
    assert shoal("publish", file) == "published as version 1\n"
    assert shoal("publish", file) == "published as version 2\n"
    assert promotes(here, TOPICS.transactions) == [[1, 2], [1, 2]]
    listed = shoal("list").splitlines()
    assert [line.split()[0] for line in listed] == ["version", "1", "2"]
    assert "value (3)" in listed[1]
    assert "by [hand]" in listed[1]
    shown = shoal("show", "2")
    for part in ("version 2", "value-1", "Segment 3", "Dormant", "90 days without", "spend_d90"):
        assert part in shown
    assert SegmentModel.from_json(shoal("show", "2", "--json").encode()).version == 2


def test_what_cannot_be_published_changes_nothing(here: EmbeddedLog) -> None:
    Path("broken.json").write_text("{}", encoding="utf-8")
    with pytest.raises(
        InvalidMessage, match=r"broken\.json is no SegmentModel: .*lenses is missing"
    ):
        shoal("publish", "broken.json")
    with pytest.raises(InputError, match="folded with other settings"):
        shoal("publish", write(made_by_hand(fingerprint="another")))
    with pytest.raises(InputError, match=r"no file none\.json"):
        shoal("publish", "none.json")
    assert promotes(here, TOPICS.transactions) == [[], []]


def test_a_version_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="there is no model yet"):
        shoal("show", "1")
    with pytest.raises(InputError, match="there is no model yet"):
        shoal("export", "--out", "model.json")


def test_looking_makes_no_log() -> None:
    with pytest.raises(LogUnavailable):
        shoal("list", "--log", "sqlite:///none.db")
    assert not Path("none.db").exists()


def test_an_exported_version_can_be_published_again() -> None:
    shoal("publish", write(made_by_hand()))
    shoal("export", "--version", "1", "--out", "out.json")
    assert SegmentModel.from_json(Path("out.json").read_bytes()).lenses == made_by_hand().lenses
    assert shoal("publish", "out.json") == "published as version 2\n"


def test_a_file_that_is_there_is_not_written_over() -> None:
    shoal("publish", write(made_by_hand()))
    with pytest.raises(InputError, match=r"model\.json is there already"):
        shoal("export", "--out", "model.json")
    assert "written" in shoal("export", "--out", "model.json", "--force")
    with pytest.raises(InputError, match="can't be written"):
        shoal("export", "--out", "no/such/folder.json")


def test_version_and_partition_are_not_mixed() -> None:
    with pytest.raises(InputError, match="name one of them"):
        shoal("export", "--version", "1", "--partition", "0", "--out", "out.json")


@pytest.fixture
def profiles(here: EmbeddedLog) -> None:
    """What the tasks of both partitions left on the log."""
    write_blocks(here, TOPICS, folded(purchases(), 2), fingerprint(load_settings(None, {})))


@pytest.mark.usefixtures("profiles")
def test_a_fit_is_shown_and_published_only_when_asked(here: EmbeddedLog) -> None:
    shown = shoal("fit", "--k", "3")
    for part in ("Highest spend", "Lowest spend", "value-3", "orders_d90", "fitted on 2", "%"):
        assert part in shown
    assert "Not published" in shown
    assert promotes(here, TOPICS.transactions) == [[], []]
    assert "published as version 1" in shoal("fit", "--k", "3", "--publish", "--out", "a.json")
    assert promotes(here, TOPICS.transactions) == [[1], [1]]
    assert SegmentModel.from_json(Path("a.json").read_bytes()).version == 1


@pytest.mark.usefixtures("profiles")
def test_a_fit_that_was_kept_can_be_published_later() -> None:
    assert "shoal models publish a.json" in shoal("fit", "--k", "2", "--out", "a.json")
    fitted = SegmentModel.from_json(Path("a.json").read_bytes())
    assert shoal("publish", "a.json") == "published as version 1\n"
    published = SegmentModel.from_json(shoal("show", "1", "--json").encode())
    assert published == fitted.model_copy(update={"created_at": published.created_at})


@pytest.mark.usefixtures("profiles")
def test_segments_of_a_later_fit_are_new_ones_and_other_lenses_stay() -> None:
    Path("shoal.toml").write_text("[lenses.value]\n[lenses.spending]\nfeatures=['spend_d90']\n")
    settings = load_settings(Path("shoal.toml"), {})
    with EmbeddedLog("other.db") as log:
        log.create_topics(TOPICS.specs())
        write_blocks(log, TOPICS, folded(purchases(), 2), fingerprint(settings))
    here = ("--log", "sqlite:///other.db")
    shoal("fit", "--k", "3", "--publish", *here)
    assert "version 2" in shoal("fit", "--lens", "value", "--k", "2", "--publish", *here)
    model = SegmentModel.from_json(shoal("show", "2", "--json", *here).encode())
    ids = {lens.lens: [centroid.segment.id for centroid in lens.centroids] for lens in model.lenses}
    assert ids == {
        "value": ["value-4", "value-5"],
        "spending": ["spending-1", "spending-2", "spending-3"],
    }
    with pytest.raises(InputError, match="lens 'habits' is not on: there is spending, value"):
        shoal("fit", "--lens", "habits", "--k", "2", *here)


@pytest.mark.usefixtures("profiles")
def test_too_little_to_fit_is_said_and_can_be_allowed() -> None:
    with pytest.raises(InputError, match=r"needs 500: wait for more, or take --min-customers"):
        shoal("fit", "--k", "2", "--min-customers", "500")
    with pytest.raises(InputError, match=r"days of event time.*take --min-days"):
        shoal("fit", "--k", "2", "--min-days", "100")


@pytest.mark.usefixtures("profiles")
def test_where_nobody_says_how_many_segments_a_fit_chooses() -> None:
    assert "value-3" in shoal("fit")


def test_without_profiles_there_is_nothing_to_fit() -> None:
    with pytest.raises(InputError, match="no profiles yet"):
        shoal("fit", "--k", "2")


def test_the_documented_lines_bring_centroids_to_river_and_back() -> None:
    lens = made_by_hand().lenses[0]
    counted = [one.model_copy(update={"customers": 500}) for one in lens.centroids]
    lens = lens.model_copy(update={"centroids": tuple(counted)})
    shoal("publish", write(made_by_hand(lenses=(lens,))))
    shoal("export", "--river", "--out", "river.json")
    Path("model.json").unlink()
    text = (ROOT / "docs/models.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    taught = "kmeans.learn_one({0: 9.0, 1: 9.0, 2: 9.0})\n"
    lines = program.splitlines(keepends=True)
    run = subprocess.run(
        [sys.executable, "-c", "".join([*lines[:-1], taught, lines[-1]])],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stderr
    assert shoal("publish", "model.json") == "published as version 2\n"
    model = SegmentModel.from_json(shoal("show", "2", "--json").encode())
    assert model.based_on == 1
    step = RiverExport.from_json(Path("river.json").read_bytes()).lenses[0].step
    assert step == 1.5 * 3 / 1_500
    before, after = made_by_hand().lenses[0].centroids[2], model.lenses[0].centroids[2]
    assert after.segment == before.segment
    assert after.position == tuple(4.0 + step * (9.0 - 4.0) for _ in range(3))
    assert json.loads(Path("river.json").read_text("utf-8"))["partition"] is None
