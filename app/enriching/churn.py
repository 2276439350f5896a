"""How likely each customer is to fall silent, as learned from the snapshots that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.enriching.past import before, columns, sample
from app.enriching.silences import silences
from insights.arrays import rows_of
from insights.churn.examples import ANSWERING, Seen, at_risk, examples, features
from insights.churn.model import fit_churn
from insights.churn.quality import quality
from insights.clv.bg_nbd import fit_bg_nbd
from insights.clv.purchases import NEEDED, purchases
from insights.clv.valuing import FITTED_ON
from snapshot.enriching import Enrichment, SegmentFields
from stream.contracts.insight_report import CalibrationBin, ChurnQuality
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from app.enriching.past import Past
    from app.enriching.silences import Silence
    from insights.arrays import Floats
    from insights.churn.examples import Examples
    from insights.churn.model import ChurnModel, Tested
    from snapshot.enriching import SegmentKey
    from snapshot.moment import Moment

AT_AN_INSTANT = 40_000
"""Customers at most that one instant teaches of: the same ones at each."""

SCORED_AT_ONCE = 200_000
LEAST_TESTED = 100
"""Customers of a segment: of fewer a ranking says nothing."""


class ChurnRisk:
    """Boosted trees, grown anew at each snapshot."""

    name = "churn risk"

    def __init__(self, past: Past, half_life_days: int) -> None:
        self._past, self._features = past, features(half_life_days)

    def enrich(self, moment: Moment, known: Enrichment) -> Enrichment:
        """Who has been silent for long already is not scored: nobody asks that any more."""
        told = silences(before(self._past, moment.instant_ms), moment.instant_ms)
        then = self._read(told[0].then_ms, moment, self._features) if told else moment
        past = [self._examples(one, moment) for one in told[1:]]
        model = fit_churn([self._examples(told[0], moment, then), *past] if told else [])
        tested = then.of(_these(then, model.tested.customers))
        return Enrichment(
            numbers={"churn_risk": _risks(model, moment, self._features)},
            churn=_quality(model, then, tested),
            segments=dict(_of_segments(model.tested, tested)),
        )

    def _examples(self, one: Silence, now: Moment, then: Moment | None = None) -> Examples:
        then = then or self._read(one.then_ms, now, self._features)
        around = (self._read(at_ms, now, ANSWERING) for at_ms in (one.before_ms, one.after_ms))
        early, late = (_seen(each, ANSWERING) for each in around)
        return examples(_seen(then, self._features), early, late, self._features)

    def _read(self, instant_ms: int, now: Moment, names: Sequence[str]) -> Moment:
        """Now isn't kept yet."""
        if instant_ms == now.instant_ms:
            return now
        return sample(self._past, instant_ms, names, now, AT_AN_INSTANT)


def _seen(moment: Moment, names: Sequence[str]) -> Seen:
    table = moment.table
    return Seen(moment.instant_ms, table.ids, table.last_purchase_ms, columns(moment, names))


def _risks(model: ChurnModel, moment: Moment, names: Sequence[str]) -> Floats:
    """So many at once that memory stays small."""
    seen = _seen(moment, names)
    asked = np.flatnonzero(at_risk(seen))
    found = np.full(len(moment), np.nan)
    for begin in range(0, len(asked), SCORED_AT_ONCE):
        rows = asked[begin : begin + SCORED_AT_ONCE]
        found[rows] = model.predict(np.column_stack([seen.features[name][rows] for name in names]))
    return found


def _quality(model: ChurnModel, then: Moment, tested: Moment) -> ChurnQuality:
    told = quality(model.tested.predicted, model.tested.silent)
    still = _still_customers(then, tested)
    plain = None if still is None else quality(1.0 - still, model.tested.silent)
    return ChurnQuality(
        trained_on=model.trained_on,
        customers=told.customers,
        in_time=model.tested.in_time,
        silent=told.silent,
        auc=told.auc,
        brier=told.brier,
        alive_auc=plain.auc if plain else None,
        alive_brier=plain.brier if plain else None,
        calibration=tuple(CalibrationBin(**one._asdict()) for one in told.calibration),
    )


def _still_customers(then: Moment, tested: Moment) -> Floats | None:
    """How likely each tested one was still a customer, by all that was known then and no more;
    None where that can't be said."""
    features = columns(then, NEEDED)
    try:
        known = purchases(features).of(features["orders"] >= 1)
        fitted = fit_bg_nbd(known.drawn(FITTED_ON))
    except InputError:
        return None
    return fitted.alive(purchases(columns(tested, NEEDED)))


def _of_segments(tested: Tested, moment: Moment) -> Iterator[tuple[SegmentKey, SegmentFields]]:
    """By the segments that customers were in when they were tested."""
    for name, lens in moment.lenses.items():
        for code, segment in enumerate(lens.segments):
            inside = lens.published == code
            count = int(inside.sum())
            if count:
                enough = count >= LEAST_TESTED
                told = quality(tested.predicted[inside], tested.silent[inside]) if enough else None
                yield (
                    (name, segment.id),
                    SegmentFields(churn_auc=told.auc if told else None, churn_tested=count),
                )


def _these(moment: Moment, customers: Sequence[str]) -> NDArray[np.bool_]:
    chosen = np.zeros(len(moment), np.bool_)
    chosen[rows_of(moment.table.ids, customers)] = True
    return chosen
