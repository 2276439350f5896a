"""What came of an experiment so far: outcomes from the stream, and how sure they make us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.experimenting.kept import existing
from app.experimenting.outcomes import NAMES, read_outcomes
from insights.experiments.reading import Reading, read
from stream.errors import InputError
from stream.model.change import instant

if TYPE_CHECKING:
    from app.experimenting.kept import Experiment
    from app.experimenting.outcomes import Outcomes
    from app.wiring import Wiring
    from stream.contracts.experiment import ExperimentPlan
    from stream.contracts.segment import SegmentRef
    from stream.log.seam import Log
    from stream.profile.layout import Hashes, Ints
    from stream.settings import Settings
    from stream.topics import Topics


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One outcome of an experiment, up to an instant."""

    plan: ExperimentPlan
    outcome: str
    since_ms: int
    until_ms: int
    customers: tuple[int, ...]
    """Arm by arm, without the erased."""

    added: int
    """How many of them came later than the first."""

    erased: int
    deviation: float
    """How much the first arm's outcomes vary."""

    segments: tuple[SegmentRef, ...]
    reading: Reading
    is_cut: bool
    """The log may have let go of the first transactions after the beginning."""


def read_experiment(
    wiring: Wiring, name: str, outcome: str = "bought", until_ms: int | None = None
) -> Result:
    """`InputError` where it has not begun, or nothing was read since."""
    if outcome not in NAMES:
        raise InputError(f"--outcome {outcome}: there is {', '.join(NAMES)}")
    with wiring.open_existing_log() as log:
        topics, settings = wiring.topics(), wiring.settings
        experiment = existing(log, topics.experiments, name)
        return result_of(log, topics, settings, experiment, outcome, until_ms)


def result_of(
    log: Log,
    topics: Topics,
    settings: Settings,
    experiment: Experiment,
    outcome: str,
    until_ms: int | None = None,
) -> Result:
    """The same on a log that is open already."""
    name = experiment.plan.name
    keys, since_ms = _everybody(experiment)
    begin_ms = int(since_ms.min())
    if until_ms is not None and until_ms <= begin_ms:
        raise InputError(f"--until lies before {name} began: name a later instant")
    found = read_outcomes(log, topics, settings, keys, since_ms, until_ms)
    if found.reached_ms <= begin_ms:
        raise InputError(
            f"nothing has come since {name} began, at {instant(begin_ms):%Y-%m-%d %H:%M} UTC of "
            "event time: outcomes are what customers do from then on"
        )
    end_ms = min(found.reached_ms, until_ms or found.reached_ms)
    return _result(experiment, outcome, found, begin_ms, end_ms)


def _everybody(experiment: Experiment) -> tuple[Hashes, Ints]:
    """The customers of all waves, and since when each is in it."""
    if not experiment.waves:
        raise InputError(
            f"{experiment.plan.name} has not begun: `shoal experiment assign "
            f"{experiment.plan.name} --out FILE` gives customers their arms"
        )
    keys = np.concatenate([wave.keys for wave in experiment.waves])
    since = [np.full(len(wave.keys), wave.instant_ms) for wave in experiment.waves]
    return keys, np.concatenate(since)


def _result(
    experiment: Experiment, outcome: str, found: Outcomes, begin_ms: int, end_ms: int
) -> Result:
    waves, plan, there = experiment.waves, experiment.as_planned(), ~found.erased
    arms = np.concatenate([wave.arms for wave in waves])[there]
    ids = [np.array([one.id for one in wave.segments])[wave.segment] for wave in waves]
    refs = {one.id: one for wave in waves for one in wave.segments}
    outcomes = found.of(outcome)[there]
    first = outcomes[arms == 0]
    return Result(
        plan=experiment.plan,
        outcome=outcome,
        since_ms=begin_ms,
        until_ms=end_ms,
        customers=tuple(np.bincount(arms, minlength=len(plan.arms)).tolist()),
        added=int(there[len(waves[0].keys) :].sum()),
        erased=int(found.erased.sum()),
        deviation=float(first.std(ddof=1)) if len(first) > 1 else 0.0,
        segments=tuple(refs.values()),
        reading=read(plan, arms, np.concatenate(ids)[there].tolist(), outcomes),
        is_cut=found.is_cut,
    )
