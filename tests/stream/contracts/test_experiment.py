"""Plans and assignments of experiments: what they have to be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from stream.contracts.experiment import ExperimentAssignment, ExperimentPlan
from stream.contracts.segment import SegmentRef
from stream.errors import InvalidMessage

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ASSIGNED: dict[str, Any] = {
    "name": "spring",
    "wave": 0,
    "part": 0,
    "parts": 1,
    "instant": NOW,
    "assigned_at": NOW,
    "segments": (SegmentRef(id="value-1", name="Champions"),),
    "customers": ("00ff00ff00ff00ff", "0123456789abcdef"),
    "segment": (0, 0),
    "arm": (0, 1),
}
PLANNED: dict[str, Any] = {
    "name": "spring",
    "lens": "value",
    "arms": ({"name": "control", "share": 0.5}, {"name": "mail", "share": 0.5}),
    "lift": 0.1,
    "created_at": NOW,
}


def test_what_is_written_is_read() -> None:
    for kind, fields in ((ExperimentPlan, PLANNED), (ExperimentAssignment, ASSIGNED)):
        message = kind.model_validate(fields)
        assert kind.from_json(message.to_json()) == message


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"customers": ("c17850", "c17851")}, "customers"),
        ({"arm": (0,)}, "as long as customers"),
        ({"segment": (0, 1)}, "places in segments"),
        ({"parts": 0}, "parts"),
    ],
)
def test_an_assignment_that_hangs_not_together_is_refused(
    change: dict[str, Any], fact: str
) -> None:
    odd = ExperimentAssignment.model_construct(**(ASSIGNED | change))
    with pytest.raises(InvalidMessage, match=fact):
        ExperimentAssignment.from_json(odd.to_json())


def test_a_plan_needs_two_arms() -> None:
    written = json.loads(ExperimentPlan.model_validate(PLANNED).to_json())
    written["arms"].pop()
    with pytest.raises(InvalidMessage, match="arms"):
        ExperimentPlan.from_json(json.dumps(written).encode())
