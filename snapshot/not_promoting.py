"""Snapshots that make no new model whatever the fit says: too old, or not to be read. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stream.contracts.alert import Decision, Outcome
from stream.contracts.drift import DriftReport
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from snapshot.reconciling import Reconciled
    from stream.contracts.model import SegmentModel

SHOWN = 5


def as_it_may_be(
    found: Reconciled, last: SegmentModel | None, running: set[int | None], *, is_newest: bool
) -> Reconciled:
    """Without its model, where that is of another time than the tasks would take it up at."""
    if found.model is None:
        return found
    if running == {last.version if last else None} and is_newest:
        return found
    why = (
        f"version {last.version} was published, and tasks had not taken it up at this instant"
        if last is not None and running != {last.version}
        else "there are later midnights already: this one is only compared"
    )
    decision = Decision(outcome=Outcome.KEPT, reasons=(why,))
    report = found.report.model_copy(update={"decision": decision})
    return replace(found, report=report, model=None, events=())


def missed_report(
    midnights: Sequence[int], lacking: Sequence[int], created_at: datetime
) -> DriftReport:
    """Says which midnights can't be read any more; it is of the last of them."""
    partitions = ", ".join(map(str, lacking[:SHOWN])) + (" …" if len(lacking) > SHOWN else "")
    why = (
        f"missed: partition {partitions} can't be read at {days(midnights)} any more, because a "
        "checkpoint after it has replaced its blocks"
    )
    return DriftReport(
        instant=instant(midnights[-1]),
        created_at=created_at,
        model_version=None,
        customers=0,
        decision=Decision(outcome=Outcome.KEPT, reasons=(why,)),
    )


def days(midnights: Sequence[int]) -> str:
    """
    >>> days([0, 86_400_000])
    '1970-01-01, 1970-01-02'
    """
    shown = ", ".join(f"{instant(midnight_ms):%Y-%m-%d}" for midnight_ms in midnights[-SHOWN:])
    return shown if len(midnights) <= SHOWN else f"… {shown}"
