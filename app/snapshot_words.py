"""What `shoal snapshot` says of each snapshot: lines for people, an object for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.insight_words import insights_as_json, insights_in_words
from snapshot.job import Taken
from snapshot.not_promoting import days
from stream.contracts.alert import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snapshot.job import WasMissed
    from stream.contracts.drift import DriftReport, LensDrift
    from stream.contracts.segment_event import SegmentEvent


def in_words(step: Taken | WasMissed) -> str:
    """A few lines: what was decided and why, how it stands, what happened to segments."""
    return "\n       ".join(_lines(step))


def as_json(step: Taken | WasMissed) -> dict[str, object]:
    """The decision, and what it was made from in short; the report itself is on its topic."""
    if not isinstance(step, Taken):
        return _decided(step.report) | {"missed": True}
    report = step.reconciled.report
    return _decided(report) | {
        "missed": False,
        "passed_over": len(step.passed_over),
        "agreement": {
            lens.lens: lens.agreement.share for lens in report.lenses if lens.agreement is not None
        },
        "alerts": [alert.reason for alert in report.alerts],
        "segment_events": [
            {"segment": event.segment.id, "happened": str(event.happened)}
            for event in step.reconciled.events
        ],
        "insights": insights_as_json(step.enriched) if step.enriched else None,
    }


def _lines(step: Taken | WasMissed) -> Iterator[str]:
    if not isinstance(step, Taken):
        yield from _reasons(step.report)
        return
    report = step.reconciled.report
    if step.passed_over:
        yield f"missed: {days(step.passed_over)} can't be read any more"
    yield f"{report.instant:%Y-%m-%d %H:%M}  {report.customers:,} customers, {_outcome(report)}"
    yield from _reasons(report)
    yield from map(_lens, report.lenses)
    yield from map(_event, step.reconciled.events)
    if step.enriched is not None:
        yield from insights_in_words(step.enriched)
    yield from (f"alert: {alert.reason}" for alert in report.alerts)


def _outcome(report: DriftReport) -> str:
    if report.decision.outcome is Outcome.PROMOTED:
        return f"version {report.decision.version} published"
    if report.model_version is None:
        return "no model was at work"
    return f"version {report.model_version} stays"


def _reasons(report: DriftReport) -> Iterator[str]:
    yield from report.decision.reasons


def _lens(lens: LensDrift) -> str:
    told = f"{lens.lens}: {lens.active_customers:,} active"
    if lens.agreement is not None:
        told += f", {lens.agreement.share:.1%} where the batch clustering has them"
    if lens.relabelled is not None:
        told += f", {lens.relabelled:.1%} moved"
    return told


def _event(event: SegmentEvent) -> str:
    name = f"{event.segment.name} ({event.segment.id})"
    if event.previous_name is not None:
        return f"{name} was called {event.previous_name}"
    kin = event.went_to or event.came_from
    others = ", ".join(f"{one.segment.name} ({one.share:.0%})" for one in kin[:4])
    way = "to" if event.went_to else "from"
    return f"{name} {event.happened}" + (f", {way} {others}" if others else "")


def _decided(report: DriftReport) -> dict[str, object]:
    return {
        "instant": report.instant.isoformat(),
        "customers": report.customers,
        "outcome": str(report.decision.outcome),
        "version": report.decision.version,
        "reasons": list(report.decision.reasons),
    }
