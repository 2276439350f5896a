"""A segment comes to what its customers come to."""

from __future__ import annotations

import numpy as np
import pytest

from app.enriching.segments import Segments
from snapshot.enriching import Enrichment
from tests.app.enriching.shop import shop
from tests.snapshot.history.moments import SEGMENTS

MOMENT = shop(300).moment(300)
COUNT = len(MOMENT)


def test_sums_and_means_are_of_those_of_whom_something_is_known() -> None:
    rng = np.random.default_rng(0)
    clv, risk = rng.random(COUNT), rng.random(COUNT)
    clv[::3] = np.nan
    found = Segments().enrich(MOMENT, Enrichment({"clv": clv, "churn_risk": risk})).segments
    codes, ids = MOMENT.lenses["value"].published, MOMENT.table.ids
    spend = MOMENT.table.columns(["spend"])[:, 0]
    assert sum(fields["customers"] for fields in found.values()) == COUNT
    for code, segment in enumerate(SEGMENTS[:3]):
        rows = [row for row in range(len(ids)) if codes[row] == code]
        fields = found["value", segment.id]
        assert fields["customers"] == len(rows) > 0
        assert fields["revenue"] == pytest.approx(sum(spend[row] for row in rows))
        known = [clv[row] for row in rows if not np.isnan(clv[row])]
        assert fields["clv"] == pytest.approx(sum(known))
        assert fields["churn_risk"] == pytest.approx(np.mean(risk[rows]))
        assert fields["probability_alive"] is None


def test_an_empty_segment_is_worth_nothing_that_could_be_said() -> None:
    found = Segments().enrich(MOMENT, Enrichment({"clv": np.full(COUNT, 2.0)})).segments
    empty = found["value", SEGMENTS[4].id]
    assert (empty["customers"], empty["revenue"], empty["clv"]) == (0, 0.0, None)
