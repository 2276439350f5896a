"""Planning an experiment, and giving every customer an arm: once, whoever asks again.

1. Who is there, with the segments they have.
2. The name is taken over, and what was published under it is read.
3. What is missing is worked out and published in one transaction.
4. The file is made of what was published: so it is the same, whoever makes it and however often.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from app.bought.matching import Customers
from app.experimenting.kept import Wave, existing
from app.experimenting.population import past, present
from app.experimenting.publishing import Registrar
from app.experimenting.segments import named
from insights.experiments.assigning import assign, assign_later
from snapshot.published import published_models
from stream.contracts.experiment import ExperimentArm, ExperimentPlan
from stream.errors import InputError
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.experimenting.kept import Experiment
    from app.experimenting.population import Population
    from app.wiring import Wiring
    from insights.experiments.plan import Plan
    from stream.contracts.segment import SegmentRef
    from stream.log.seam import Log
    from stream.profile.layout import Hashes, Ints

PLANNED = ("name", "lens", "segments", "arms", "lift")


@dataclass(frozen=True, slots=True)
class Created:
    plan: ExperimentPlan
    was_there: bool
    """The very same plan was published before."""


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """Who gets what, as far as they are still there."""

    plan: ExperimentPlan
    table: pa.Table
    """A row a customer, sorted by id: `customer_id`, `segment_id`, `segment`, `arm`, `since`."""

    new: int
    """How many were assigned just now; the others had been before."""

    missing: int
    """How many were assigned before and are not there any more: who was erased has no id."""


def create(wiring: Wiring, plan: Plan) -> Created:
    """Publishes the plan; `InputError` where another one has its name."""
    if plan.lens not in wiring.settings.lenses:
        known = ", ".join(sorted(wiring.settings.lenses))
        raise InputError(f"there is no lens {plan.lens!r}: the settings have {known}")
    with wiring.open_existing_log() as log:
        made = ExperimentPlan(
            name=plan.name,
            lens=plan.lens,
            segments=_known_segments(log, wiring, plan),
            arms=tuple(ExperimentArm(name=arm.name, share=arm.share) for arm in plan.arms),
            lift=plan.lift,
            created_at=datetime.now(UTC),
        )
        with Registrar(log, wiring.topics()) as registrar:
            before = registrar.find(plan.name)
            if before is None:
                registrar.publish_plan(made)
                return Created(made, was_there=False)
    if any(getattr(before.plan, name) != getattr(made, name) for name in PLANNED):
        raise InputError(
            f"there is another experiment {plan.name!r} already, of "
            f"{before.plan.created_at:%Y-%m-%d}: what was planned stays. Take another name"
        )
    return Created(before.plan, was_there=True)


def assign_customers(
    wiring: Wiring, name: str, *, later: bool = False, at_ms: int | None = None
) -> Assigned:
    """Assigns who is to be assigned, if anybody, and says who has which arm."""
    with wiring.open_existing_log() as log:
        topics, settings = wiring.topics(), wiring.settings
        lens = existing(log, topics.experiments, name).plan.lens
        population = (
            present(log, topics, settings, lens) if at_ms is None else past(settings, lens, at_ms)
        )  # 1
        who = Customers.of(population.ids)
        with Registrar(log, topics) as registrar:  # 2
            experiment = registrar.find(name)
            assert experiment is not None  # it was there, and nothing takes one away
            wave = _wave(experiment, population, who.keys, later=later)
            if wave is not None:
                number = len(experiment.waves)
                registrar.publish_wave(name, number, wave, datetime.now(UTC))  # 3
    waves = (*experiment.waves, *([wave] if wave else []))
    return _assigned(
        experiment.plan, waves, population.ids, who, len(wave.keys) if wave else 0
    )  # 4


def _known_segments(log: Log, wiring: Wiring, plan: Plan) -> tuple[SegmentRef, ...]:
    """The segments by their ids or names, as the newest model has them."""
    models = published_models(log, wiring.topics().models)
    lens = models[-1].lens(plan.lens) if models else None
    if not plan.segments:
        return ()
    if lens is None:
        raise InputError(
            f"there is no model of the lens {plan.lens!r} yet, so its segments can't be named: "
            "`shoal snapshot` makes one"
        )
    learned = [one.segment for one in lens.centroids]
    refs = {ref.id: ref for ref in [*learned, *(rule.segment for rule in lens.rule_segments)]}
    return tuple(named(list(refs.values()), text) for text in plan.segments)


def _wave(
    experiment: Experiment, population: Population, keys: Hashes, *, later: bool
) -> Wave | None:
    """Who is to be assigned now; None where nobody is."""
    if experiment.waves and not later:
        return None
    if later and not experiment.waves:
        raise InputError(
            f"{experiment.plan.name} has not begun: assign it first, and add newcomers --later"
        )
    rows = _eligible(experiment.plan, population)
    for wave in experiment.waves:
        rows = rows[~np.isin(keys[rows], wave.keys)]
    if not len(rows):
        if later:
            return None
        raise InputError(f"{experiment.plan.name}: nobody is in a segment that it is for")
    plan, ids = experiment.as_planned(), [population.ids[row] for row in rows.tolist()]
    names = [one.id for one in population.segments]
    segments = [names[place] for place in population.segment[rows].tolist()]
    arms = assign_later(plan, ids) if later else assign(plan, ids, segments)
    return Wave(
        population.instant_ms, population.segments, keys[rows], population.segment[rows], arms
    )


def _eligible(plan: ExperimentPlan, population: Population) -> Ints:
    if not plan.segments:
        return np.arange(len(population.ids))
    wanted = {segment.id for segment in plan.segments}
    places = [place for place, one in enumerate(population.segments) if one.id in wanted]
    return np.flatnonzero(np.isin(population.segment, places))


def _assigned(
    plan: ExperimentPlan, waves: Sequence[Wave], ids: Sequence[str], who: Customers, new: int
) -> Assigned:
    everybody = pa.array(ids, pa.string())
    tables = [_table(plan, wave, everybody, who.rows_of(wave.keys)) for wave in waves]
    table = pa.concat_tables(tables).sort_by("customer_id")
    return Assigned(plan, table, new, sum(len(wave.keys) for wave in waves) - len(table))


def _table(plan: ExperimentPlan, wave: Wave, everybody: pa.Array, rows: Ints) -> pa.Table:
    """Those of a wave who are there, by their rows among everybody."""
    there = rows >= 0
    segment, arms = wave.segment[there], wave.arms[there]
    since = f"{instant(wave.instant_ms):%Y-%m-%dT%H:%M:%SZ}"
    return pa.table(
        {
            "customer_id": everybody.take(pa.array(rows[there])),
            "segment_id": pa.array([one.id for one in wave.segments], pa.string()).take(segment),
            "segment": pa.array([one.name for one in wave.segments], pa.string()).take(segment),
            "arm": pa.array([arm.name for arm in plan.arms], pa.string()).take(arms),
            "since": pa.array([since] * len(arms), pa.string()),
        }
    )
