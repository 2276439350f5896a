"""One lens at one instant: everything that is measured of it, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.drift.agreement import agreement, tracking_gain
from snapshot.drift.centroids import (
    centroid_distances,
    inertia_ratio,
    mean_running,
    partition_spread,
)
from snapshot.drift.features import feature_drifts
from snapshot.drift.pairing import moment_before, paired
from snapshot.drift.segments import Compared, learned_of, segment_drifts
from snapshot.drift.standpoints import standpoints
from stream.contracts.drift import LensDrift
from stream.model.arrays import NONE, Standings
from stream.model.change import instant
from stream.model.everybody import look_at_all
from stream.model.lens import compile_lens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from snapshot.batch_fit import BatchFit
    from snapshot.drift.pairing import Pair
    from snapshot.moment import LensAt, Moment
    from stream.contracts.lens import LensModel

WEEK_DAYS, AT_MOST_WEEK_DAYS = 7.0, 35.0
MONTH_DAYS, AT_MOST_MONTH_DAYS = 28.0, 63.0
"""The moments that shares and order values are compared with: the youngest that are so old."""


def lens_drift(
    name: str,
    moment: Moment,
    past: Sequence[Moment],
    running: LensModel,
    fit: BatchFit,
    flaps: float | None = None,
    first: Moment | None = None,
) -> LensDrift:
    """What can be said of a lens at a moment.

    `past` has earlier moments in any order; `running` is the version that tasks worked with, and
    `first` the moment that it was fitted on, which features are compared with. What there is
    nothing to compare with for is null.
    """
    active = int(np.count_nonzero(fit.active))
    silhouette = fit.lens.fit.silhouette if fit.lens.fit else None
    lens = moment.lenses.get(name)
    features = feature_drifts(first, moment, running) if first is not None else ()
    whole = LensDrift(
        lens=name,
        active_customers=active,
        silhouette=silhouette,
        flaps=flaps,
        learning=running.learning.on,
        fitted_at=instant(first.instant_ms) if first is not None else None,
        features=features,
    )
    return whole if lens is None else _with_running(whole, moment, lens, past, running, fit)


def _with_running(
    whole: LensDrift,
    moment: Moment,
    lens: LensAt,
    past: Sequence[Moment],
    running: LensModel,
    fit: BatchFit,
) -> LensDrift:
    """The same with what needs a model that tasks worked with."""
    points = standpoints(moment, lens, running, fit)
    gain = tracking_gain(points)
    compared = _compared(moment, past, running.lens)
    distances = centroid_distances(mean_running(moment, lens, running), running, fit)
    return whole.model_copy(
        update={
            "agreement": agreement(points.running, points.batch),
            "published_agreement": agreement(points.published, points.batch),
            "inertia_ratio": inertia_ratio(moment, lens, running, fit),
            "tracking_gain": gain.gain if gain else None,
            "tracking_noise": gain.noise if gain else None,
            "partition_spread": partition_spread(lens),
            "relabelled": relabelled(moment, lens, running, fit),
            "shares_since": _since(compared.week),
            "order_values_since": _since(compared.month),
            "segments": segment_drifts(lens, running, compared, distances),
        }
    )


def _compared(moment: Moment, past: Sequence[Moment], name: str) -> Compared:
    """With moments at which the lens had a model already."""
    known = [one for one in past if name in one.lenses]
    week = moment_before(known, moment.instant_ms, WEEK_DAYS, AT_MOST_WEEK_DAYS)
    month = moment_before(known, moment.instant_ms, MONTH_DAYS, AT_MOST_MONTH_DAYS)
    return Compared(
        paired(week, moment) if week is not None else None,
        paired(month, moment) if month is not None else None,
    )


def _since(pair: Pair | None) -> datetime | None:
    return instant(pair.before.instant_ms) if pair is not None else None


def relabelled(moment: Moment, lens: LensAt, running: LensModel, fit: BatchFit) -> float | None:
    """The share of active customers whom the transition rule would move, were the fit promoted.

    Without the return guard, which a moment knows nothing of: so it is at most a little less.
    """
    there = fit.active & (lens.published != NONE)
    there[there] = learned_of(lens, running)[lens.published[there]]
    rows = np.flatnonzero(there)
    if not len(rows):
        return None
    next_lens = compile_lens(fit.lens, lens.version)
    codes = {segment.id: code for code, segment in enumerate(next_lens.segments)}
    recoded = np.array([codes.get(segment.id, -2) for segment in lens.segments], np.int64)
    nowhere = np.full(len(rows), NONE, np.int64)
    standings = Standings(recoded[lens.published[rows]], nowhere, np.zeros(len(rows), np.int64))
    moves = look_at_all(
        next_lens,
        moment.table.columns(next_lens.needs)[rows],
        moment.table.last_purchase_ms[rows],
        standings,
        moment.instant_ms,
    )
    return len(moves.rows) / len(rows)
