"""`shoal customer` against what a worker wrote: every number is found again by other means."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from app.cli import run as run_command
from app.customer import rows_of_key
from snapshot.history import History
from stream.contracts.change import SegmentChange
from stream.contracts.fast import Line, decode
from stream.contracts.model import SegmentModel
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from stream.profile.catalogue import catalogue
from stream.topics import Topics
from tests.producers.replays import everything
from tests.snapshot.history.expecting import expecting
from tests.snapshot.history.moments import JUNE_MS

if TYPE_CHECKING:
    from pathlib import Path

TOPICS = Topics()


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def shoal(*words: str) -> Done:
    """In this process, and in its folder."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["shoal", *words])
        code = run_command()
    return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop consumed under two models, the second taken up half way."""
    folder = tmp_path_factory.mktemp("shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        shop = "synthetic:customers=300,days=90,seed=5"
        for words in (
            ("replay", shop, "--partitions", "2", "--until", "2025-03-01"),
            ("consume", "--until-end"),
            ("models", "fit", "--k", "4", "--publish"),
            ("replay", shop, "--partitions", "2", "--from", "2025-03-01"),
            ("consume", "--until-end"),
        ):
            done = shoal(*words)
            assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(autouse=True)
def there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def changes() -> list[SegmentChange]:
    with open_log("sqlite:///shoal.db") as log:
        found = everything(log, TOPICS.changes)
    return [SegmentChange.from_json(record.value) for many in found for record in many]


def moved_customer() -> str:
    """Whoever changed segment most often."""
    ids = [change.customer_id for change in changes()]
    return max(sorted(set(ids)), key=ids.count)


def told(customer: str) -> dict[str, Any]:
    done = shoal("customer", customer, "--json")
    assert done.returncode == 0, done.stderr
    page: dict[str, Any] = json.loads(done.stdout)
    return page


def test_the_history_is_every_change_of_the_customer_in_order() -> None:
    customer = moved_customer()
    history = told(customer)["history"]
    expected = [one for one in changes() if one.customer_id == customer]
    assert [SegmentChange.model_validate_json(json.dumps(one)) for one in history] == expected
    assert len(history) > 1
    assert [one["sequence"] for one in history] == list(range(1, len(history) + 1))


def test_the_segment_is_the_one_that_the_last_change_entered() -> None:
    for customer in sorted({change.customer_id for change in changes()})[:20]:
        page = told(customer)
        lens = page["lenses"]["value"]
        assert lens["segment"] == page["history"][-1]["current"]
        assert lens["changes"] == page["history"][-1]["sequence"]


def test_every_feature_of_the_catalogue_is_there_at_the_partitions_event_time() -> None:
    page = told(moved_customer())
    assert list(page["features"]) == [feature.name for feature in catalogue(90)]
    assert page["at"].startswith("2025-03-31") or page["at"].startswith("2025-04-01")
    assert page["partition"] == partition_of(page["customer_id"].encode(), 2)


def test_the_lines_of_the_profile_are_those_that_were_sent() -> None:
    customer = moved_customer()
    with open_log("sqlite:///shoal.db") as log:
        [sent] = [
            [decode(one.value) for one in many if one.key == customer.encode()]
            for number, many in enumerate(everything(log, TOPICS.transactions))
            if number == partition_of(customer.encode(), 2)
        ]
    once = {line.event_id: line for line in sent if isinstance(line, Line)}.values()
    features = told(customer)["features"]
    assert features["lines"] == len(once)
    assert features["spend"] == pytest.approx(sum(line.amount or 0.0 for line in once), abs=1e-3)


def test_distances_are_those_to_the_model_when_its_centroids_have_not_moved() -> None:
    """The learner moves them a little in each sweep, so: near, and in the same order mostly."""
    with open_log("sqlite:///shoal.db") as log:
        [[record]] = everything(log, TOPICS.models)
    lens = SegmentModel.from_json(record.value).lens("value")
    assert lens is not None
    page = told(moved_customer())
    values = [page["features"][feature.name] for feature in lens.features]
    point = [
        (np.log1p(max(value, 0.0) / feature.unit) - feature.centre) / feature.scale
        for value, feature in zip(values, lens.features, strict=True)
    ]
    shown = page["lenses"]["value"]["distances"]
    assert set(shown) == {centroid.segment.id for centroid in lens.centroids}
    for centroid in lens.centroids:
        away = float(np.linalg.norm(np.array(point) - np.array(centroid.position)))
        assert shown[centroid.segment.id] == pytest.approx(away, abs=0.5)


def test_confidence_and_margin_follow_from_the_distances() -> None:
    with open_log("sqlite:///shoal.db") as log:
        [[record]] = everything(log, TOPICS.models)
    lens = SegmentModel.from_json(record.value).lens("value")
    assert lens is not None
    customers = sorted({change.customer_id for change in changes()})
    page = told(next(filter(_is_learned, customers)))["lenses"]["value"]
    distances, own = page["distances"], page["segment"]["id"]
    weights = {
        name: np.exp(-(away**2) / (2 * lens.pooled_variance)) for name, away in distances.items()
    }
    assert page["confidence"] == pytest.approx(weights[own] / sum(weights.values()))
    nearest_other = min(away for name, away in distances.items() if name != own)
    assert page["margin"] == pytest.approx(nearest_other / distances[own] - 1)


def _is_learned(customer: str) -> bool:
    return told(customer)["lenses"]["value"]["confidence"] is not None


def test_the_page_for_people_has_units_and_reasons() -> None:
    customer = moved_customer()
    done = shoal("customer", customer)
    assert done.stdout.startswith(f"customer {customer} (partition ")
    assert " money\n" in done.stdout
    assert " days\n" in done.stdout
    first, *_, last = told(customer)["history"]
    assert first["reasons"]
    for reason in first["reasons"]:
        assert reason["before"] is None
        assert f"{reason['feature']} {reason['after']:,.2f}" in done.stdout
    assert f"→ {last['current']['name']} ({last['cause']})" in done.stdout


def test_what_the_newest_snapshot_expects_is_shown(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shoal.db").write_bytes((folder / "shoal.db").read_bytes())
    monkeypatch.chdir(tmp_path)
    customer = moved_customer()
    assert told(customer)["expected"] is None
    assert "by the snapshot" not in shoal("customer", customer).stdout
    expecting(History("history/shoal"), JUNE_MS, [customer, "other"], 12.5)
    assert told(customer)["expected"] == {
        "at": "2011-06-01T00:00:00+00:00",
        "clv": 12.5,
        "clv_low": 12.5,
        "clv_high": 12.5,
        "probability_alive": 0.75,
        "churn_risk": None,
        "recommended": ["p1", "p2"],
        "recommended_new": [],
    }
    lines = shoal("customer", customer).stdout.splitlines()
    first = lines.index("by the snapshot of 2011-06-01 00:00 UTC")
    assert lines[first + 1 : first + 5] == [
        "  is expected to spend 12.50 (12.50 to 12.50)",
        "  is still a customer with a probability of 75%",
        "  may want next: p1, p2",
        "",
    ]


def test_somebody_unknown_is_one_clear_line() -> None:
    done = shoal("customer", "nobody at all")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "shoal: there is no customer 'nobody at all' on sqlite:///shoal.db"
    )
    assert done.stderr.count("\n") == 1


def test_before_anything_was_consumed_it_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shoal("replay", "synthetic:customers=30,days=20,seed=3")
    done = shoal("customer", "c01")
    assert done.returncode == 2
    assert "run `shoal consume` first" in done.stderr


def test_before_there_is_a_model_it_says_what_makes_segments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shoal("replay", "synthetic:customers=30,days=20,seed=3")
    shoal("consume", "--until-end")
    with open_log("sqlite:///shoal.db") as log:
        [sent] = everything(log, TOPICS.transactions)
    customer = next(one.key.decode() for one in sent if one.key is not None)
    done = shoal("customer", customer)
    assert done.returncode == 0
    assert "no segments yet: `shoal models fit --publish` makes some" in done.stdout
    assert "0 changes of segment" in done.stdout


def test_who_was_erased_is_said_to_be(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "shoal.db").write_bytes((folder / "shoal.db").read_bytes())
    customer, log = moved_customer(), f"sqlite:///{tmp_path / 'shoal.db'}"
    assert shoal("erase", customer, "--yes", "--log", log).returncode == 0
    assert shoal("consume", "--until-end", "--log", log).returncode == 0
    done = shoal("customer", customer, "--log", log)
    assert done.returncode == 2
    assert done.stderr == f"shoal: customer {customer!r} was erased\n"


def test_rows_of_a_key_are_exactly_those() -> None:
    keys = [b"ab", None, b"abc", b"ab", b"", b"ba", b"\xff"]
    records = Records.of(Record(key, b"v", 0) for key in keys)
    for key in [b"ab", b"abc", b"ba", b"\xff", b"", b"x"]:
        expected = [row for row, other in enumerate(keys) if other == key]
        assert rows_of_key(records, key).tolist() == expected
