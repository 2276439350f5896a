"""What each customer is expected to spend, and how likely each still is a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.enriching.past import before, columns, sample
from insights.arrays import rows_of
from insights.clv.holdout import held_out
from insights.clv.purchases import NEEDED, WEEK_DAYS, purchases
from insights.clv.scoring import COVERS, fit_lifetime
from insights.clv.valuing import FITTED_ON, valued
from snapshot.enriching import Enrichment
from stream.contracts.insight_report import HeldOutRow, LifetimeModel
from stream.errors import InputError
from stream.model.change import instant
from stream.times import DAY_MS

if TYPE_CHECKING:
    from app.enriching.past import Past
    from insights.clv.scoring import Lifetime
    from snapshot.moment import Moment

ORDERS = "orders"
LEAST_DAYS = 28
TRIED_DAYS = (182, 91, LEAST_DAYS)
"""From the snapshot that is nearest to so long ago it is predicted what came since."""

UNTESTED = "not tested yet: that takes a snapshot of at least 28 days ago with enough customers"


class LifetimeValue:
    """BG/NBD and Gamma-Gamma, fitted on the customers of each snapshot anew."""

    name = "lifetime value"

    def __init__(self, past: Past, weeks: float) -> None:
        self._past, self._weeks = past, weeks

    def enrich(self, moment: Moment, known: Enrichment) -> Enrichment:
        """Who never bought, or brought all of it back, is not scored."""
        found = valued(columns(moment, NEEDED), self._weeks, FITTED_ON)
        said = self._model(found.fitted, found.customers, moment)
        return Enrichment(
            numbers=found.numbers,
            lifetime=said,
            problems=() if said.held_out else (UNTESTED,),
        )

    def _model(self, fitted: Lifetime, customers: int, moment: Moment) -> LifetimeModel:
        since_ms, rows = self._held_out(moment)
        return LifetimeModel(
            customers=customers,
            weeks=self._weeks,
            covers=COVERS,
            **fitted.bg_nbd._asdict(),
            **fitted.gamma_gamma._asdict(),
            held_out_since=None if since_ms is None else instant(since_ms),
            held_out=rows,
        )

    def _held_out(self, moment: Moment) -> tuple[int | None, tuple[HeldOutRow, ...]]:
        """From the first instant that has customers enough to be fitted on."""
        for since_ms in _instants_to_try(before(self._past, moment.instant_ms), moment.instant_ms):
            try:
                return since_ms, _predicted_since(self._past, since_ms, moment)
            except InputError:
                continue
        return None, ()


def _instants_to_try(instants: list[int], now_ms: int) -> list[int]:
    """
    >>> days = [at * DAY_MS for at in (0, 100, 170, 190)]
    >>> [at // DAY_MS for at in _instants_to_try(days, 200 * DAY_MS)]
    [0, 100, 170]
    """
    old = [at_ms for at_ms in instants if at_ms <= now_ms - LEAST_DAYS * DAY_MS]
    wanted = (now_ms - days * DAY_MS for days in TRIED_DAYS)
    nearest = [min(old, key=lambda at_ms: abs(at_ms - one)) for one in wanted if old]
    return list(dict.fromkeys(nearest))


def _predicted_since(past: Past, since_ms: int, moment: Moment) -> tuple[HeldOutRow, ...]:
    """Fitted on what was known then, held against the orders placed since. Who was erased since
    is not there any more."""
    then = sample(past, since_ms, NEEDED, moment, FITTED_ON)
    now_rows = rows_of(moment.table.ids, then.table.ids)
    features = columns(then, NEEDED)
    there = (features[ORDERS] >= 1) & (now_rows >= 0)
    known = purchases(features).of(there)
    fitted = fit_lifetime(known)
    orders = moment.table.columns([ORDERS])[now_rows[there], 0]
    came = np.maximum(orders - features[ORDERS][there], 0.0)
    weeks = (moment.instant_ms - since_ms) / DAY_MS / WEEK_DAYS
    rows = held_out(known, fitted.bg_nbd.expected(known, weeks), came)
    return tuple(
        HeldOutRow(
            repeats=row.repeats,
            customers=row.customers,
            predicted=row.expected,
            actual=row.actual,
        )
        for row in rows
    )
