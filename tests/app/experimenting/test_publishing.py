"""Plans and assignments come back from the log as they were published, all of it or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.experimenting.kept import Wave, existing, find, plans
from app.experimenting.publishing import Registrar
from stream.contracts.experiment import ExperimentArm, ExperimentAssignment, ExperimentPlan
from stream.contracts.segment import SegmentRef
from stream.errors import Fenced, InputError, InvalidMessage
from stream.log.batch import Record, Records

if TYPE_CHECKING:
    from stream.profile.layout import Ints
    from tests.app.bought.shop import Shop

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SEGMENTS = tuple(SegmentRef(id=f"value-{one}", name=f"Segment {one}") for one in range(12))
ARMS = (ExperimentArm(name="control", share=0.5), ExperimentArm(name="mail", share=0.5))


def plan(name: str) -> ExperimentPlan:
    return ExperimentPlan(name=name, lens="value", arms=ARMS, lift=0.1, created_at=NOW)


def wave(customers: int, seed: int = 0) -> Wave:
    random = np.random.default_rng(seed)
    keys = random.integers(0, 2**64 - 1, customers, np.uint64, endpoint=True)

    def places(most: int) -> Ints:
        return random.integers(0, most, customers)

    return Wave(1_000_000 + seed, SEGMENTS, keys, places(len(SEGMENTS)), places(2))


def same(one: Wave, other: Wave) -> None:
    assert (one.instant_ms, one.segments) == (other.instant_ms, other.segments)
    for name in ("keys", "segment", "arms"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()


def test_waves_of_any_size_come_back_in_order(shop: Shop) -> None:
    waves = [wave(45_000), wave(0, 1), wave(7, 2)]
    with Registrar(shop.log, shop.topics) as registrar:
        for name in ("spring", "summer"):
            registrar.publish_plan(plan(name))
        for number, one in enumerate(waves):
            registrar.publish_wave("spring", number, one, NOW)
    found = existing(shop.log, shop.topics.experiments, "spring")
    assert found.plan == plan("spring")
    for one, other in zip(found.waves, waves, strict=True):
        same(one, other)
    assert existing(shop.log, shop.topics.experiments, "summer").waves == ()
    assert [one.name for one in plans(shop.log, shop.topics.experiments)] == ["spring", "summer"]


def test_who_opens_later_fences_who_was_there(shop: Shop) -> None:
    with Registrar(shop.log, shop.topics) as slow:
        assert slow.find("spring") is None
        with Registrar(shop.log, shop.topics) as quick:
            quick.publish_plan(plan("spring"))
        with pytest.raises(Fenced, match="took over"):
            slow.publish_plan(plan("spring"))
    assert len(plans(shop.log, shop.topics.experiments)) == 1


def test_where_nothing_was_planned_it_says_so(embedded: Shop) -> None:
    embedded.log.delete_topics([embedded.topics.experiments])
    assert find(embedded.log, embedded.topics.experiments, "spring") is None
    with pytest.raises(InputError, match="none yet"):
        existing(embedded.log, embedded.topics.experiments, "spring")


@pytest.mark.parametrize(
    ("change", "fact"),
    [({"parts": 2}, "not all its parts"), ({"arm": (7,)}, "no such arm")],
)
def test_an_assignment_that_makes_no_sense_is_refused(
    embedded: Shop, change: dict[str, object], fact: str
) -> None:
    fields: dict[str, object] = {
        "name": "spring",
        "wave": 0,
        "part": 0,
        "parts": 1,
        "instant": NOW,
        "assigned_at": NOW,
        "segments": SEGMENTS,
        "customers": ("00ff00ff00ff00ff",),
        "segment": (3,),
        "arm": (1,),
    }
    odd = ExperimentAssignment.model_validate(fields | change)
    with embedded.log.writer() as writer:
        for one in (plan("spring"), odd):
            records = Records.of([Record(b"spring", one.to_json(), 0)])
            writer.append(embedded.topics.experiments, 0, records)
        writer.flush()
    with pytest.raises(InvalidMessage, match=fact):
        existing(embedded.log, embedded.topics.experiments, "spring")


def test_a_record_of_somebody_else_is_named(embedded: Shop) -> None:
    odd = Record(b"spring", b'{"type": "experiment_plan", "name": 3}', 0)
    with embedded.log.writer() as writer:
        writer.append(embedded.topics.experiments, 0, Records.of([Record(b"x", b"\xff", 0), odd]))
        writer.flush()
    with pytest.raises(InvalidMessage, match="record 1"):
        find(embedded.log, embedded.topics.experiments, "spring")
