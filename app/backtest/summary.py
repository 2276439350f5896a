"""The closing account of a backtest: `summary.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stream.times import WEEK_MS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.backtest.tally import LensTally, Tally

MONTH_DAYS = 30.0
DIGITS = 6


def summary(
    tally: Tally,
    *,
    main_lens: str,
    transactions: int,
    rejected: Mapping[str, int],
    outcomes: Mapping[str, int],
    customers: int,
    end_ms: int,
    seconds: float,
) -> dict[str, Any]:
    """What there is to say. What is of one lens is said of the main one, and of all by name."""
    lenses = {name: _of_lens(tally, name, lens) for name, lens in sorted(tally.lenses.items())}
    weeks = (end_ms - tally.first_model_ms) / WEEK_MS if tally.first_model_ms is not None else 0.0
    own = tally.changes - tally.by_cause["first_model"]
    return {
        "transactions": transactions,
        "rejected": sum(rejected.values()),
        "rejected_by_reason": dict(rejected),
        "outcomes": dict(sorted(outcomes.items())),
        "customers": customers,
        "changes": tally.changes,
        "changes_by_cause": dict(sorted(tally.by_cause.items())),
        "changes_a_week": _rounded(own / weeks) if weeks else None,
        **lenses.get(main_lens, _of_lens(tally, main_lens, None)),
        "models": tally.models,
        "snapshots": tally.snapshots,
        "alerts": dict(sorted(tally.alerts.items())),
        "lenses": lenses,
        "seconds": round(seconds, 3),
        "events_per_second": round(transactions / seconds) if seconds else None,
    }


def _of_lens(tally: Tally, name: str, lens: LensTally | None) -> dict[str, Any]:
    months = lens.active_days / MONTH_DAYS / 100.0 if lens else 0.0
    return {
        "agreement_model": _spread(lens.agreement_model if lens else ()),
        "agreement": _spread(lens.agreement if lens else ()),
        "tracking_gain": _mean(lens.tracking_gain if lens else ()),
        "inertia_ratio": _mean(lens.inertia_ratio if lens else ()),
        "relabelled": _mean(lens.relabelled if lens else ()),
        "flaps": _rounded(tally.trips.flaps[name] / months) if months else None,
        "round_trips": _rounded(tally.trips.round_trips[name] / months) if months else None,
        "smallest_segment": _rounded(min(lens.smallest)) if lens and lens.smallest else None,
        "silhouette": _mean(lens.silhouette if lens else ()),
    }


def _spread(values: Sequence[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {
        "mean": _rounded(float(np.mean(values))),
        "p10": _rounded(float(np.quantile(values, 0.1))),
        "min": _rounded(min(values)),
    }


def _mean(values: Sequence[float]) -> float | None:
    return _rounded(float(np.mean(values))) if len(values) else None


def _rounded(value: float) -> float:
    return round(value, DIGITS)
