"""One seed, one shop: whatever the cuts, in the order of arrival, and in bounded memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.lines import LINES
from producers.synthetic import Plan, lines, truth
from producers.synthetic.kinds import KINDS
from producers.synthetic.retailer import Retailer
from producers.synthetic.sizing import with_customers_for

PLAN = Plan(customers=200, days=60, late=0.05, too_late=0.02, duplicates=0.02, no_customer=0.01)


def table(plan: Plan, batch_rows: int = 65_536) -> pa.Table:
    return pa.Table.from_batches(lines(plan, batch_rows=batch_rows), schema=LINES)


WHOLE = table(PLAN)


def test_the_same_seed_is_the_same_shop_and_another_is_not() -> None:
    assert table(PLAN).equals(WHOLE)
    assert not table(replace(PLAN, seed=8)).equals(WHOLE)


@settings(max_examples=10, deadline=None)
@given(batch_rows=st.integers(1, 10_000))
def test_where_it_is_cut_changes_nothing(batch_rows: int) -> None:
    assert table(PLAN, max(batch_rows, 50)).equals(WHOLE)


@pytest.mark.parametrize("wanted", [1, 777, 1_000_000])
def test_it_stops_after_as_many_lines_as_are_wanted(wanted: int) -> None:
    plan = replace(PLAN, transactions=wanted)
    assert table(plan).equals(WHOLE.slice(0, wanted))
    assert truth(plan).lines == min(wanted, len(WHOLE))


def test_every_line_is_complete() -> None:
    may_be_null = {"amount"}
    for name in LINES.names:
        assert WHOLE[name].null_count == (len(WHOLE) if name in may_be_null else 0), name
    frame = WHOLE.to_pandas()
    assert (frame.discount >= 0).all()
    assert (frame.unit_price > 0).all()
    assert (frame.discount <= frame.unit_price * frame.quantity.abs()).all()
    for money in (frame.unit_price, frame.discount):
        assert (money == money.round(2)).all()


def test_ids_name_one_line_and_one_order_each() -> None:
    frame = WHOLE.to_pandas().drop_duplicates()
    assert frame.event_id.is_unique
    assert (frame.groupby("order_id").customer_id.nunique() == 1).all()
    bought = frame[frame.quantity > 0]
    assert (bought.groupby("order_id").occurred_at.nunique() == 1).all()


def test_rows_go_out_in_the_order_of_their_arrival() -> None:
    rows = np.concatenate(list(Retailer(PLAN).chunks()))
    assert (np.diff(rows["arrives_s"]) >= 0).all()
    assert (rows["arrives_s"] >= rows["occurred_s"]).all()


def test_without_delays_event_time_never_goes_back() -> None:
    calm = replace(PLAN, late=0, too_late=0, out_of_order=0, duplicates=0)
    occurred = table(calm)["occurred_at"].to_numpy()
    assert (np.diff(occurred) >= np.timedelta64(0)).all()


def test_dirt_leaves_the_purchases_as_they_were() -> None:
    clean = replace(
        PLAN, late=0, too_late=0, out_of_order=0, duplicates=0, returns=0, cancellations=0
    )
    bought = WHOLE.to_pandas().query("quantity > 0").drop_duplicates("event_id")
    left = table(clean).to_pandas().set_index("event_id")
    assert left.sort_index().equals(bought.set_index("event_id").sort_index())


def test_the_wanted_number_of_lines_decides_the_customers() -> None:
    plan = with_customers_for(Plan(days=120), 30_000)
    assert truth(plan).lines == 30_000
    assert truth(replace(plan, transactions=0)).lines < 45_000


def test_nobody_and_nothing_is_a_shop_too() -> None:
    assert len(table(Plan(customers=1, days=1, established=0.0))) >= 1
    nobody_else = dict.fromkeys((kind.name for kind in KINDS), 0.0)
    only = nobody_else | {"champions": 1.0}
    one = replace(PLAN, shares=only, migration=1.0, drift_mix=1.0, drift_from_day=30)
    kinds = truth(one).summary()["kinds"]
    assert {name for name, kind in kinds.items() if kind["stints"]} == {
        "champions",
        "discount_hunters",
    }


MEASURE = """
import resource, sys
from producers.synthetic import Plan, lines
held = sum(len(batch) for batch in lines(Plan(customers=4_000, days=int(sys.argv[1]))))
print(held, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_more_lines_need_no_more_memory() -> None:
    def measure(days: int) -> tuple[int, int]:
        command = [sys.executable, "-c", MEASURE, str(days)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        held, kilobytes = map(int, said.split())
        return held, kilobytes

    (few, small), (many, large) = measure(90), measure(720)
    assert many > 5 * few
    assert large < small + 40_000, f"{small} kB for {few} lines, {large} kB for {many}"
