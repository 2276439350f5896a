"""Experiments as they lie on the log: every plan, and who was assigned what.

Records have the experiment's name as their key, so that one is read without decoding the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from insights.experiments.plan import Arm, Plan
from stream.contracts.experiment import ExperimentAssignment, ExperimentPlan
from stream.contracts.instant import milliseconds
from stream.contracts.kind import kind_of
from stream.errors import InputError, InvalidMessage
from stream.log.whole import whole

if TYPE_CHECKING:
    from stream.contracts.segment import SegmentRef
    from stream.log.batch import Record
    from stream.log.seam import Log
    from stream.profile.layout import Hashes, Ints

Kind = TypeVar("Kind", ExperimentPlan, ExperimentAssignment)


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """Customers who were assigned at one instant."""

    instant_ms: int
    segments: tuple[SegmentRef, ...]
    keys: Hashes
    """Hashes of the customers' ids."""

    segment: Ints
    """The place of each one's segment."""

    arms: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """A plan, and the waves of customers in it; none before it is assigned."""

    plan: ExperimentPlan
    waves: tuple[Wave, ...]

    def as_planned(self) -> Plan:
        """As `insights.experiments` takes it."""
        plan = self.plan
        return Plan(
            name=plan.name,
            lens=plan.lens,
            segments=tuple(segment.id for segment in plan.segments),
            arms=tuple(Arm(name=arm.name, share=arm.share) for arm in plan.arms),
            lift=plan.lift,
        )


def plans(log: Log, topic: str) -> list[ExperimentPlan]:
    """All there are, the oldest first."""
    return [
        _read(ExperimentPlan, topic, offset, record)
        for offset, record in whole(log, topic)
        if kind_of(record.value) == "experiment_plan"
    ]


def find(log: Log, topic: str, name: str) -> Experiment | None:
    """The one of this name."""
    plan: ExperimentPlan | None = None
    parts: list[ExperimentAssignment] = []
    for offset, record in whole(log, topic):
        if record.key != name.encode():
            continue
        if kind_of(record.value) == "experiment_plan":
            plan = plan or _read(ExperimentPlan, topic, offset, record)
        elif kind_of(record.value) == "experiment_assignment":
            parts.append(_read(ExperimentAssignment, topic, offset, record))
    return Experiment(plan, _waves(parts, len(plan.arms), topic)) if plan else None


def existing(log: Log, topic: str, name: str) -> Experiment:
    """The same, or an error that says which there are."""
    found = find(log, topic, name)
    if found is None:
        names = ", ".join(plan.name for plan in plans(log, topic)) or "none yet"
        raise InputError(
            f"there is no experiment {name!r} on {log.name}; there is {names}. "
            "`shoal experiment create` plans one"
        )
    return found


def _waves(parts: list[ExperimentAssignment], arms: int, topic: str) -> tuple[Wave, ...]:
    numbers = sorted({part.wave for part in parts})
    waves = []
    for number in numbers:
        mine = sorted((one for one in parts if one.wave == number), key=lambda one: one.part)
        if [one.part for one in mine] != list(range(mine[0].parts)):
            raise InvalidMessage(f"{topic}: wave {number} of {mine[0].name} has not all its parts")
        if any(max(one.arm, default=0) >= arms for one in mine):
            raise InvalidMessage(f"{topic}: {mine[0].name} has no such arm as wave {number} says")
        waves.append(_wave(mine))
    return tuple(waves)


def _wave(parts: list[ExperimentAssignment]) -> Wave:
    hashes = "".join("".join(part.customers) for part in parts)
    return Wave(
        milliseconds(parts[0].instant),
        parts[0].segments,
        np.frombuffer(bytes.fromhex(hashes), ">u8").astype(np.uint64),
        np.concatenate([np.array(part.segment, np.int64) for part in parts]),
        np.concatenate([np.array(part.arm, np.int64) for part in parts]),
    )


def _read(kind: type[Kind], topic: str, offset: int, record: Record) -> Kind:
    try:
        return kind.from_json(record.value)
    except InvalidMessage as error:
        raise InvalidMessage(f"{topic}, record {offset}: {error}") from None
