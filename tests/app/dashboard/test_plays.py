"""Each segment has a play, whatever it is called, and all of them share one budget."""

from __future__ import annotations

import pytest

from app.dashboard.plays import advice
from app.queries.views import SegmentView
from insights.playbook.kinds import kind_of
from insights.playbook.plays import playbook

EVERYBODY = {
    "orders_decayed": 4.0,
    "spend_decayed": 200.0,
    "discount_ratio": 0.2,
    "recency_days": 20.0,
    "spend": 400.0,
    "tenure_days": 150.0,
    "average_order_value": 50.0,
}


def segment(number: int, name: str, **differs: float) -> SegmentView:
    return SegmentView(
        lens="value",
        segment_id=f"value-{number}",
        name=name,
        kind="learned",
        description="",
        fitted_customers=None,
        model_version=1,
        is_retired=False,
        customers=10,
        means=EVERYBODY | differs,
    )


@pytest.mark.parametrize(
    ("differs", "kind"),
    [
        ({"orders_decayed": 9.0, "spend_decayed": 700.0}, "Champions"),
        ({"discount_ratio": 0.5}, "Discount Hunters"),
        ({"recency_days": 60.0}, "At Risk"),
        ({"recency_days": 60.0, "spend": 50.0, "spend_decayed": 20.0}, "Occasional Shoppers"),
        ({"tenure_days": 20.0}, "New"),
        ({"average_order_value": 90.0}, "Big Baskets"),
        ({}, "Regulars"),
    ],
)
def test_a_segment_is_of_the_kind_that_its_customers_are_like(
    differs: dict[str, float], kind: str
) -> None:
    assert kind_of("value-1", EVERYBODY | differs, EVERYBODY) == kind


def test_a_name_of_ones_own_keeps_the_play_and_a_known_name_decides() -> None:
    ours = segment(1, "My darlings", orders_decayed=9.0, spend_decayed=700.0)
    theirs = segment(2, "Hibernating", orders_decayed=9.0, spend_decayed=700.0)
    found, book = advice([ours, theirs], EVERYBODY), playbook()
    assert found["value-1"].play == book.of("Champions")
    assert found["value-2"].play == book.of("Hibernating")


def test_budgets_add_up_and_what_it_costs_is_said() -> None:
    found = advice([segment(1, "Champions"), segment(2, "At Risk")], EVERYBODY)
    assert sum(one.budget for one in found.values()) == pytest.approx(100.0)
    assert found["value-2"].means == "By e-mail, telephone, post · 10–25% off · 37.5% of a budget"
