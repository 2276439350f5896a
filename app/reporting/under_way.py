"""The experiments that a report tells of, read from the log in the words of `experiment read`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.experimenting.kept import existing, plans
from app.experimenting.reading import result_of
from app.experimenting.reading_words import ARM_HEADERS, INTERVALS, arm_rows, as_json, told
from insights.reporting.executive.heard import ExperimentPart, Experiments
from stream.errors import InputError

if TYPE_CHECKING:
    from app.experimenting.kept import Experiment
    from stream.log.seam import Log
    from stream.settings import Settings
    from stream.topics import Topics

MOST = 5
"""Told of: each takes a reading of the log since it began."""


def experiments_before(
    log: Log, topics: Topics, settings: Settings, until_ms: int
) -> Experiments | None:
    """Those assigned before an instant, the newest first, up to it; None where there is none."""
    begun = [
        one
        for plan in plans(log, topics.experiments)
        if (one := _before(existing(log, topics.experiments, plan.name), until_ms)).waves
    ]
    if not begun:
        return None
    begun.sort(key=lambda one: (-one.waves[0].instant_ms, one.plan.name))
    parts = tuple(_part(log, topics, settings, one, until_ms) for one in begun[:MOST])
    notes = [INTERVALS] if any(part.rows for part in parts) else []
    if len(begun) > MOST:
        notes.append(f"Of older ones {len(begun) - MOST:,} are left out.")
    return Experiments(ARM_HEADERS, parts, tuple(notes))


def _before(experiment: Experiment, until_ms: int) -> Experiment:
    """With the customers who were in it by then."""
    waves = tuple(wave for wave in experiment.waves if wave.instant_ms < until_ms)
    return replace(experiment, waves=waves)


def _part(
    log: Log, topics: Topics, settings: Settings, experiment: Experiment, until_ms: int
) -> ExperimentPart:
    name = experiment.plan.name
    try:
        result = result_of(log, topics, settings, experiment, "bought", until_ms)
    except InputError as nothing_yet:
        said = str(nothing_yet)
        return ExperimentPart(name, (f"{said[0].upper()}{said[1:]}.",), (), None)
    return ExperimentPart(
        name=name,
        sentences=tuple(line for line in told(result) if line != INTERVALS),
        rows=() if result.reading.is_broken else tuple(arm_rows(result)),
        numbers=as_json(result),
    )
