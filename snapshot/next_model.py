"""The version after the one that runs, made lens by lens of what the guards let through.

A lens that is held back goes on as it runs, with its centroids where they have learned to, so that
a new version of another lens undoes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snapshot.choices import Guards
from snapshot.learning import gains_of, with_learning
from snapshot.lineage import Renewal, lineage, renamed_rules
from snapshot.numbering import numbered
from snapshot.promotion import held_back, too_soon
from snapshot.running import present_positions
from stream.contracts.alert import Decision, Outcome
from stream.contracts.model import SegmentModel
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from snapshot.choices import Choices
    from snapshot.moment import Moment
    from snapshot.refitting import Present, Refit
    from stream.contracts.drift import DriftReport, LensDrift
    from stream.contracts.lens import LensModel
    from stream.contracts.segment_event import SegmentEvent


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A lens with its new fit, or what was in the way of one."""

    name: str
    present: Present | None
    """As it was published last; None where it never was."""

    refit: Refit | None = None
    problem: str | None = None
    remark: str | None = None
    """What is to be said besides, promoted or not."""

    drift: LensDrift | None = None
    moved: float | None = None
    """The share of active customers that `refit` would move, where that is known."""

    guards: Guards = Guards()  # noqa: RUF009 (frozen)
    """What its fit has to pass."""


@dataclass(frozen=True, slots=True, eq=False)
class Succession:
    """What follows."""

    decision: Decision
    model: SegmentModel | None
    events: tuple[SegmentEvent, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Verdict:
    candidate: Candidate
    promoted: Refit | None
    reasons: tuple[str, ...]
    """What held it back, or is to be said besides."""


def succession(
    moment: Moment,
    running: SegmentModel | None,
    candidates: Sequence[Candidate],
    choices: Choices,
    reports: Sequence[DriftReport],
    created_at: datetime,
) -> Succession:
    """The next version, or why there is none."""
    soon = too_soon(moment.instant_ms, running, choices.promote_every_days) if running else None
    verdicts = [_verdict(one, soon) for one in candidates]
    reasons = tuple(reason for verdict in verdicts for reason in verdict.reasons)
    if not any(verdict.promoted for verdict in verdicts):
        said = (soon, *reasons) if soon else reasons
        return Succession(Decision(outcome=Outcome.KEPT, reasons=said), None, ())
    lenses = [lens for one in verdicts if (lens := _lens(moment, one, reports)) is not None]
    model = SegmentModel(
        version=1,
        based_on=running.version if running else None,
        instant=instant(moment.instant_ms),
        created_at=created_at,
        fingerprint=choices.fingerprint,
        lenses=(*lenses, *_others(running, candidates)),
        note="; ".join(map(_how, verdicts)),
    )
    model = numbered(model, running, created_at)
    decision = Decision(
        outcome=Outcome.PROMOTED, version=model.version, reasons=(model.note, *reasons)
    )
    return Succession(decision, model, tuple(_events(moment, model, running, verdicts)))


def _verdict(one: Candidate, soon: str | None) -> _Verdict:
    """A lens' first fit passes: there is nothing that could stay instead."""
    if one.refit is None:
        return _Verdict(one, None, (one.problem,) if one.problem else ())
    if one.present is None:
        return _Verdict(one, None if soon else one.refit, ())
    reasons = held_back(one.refit, one.moved, one.guards)
    said = (one.remark, *reasons) if one.remark else reasons
    return _Verdict(one, None if soon or reasons else one.refit, said)


def _lens(moment: Moment, verdict: _Verdict, reports: Sequence[DriftReport]) -> LensModel | None:
    """None where there is none yet."""
    one = verdict.candidate
    if verdict.promoted is not None:
        version = one.present.version if one.present else None
        gains = gains_of(one.name, reports, version, one.drift, instant(moment.instant_ms))
        return with_learning(verdict.promoted.fit.lens, gains)
    return None if one.present is None else _as_it_runs(moment, one.present)


def _as_it_runs(moment: Moment, present: Present) -> LensModel:
    lens = present.lens
    positions = present_positions(moment, lens, present.version).tolist()
    centroids = tuple(
        each.model_copy(update={"position": tuple(position)})
        for each, position in zip(lens.centroids, positions, strict=True)
    )
    return lens.model_copy(update={"centroids": centroids})


def _others(running: SegmentModel | None, candidates: Sequence[Candidate]) -> list[LensModel]:
    """Lenses of the running version that nobody asked about: a model made by hand may have some."""
    names = {one.name for one in candidates}
    return [lens for lens in running.lenses if lens.lens not in names] if running else []


def _how(verdict: _Verdict) -> str:
    one, promoted = verdict.candidate, verdict.promoted
    if promoted is None:
        return f"{one.name} as it runs" if one.present else f"no {one.name} yet"
    fit = promoted.fit.lens.fit
    if one.present and fit and not fit.fresh:
        return f"{one.name} refitted from where it ran"
    return f"{one.name} fitted afresh"


def _events(
    moment: Moment,
    model: SegmentModel,
    running: SegmentModel | None,
    verdicts: Sequence[_Verdict],
) -> Iterator[SegmentEvent]:
    previous = running.version if running else None
    renewal = Renewal(model.version, previous, model.instant, model.created_at)
    for verdict in verdicts:
        present, promoted = verdict.candidate.present, verdict.promoted
        if promoted is not None:
            yield from lineage(promoted, renewal)
            if present is not None:
                customers = _customers(moment, present.lens.lens)
                yield from renamed_rules(present.lens, promoted.fit.lens, customers, renewal)


def _customers(moment: Moment, lens: str) -> Mapping[str | None, int]:
    """How many customers each segment has, by its id, as published."""
    there = moment.lenses.get(lens)
    return Counter(there.segment_ids()) if there else {}
