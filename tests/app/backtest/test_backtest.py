"""A backtest as a whole: always the same, in itself consistent, and what workers would do."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from app.backtest.backtest import backtest
from app.backtest.variants import variants
from app.replaying import Stopped
from snapshot.history import History
from stream.cadence import EventCadence
from stream.errors import InputError
from stream.profile.catalogue import catalogue
from stream.times import DAY_MS
from stream.topics import Topics
from tests.app.backtest.shops import SETTINGS, Impatient, left_in, run, source

if TYPE_CHECKING:
    from pathlib import Path


def files_of(out: Path) -> dict[str, bytes]:
    files = (each for each in out.rglob("*") if each.is_file() and each.name != "summary.json")
    return {str(file.relative_to(out)): file.read_bytes() for file in files}


def test_twice_the_same_source_is_twice_the_same_bytes(ran: Path, tmp_path: Path) -> None:
    run(tmp_path)
    first, second = files_of(ran), files_of(tmp_path)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert len(first["changes.jsonl"]) > 100_000


def test_changes_folded_up_are_the_final_profiles(ran: Path) -> None:
    left = left_in(ran)
    now: dict[tuple[str, str], dict[str, Any]] = {}
    for change in left.changes:
        who = (change["lens"], change["customer_id"])
        before = now.get(who)
        assert change["sequence"] == (before["sequence"] + 1 if before else 1)
        assert change["previous"] == (before["current"] if before else None) or renamed(
            change["previous"], before
        )
        now[who] = change
    for customer, row in left.profiles.items():
        for lens, prefix in (("value", ""), ("habits", "habits__")):
            last = now.get((lens, customer))
            assert row[f"{prefix}segment_id"] == (last and last["current"]["id"])
    assert any(row["segment_id"] for row in left.profiles.values())


def renamed(segment: dict[str, str] | None, before: dict[str, Any] | None) -> bool:
    """A segment keeps its id when a version calls it by another name."""
    return bool(segment and before and segment["id"] == before["current"]["id"])


def test_the_summary_counts_what_was_written(ran: Path) -> None:
    left = left_in(ran)
    told = left.summary
    causes = Counter(change["cause"] for change in left.changes)
    assert told["changes"] == len(left.changes)
    assert told["changes_by_cause"] == dict(causes)
    assert told["customers"] == len(left.profiles)
    assert told["outcomes"]["folded"] + told["outcomes"].get("duplicate", 0) <= told["transactions"]
    for key in ("agreement_model", "agreement"):
        assert 0.0 <= told[key]["min"] <= told[key]["p10"] <= told[key]["mean"] <= 1.0
    for key in ("tracking_gain", "relabelled", "flaps", "round_trips", "silhouette"):
        assert told[key] is not None
    assert told["flaps"] <= told["round_trips"]
    assert told["models"] >= 2
    assert told["lenses"].keys() == {"value", "habits"}


def test_a_change_is_observed_when_it_occurs(ran: Path) -> None:
    for change in left_in(ran).changes:
        assert change["observed_at"] == change["occurred_at"]


def test_snapshots_lie_at_the_midnights_of_the_cadence(ran: Path) -> None:
    instants = History(ran).instants()
    assert len(instants) >= 12
    assert all(EventCadence(7).is_due(instant_ms) for instant_ms in instants)
    assert {later - earlier for earlier, later in itertools.pairwise(instants)} == {7 * DAY_MS}


def test_profiles_have_every_feature_and_where_customers_stand(ran: Path) -> None:
    table = pq.read_table(ran / "profiles.parquet")
    names = ["customer_id", *(feature.name for feature in catalogue(90))]
    assert table.column_names[: len(names)] == names
    said = ["segment_id", "segment", "confidence", "outlier_score", "outlier"]
    assert table.column_names[len(names) :] == said + [f"habits__{name}" for name in said]
    for row in table.to_pylist():
        learned = row["segment_id"] and row["segment_id"].removeprefix("value-").isdecimal()
        assert (row["confidence"] is not None) == bool(learned)
        if learned:
            assert 0.0 < row["confidence"] <= 1.0
    assert 0 < sum(row["outlier"] or False for row in table.to_pylist()) <= 0.02 * len(table)


def test_partitions_learn_on_their_own_and_agree_about_profiles(ran: Path, tmp_path: Path) -> None:
    run(tmp_path, partitions=3)
    one, three = left_in(ran), left_in(tmp_path)
    features = [feature.name for feature in catalogue(90)]
    for customer, row in one.profiles.items():
        other = three.profiles[customer]
        assert {name: row[name] for name in features} == {name: other[name] for name in features}
    assert one.summary["outcomes"]["folded"] == three.summary["outcomes"]["folded"]
    assert three.summary["agreement_model"]["mean"] > 0.9


def test_settings_are_compared_on_the_same_records(ran: Path) -> None:
    four, five = run(asked=("lenses.value.k=4,5",))
    assert [four.variant.name, five.variant.name] == ["lenses.value.k=4", "lenses.value.k=5"]
    alone = left_in(ran).summary
    never_the_same = {"seconds", "events_per_second"}
    assert {key: four.summary[key] for key in alone.keys() - never_the_same} == {
        key: alone[key] for key in alone.keys() - never_the_same
    }
    assert len(five.moment.lenses["value"].running[0].segments) == 5


def test_where_a_first_fit_has_too_little_there_is_no_model(tmp_path: Path) -> None:
    run(tmp_path, of=source("synthetic:customers=30,days=40,seed=1"))
    left = left_in(tmp_path)
    assert left.changes == []
    assert left.summary["models"] == 0
    assert left.summary["agreement"] is None
    assert len(left.profiles) == left.summary["customers"] > 0


def test_a_source_without_a_transaction_is_an_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("customer_id,occurred_at,amount\n", "utf-8")
    with pytest.raises(InputError, match="empty"):
        run(of=source(str(empty)))


def test_what_is_stopped_has_no_summary(tmp_path: Path) -> None:
    from app.backtest.folder import Folder

    with pytest.raises(Stopped):
        backtest(
            source(),
            variants(SETTINGS, EventCadence(7), ()),
            Topics(),
            Impatient(),
            Folder(tmp_path / "out"),
        )
    assert not (tmp_path / "out" / "summary.json").exists()
