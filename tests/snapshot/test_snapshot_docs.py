"""What docs/snapshots.md and docs/identity.md say of numbers and words is so."""

from __future__ import annotations

from pathlib import Path

from snapshot.alignment import SAME
from snapshot.choices import Choices, Guards
from snapshot.clusterers import kmeans
from snapshot.finding import COMPARED, SPREAD
from snapshot.learning import TIMES
from snapshot.measures import SILHOUETTE_SAMPLE
from snapshot.stability import LARGEST
from stream.contracts.segment_event import Happened
from stream.settings.snapshot import SnapshotSettings

DOCS = Path(__file__).parents[2] / "docs"
SNAPSHOTS = (DOCS / "snapshots.md").read_text(encoding="utf-8")
IDENTITY = (DOCS / "identity.md").read_text(encoding="utf-8")


def test_the_guards_and_waits_are_those_of_the_code() -> None:
    guards, choices = Guards(), Choices()
    for name in ("smallest_share", "least_separation", "most_moved"):
        assert f"| `snapshot.{name}` | {getattr(guards, name):g} |" in SNAPSHOTS
    assert f"at most every {choices.promote_every_days:g} days" in SNAPSHOTS
    assert f"{choices.enough.customers} active customers (`snapshot.least_cust" in SNAPSHOTS
    assert f"{choices.enough.days:g} days of event time (`snapshot.least_days" in SNAPSHOTS
    assert TIMES == 3
    assert "three versions running" in SNAPSHOTS


def test_the_samples_are_those_of_the_code() -> None:
    words = " ".join(SNAPSHOTS.split())
    assert f"{COMPARED:,} to see" in words
    assert f"{kmeans.LARGEST:,} for its ten starts" in words
    assert f"{LARGEST:,} for a bootstrap, {SILHOUETTE_SAMPLE:,} for a silhouette" in words


def test_what_makes_a_segment_the_same_is_as_in_the_code() -> None:
    words = " ".join(IDENTITY.split())
    assert f"(a Jaccard index of {SAME})" in words
    assert f"`snapshot.fresh_above` ({Choices().fresh_above:g}) times" in words
    assert f"inertia is {SPREAD:g} times the least" in words


def test_every_event_is_explained() -> None:
    for happened in Happened:
        assert f"| `{happened.value}` |" in IDENTITY


def test_every_setting_of_the_section_is_a_choice_or_the_cadence() -> None:
    named = set(SnapshotSettings.model_fields)
    assert named == {
        *("every", "promote_every_days", "fresh_above", "least_customers", "least_days"),
        *("smallest_share", "least_separation", "most_moved"),
        *("agreement_target", "share_change", "order_value_effect"),
    }
