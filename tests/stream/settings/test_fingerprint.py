"""The fingerprint changes with what state was folded with, and with nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from stream.profile.products import NON_PRODUCTS
from stream.settings import Settings
from stream.settings.fingerprint import fingerprint


def of(**sections: Any) -> str:
    return fingerprint(Settings.model_validate(sections))


@pytest.mark.parametrize(
    "sections",
    [
        {"profiles": {"horizon_days": 8}},
        {"profiles": {"half_life_days": 30}},
        {"profiles": {"ahead_minutes": 11}},
        {"profiles": {"future_hours": 25}},
        {"profiles": {"non_products": ["POST"]}},
        {"consume": {"grace_seconds": 4.5}},
        {"lenses": {"value": {}, "habits": {}}},
        {"lenses": {"habits": {}}},
        {"lenses": {"value": {"features": ["orders_d90"]}}},
        {"lenses": {"value": {"learner": "DBSTREAM"}}},
        {"lenses": {"value": {"learner": "DBSTREAM", "learner_parameters": {"mu": 1}}}},
    ],
)
def test_what_state_was_folded_with_is_in_it(sections: dict[str, Any]) -> None:
    assert of(**sections) != of()


@pytest.mark.parametrize(
    "sections",
    [
        {"profiles": {"horizon_days": 7, "ahead_minutes": 10.0, "future_hours": 24.0}},
        {"profiles": {"non_products": [*reversed(NON_PRODUCTS), "POST"]}},
        {"consume": {"grace_seconds": 5.0, "group": "other", "commit_ms": 7}},
        {"topics": {"prefix": "other."}},
        {
            "lenses": {
                "value": {"features": ["steady_lines_d90", "steady_orders_d90", "steady_spend_d90"]}
            }
        },
        {
            "lenses": {
                "value": {
                    "k": 4,
                    "margin": 0.5,
                    "return_guard_days": 1,
                    "dormant_days": 30,
                    "no_net_spend": False,
                    "learning": False,
                    "step_factor": 3,
                    "largest_step": 0.1,
                    "scaler": "standard",
                    "shrink_orders": 0,
                }
            }
        },
    ],
)
def test_what_comes_with_the_model_or_changes_no_state_is_not(sections: dict[str, Any]) -> None:
    assert of(**sections) == of()


def test_the_order_in_which_lenses_are_written_is_not_in_it() -> None:
    one: dict[str, Any] = {"value": {}, "habits": {}}
    assert of(lenses=one) == of(lenses=dict(reversed(one.items())))


def test_it_is_the_same_in_every_release() -> None:
    """Another value would refuse all state that there is: that has to be meant."""
    assert of() == "ea96ed94bc98b7bf"
