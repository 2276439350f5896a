"""Every answer shows itself, and as it could be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.api.bodies.changes import ChangePage
from app.api.bodies.customers import CustomerBody, MemberPage
from app.api.bodies.drift import DriftPage
from app.api.bodies.insights import InsightsReport
from app.api.bodies.migrations import MigrationsBody
from app.api.bodies.models import ModelPage
from app.api.bodies.recommendations import CustomerRecommendations, SegmentRecommendations
from app.api.bodies.segments import SegmentDetail, SegmentList

if TYPE_CHECKING:
    from pydantic import BaseModel

ANSWERS = [
    ChangePage,
    CustomerBody,
    CustomerRecommendations,
    DriftPage,
    InsightsReport,
    MemberPage,
    MigrationsBody,
    ModelPage,
    SegmentDetail,
    SegmentList,
    SegmentRecommendations,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_an_example_could_be_an_answer(answer: type[BaseModel]) -> None:
    schema: dict[str, Any] = answer.model_json_schema(mode="serialization")
    (example,) = schema["examples"]
    told = answer.model_validate(example, strict=False).model_dump(mode="json")
    for name, value in example.items():
        assert _holds(told[name], value), name


def test_the_example_of_migrations_adds_up() -> None:
    (example,) = MigrationsBody.model_json_schema(mode="serialization")["examples"]
    for one in example["segments"]:
        for end, moves_end in (("before", "previous"), ("after", "current")):
            moved = [m["customers"] for m in example["moves"] if m[moves_end] == one["segment"]]
            assert sum(moved) == one[end]


def _holds(told: Any, example: Any) -> bool:
    """Whether all that the example says is told."""
    if isinstance(example, dict):
        return all(_holds(told[name], value) for name, value in example.items())
    if isinstance(example, list):
        return len(told) == len(example) and all(map(_holds, told, example))
    return bool(_plain(told) == _plain(example))


def _plain(value: Any) -> Any:
    return value.replace("+00:00", "Z") if isinstance(value, str) else value
