"""A drift is there from its day on, of the size asked for, and leaves the days before alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pyarrow as pa
import pytest

from producers.lines import LINES
from producers.synthetic import Plan, lines, truth

DAY = 60
CALM = Plan(
    customers=4_000, days=120, timezone="UTC", late=0, duplicates=0, out_of_order=0, returns=0
)
CALM = replace(CALM, drift_from_day=DAY, cancellations=0, established=1.0, migration=0)
DRIFTS = {
    "mix": replace(CALM, drift_mix=0.2),
    "rhythm": replace(CALM, drift_rhythm=-0.3),
    "basket": replace(CALM, drift_basket=0.5),
    "price": replace(CALM, drift_price=0.15),
}


def frame_of(plan: Plan) -> pd.DataFrame:
    frame = pa.Table.from_batches(list(lines(plan)), schema=LINES).to_pandas()
    return frame.assign(day=(frame.occurred_at - pd.Timestamp(plan.start, tz="UTC")).dt.days)


CALM_FRAME = frame_of(CALM)


def after(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame.day >= DAY]


@pytest.mark.parametrize("drift", DRIFTS)
def test_the_days_before_are_the_same_to_the_byte(drift: str) -> None:
    drifted = frame_of(DRIFTS[drift])
    before = CALM_FRAME[CALM_FRAME.day < DAY]
    pd.testing.assert_frame_equal(drifted[drifted.day < DAY], before)
    assert not after(drifted).equals(after(CALM_FRAME))


def test_mix_moves_its_share_of_customers_on_its_day() -> None:
    stints = truth(DRIFTS["mix"]).table().to_pandas()
    drifted = stints[stints.ended == "drifted"]
    others = stints[(stints.kind != "discount_hunters") & (stints["from"] == CALM.start)]
    there = others[others["until"].isna() | (others["until"] >= CALM.start + timedelta(days=DAY))]
    assert set(drifted["until"]) == {CALM.start + timedelta(days=DAY)}
    assert 0.17 < len(drifted) / len(there) < 0.23
    on_offer = (after(frame_of(DRIFTS["mix"])).discount > 0).mean()
    assert on_offer > 1.3 * (after(CALM_FRAME).discount > 0).mean()


def test_mix_goes_over_in_equal_steps_along_its_ramp() -> None:
    stints = truth(replace(DRIFTS["mix"], drift_ramp_days=20)).stints
    drifted = stints.until_day[stints.ended == 2]
    assert drifted.min() >= DAY
    assert drifted.max() < DAY + 20
    first, second = ((drifted < DAY + 10).sum(), (drifted >= DAY + 10).sum())
    assert 0.8 < first / second < 1.25


def test_rhythm_changes_the_orders_and_not_the_baskets() -> None:
    calm, drifted = after(CALM_FRAME), after(frame_of(DRIFTS["rhythm"]))
    orders = drifted.order_id.nunique() / calm.order_id.nunique()
    assert 0.67 < orders < 0.73
    per_order = [len(each) / each.order_id.nunique() for each in (drifted, calm)]
    assert per_order[0] == pytest.approx(per_order[1], rel=0.05)


def test_basket_changes_the_lines_and_not_the_orders() -> None:
    calm, drifted = after(CALM_FRAME), after(frame_of(DRIFTS["basket"]))
    assert drifted.order_id.nunique() == calm.order_id.nunique()
    beyond = [len(each) / each.order_id.nunique() - 1 for each in (drifted, calm)]
    assert beyond[0] == pytest.approx(1.5 * beyond[1], rel=0.05)


def test_a_drift_of_one_kind_leaves_the_others() -> None:
    one = replace(DRIFTS["basket"], drift_kinds=("champions",))
    drifted, calm = (truth(plan).summary()["kinds"] for plan in (one, CALM))
    grown = {name: drifted[name]["lines"] / calm[name]["lines"] for name in calm}
    assert grown.pop("champions") > 1.15
    assert all(0.93 < each < 1.07 for each in grown.values())


def test_prices_rise_for_the_same_products_by_the_size_of_it() -> None:
    drifted = frame_of(DRIFTS["price"])
    price = {
        late: each.groupby("product_id").unit_price.first()
        for late, each in drifted.groupby(drifted.day >= DAY)
    }
    rise = (price[True] / price[False]).dropna()
    assert len(rise) > 500
    assert rise.median() == pytest.approx(1.15, abs=0.002)
    assert rise.between(1.13, 1.17).all()
