"""One snapshot decided: what a batch clustering makes of it, what drifts, and the next model.

The pure middle of the job and of the backtest: no log, no clock, no files. What it knows of the
past it is given.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from snapshot.drift import alerts_of, lens_drift, relabelled
from snapshot.finding import wants_another_number
from snapshot.fitting import require_days
from snapshot.naming import name_segments
from snapshot.next_model import Candidate, Succession, succession
from snapshot.promotion import held_back
from snapshot.reaching import within_reach
from snapshot.refitting import Present, refit
from snapshot.running import learned_segments
from stream.contracts.drift import DriftReport
from stream.contracts.instant import milliseconds
from stream.errors import InputError, SettingsError
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from snapshot.batch_fit import BatchFit
    from snapshot.choices import Choices, Guards
    from snapshot.moment import Moment
    from snapshot.refitting import Refit
    from stream.contracts.drift import LensDrift
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel
    from stream.contracts.segment_event import SegmentEvent
    from stream.settings.lenses import LensSpec


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to compare a moment with."""

    model: SegmentModel | None = None
    """The newest version that was published."""

    past: Sequence[Moment] = ()
    """Earlier moments, the oldest first: those of the last 63 days, and the model's own."""

    reports: Sequence[DriftReport] = ()
    """What earlier snapshots found, the oldest first."""

    flaps: Mapping[str, float] = field(default_factory=dict)
    """For each lens A to B to A within 7 days, per 100 active customers in 30 days."""


@dataclass(frozen=True, slots=True, eq=False)
class Reconciled:
    """What a snapshot came to."""

    report: DriftReport
    model: SegmentModel | None
    """The next version, where one is to be published, numbered as it then will be."""

    events: tuple[SegmentEvent, ...]
    """What happens to segments with that version; none without one."""

    fits: Mapping[str, BatchFit]
    """The batch clustering of each lens that could be fitted, promoted or not."""


def reconcile(
    moment: Moment,
    known: Known,
    specs: Sequence[LensSpec],
    choices: Choices,
    created_at: datetime,
) -> Reconciled:
    """Compares the running segments with a batch clustering, and decides.

    1. Each lens is fitted and aligned with what runs. One that can't be fitted stays as it is.
    2. What differs is measured, and said aloud where it counts.
    3. The guards are asked, lens by lens; what they let through makes the next version. Where too
       many would have to move at once, it goes as far as they may.
    """
    fitted = [_fitted(moment, spec, known, choices) for spec in specs]  # 1
    pairs = list(zip(fitted, specs, strict=True))
    compared = [_compared(moment, known, one, spec, choices) for one, spec in pairs]  # 2
    candidates = [
        within_reach(_told(one, drift), moment, spec, choices)
        for one, drift, spec in zip(fitted, compared, specs, strict=True)
    ]
    next_one = succession(moment, known.model, candidates, choices, known.reports, created_at)  # 3
    return Reconciled(
        _report(moment, known, [one for one in compared if one], next_one, choices, created_at),
        next_one.model,
        next_one.events,
        {one.name: one.refit.fit for one in fitted if one.refit},
    )


def _fitted(moment: Moment, spec: LensSpec, known: Known, choices: Choices) -> Candidate:
    """What can't be fitted now doesn't hold the other lenses up."""
    running = known.model.lens(spec.name) if known.model else None
    present = _present(known.model, running) if known.model and running else None
    try:
        if present is None:
            require_days(moment.table, choices.enough, "lower snapshot.least_days")
        made, remark = _refitted(moment, spec, present, choices)
        named = made.named(name_segments(moment, made.fit, running, choices.names))
        guards = _guards(spec, present, choices)
        return Candidate(spec.name, present, named, remark=remark, guards=guards)
    except SettingsError:
        raise  # a slip to be mended, which no other customers would change
    except InputError as error:
        return Candidate(spec.name, present, problem=str(error))


def _present(model: SegmentModel, lens: LensModel) -> Present:
    return Present(lens, model.version, milliseconds(model.instant))


def _refitted(
    moment: Moment, spec: LensSpec, present: Present | None, choices: Choices
) -> tuple[Refit, str | None]:
    """From scratch only where the guards would let it pass; else from where it runs, so that
    segments are followed meanwhile, and there is something to compare with."""
    made = refit(moment, spec, present, choices)
    if present is None or not made.fresh:
        return made, None
    reasons = held_back(made, made.moved, _guards(spec, present, choices))
    if not reasons:
        return made, None
    warm = refit(moment, spec, present, choices, warm=True)
    if warm.fresh:
        return made, None
    return warm, f"a fit from scratch was not taken: {'; '.join(reasons)}"


def _guards(spec: LensSpec, present: Present | None, choices: Choices) -> Guards:
    """Who says another number of segments wants people moved."""
    if present is None or not wants_another_number(spec, len(learned_segments(present.lens))):
        return choices.guards
    return replace(choices.guards, most_moved=1.0)


def _compared(
    moment: Moment, known: Known, one: Candidate, spec: LensSpec, choices: Choices
) -> LensDrift | None:
    """None where there is nothing to compare: no fit, or no lens before it."""
    if one.refit is None or one.present is None or known.model is None:
        return None
    fitted_ms = milliseconds(known.model.instant)
    first = next((past for past in known.past if past.instant_ms == fitted_ms), None)
    there = _with_those_who_run(moment, one.present)
    beside = _with_as_many(moment, spec, one.present, one.refit, choices)
    flaps = known.flaps.get(one.name)
    drift = lens_drift(one.name, there, known.past, one.present.lens, beside.fit, flaps, first)
    if beside is one.refit or one.name not in there.lenses:
        return drift
    moved = relabelled(there, there.lenses[one.name], one.present.lens, one.refit.fit)
    return drift.model_copy(update={"relabelled": moved})


def _with_as_many(
    moment: Moment, spec: LensSpec, present: Present, made: Refit, choices: Choices
) -> Refit:
    """How well segments are followed can't be read off a fit with another number of them."""
    if len(made.fit.lens.centroids) == len(learned_segments(present.lens)):
        return made
    return refit(moment, spec, present, choices, warm=True)


def _told(one: Candidate, drift: LensDrift | None) -> Candidate:
    return replace(one, drift=drift, moved=drift.relabelled if drift else None)


def _with_those_who_run(moment: Moment, present: Present) -> Moment:
    """Without the lens where tasks have not taken this version of it up yet: what they run then
    lies in another space."""
    there = moment.lenses.get(present.lens.lens)
    if there is None or there.version == present.version:
        return moment
    lenses = {name: lens for name, lens in moment.lenses.items() if name != present.lens.lens}
    return replace(moment, lenses=lenses)


def _report(
    moment: Moment,
    known: Known,
    compared: Sequence[LensDrift],
    next_one: Succession,
    choices: Choices,
    created_at: datetime,
) -> DriftReport:
    return DriftReport(
        instant=instant(moment.instant_ms),
        created_at=created_at,
        model_version=known.model.version if known.model else None,
        customers=len(moment),
        lenses=tuple(compared),
        alerts=alerts_of(compared, known.reports, choices.targets),
        decision=next_one.decision,
    )
