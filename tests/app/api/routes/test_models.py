"""`GET /models` and `GET /drift`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.api.bodies.drift import DriftPage
from app.api.bodies.models import ModelPage
from stream.contracts.model import SegmentModel
from tests.app.api.routes.answers import problem, read
from tests.snapshot.logs import made_by_hand

if TYPE_CHECKING:
    from tests.app.api.routes.conftest import Get


def test_versions_are_told_page_by_page(get: Get) -> None:
    first = read(get("/models", limit=1), ModelPage)
    second = read(get("/models", limit=1, after=first.next), ModelPage)
    assert [one.version for one in (*first.items, *second.items)] == [2, 1]
    assert second.next is None


def test_a_version_is_told_whole(get: Get) -> None:
    assert read(get("/models/1"), SegmentModel) == made_by_hand(version=1)


@pytest.mark.parametrize(
    ("version", "status", "kind"),
    [
        ("3", 404, "unknown-model"),
        ("0", 422, "unusable-request"),
        ("one", 422, "unusable-request"),
        ("99999999999999999999", 422, "unusable-request"),
    ],
)
def test_a_version_that_is_none_is_a_problem(
    get: Get, version: str, status: int, kind: str
) -> None:
    problem(get(f"/models/{version}"), status, kind)


def test_reports_are_told_page_by_page(get: Get) -> None:
    first = read(get("/drift", limit=1), DriftPage)
    second = read(get("/drift", limit=1, after=first.next), DriftPage)
    assert [one.decision.version for one in (*first.items, *second.items)] == [2, 1]
    assert second.next is None
    problem(
        get("/drift", after=read(get("/models", limit=1), ModelPage).next), 422, "unusable-request"
    )
