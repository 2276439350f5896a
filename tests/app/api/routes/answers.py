"""How answers are read: as their documents say, or as the problem that was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    import httpx

Answer = TypeVar("Answer", bound=BaseModel)


def read(response: httpx.Response, kind: type[Answer]) -> Answer:
    """What a route answered; nothing in it that its document doesn't name, nothing left out."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    found = kind.model_validate(response.json(), strict=False)
    assert found.model_dump(mode="json") == response.json()
    return found


def problem(response: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert told["type"] == f"urn:shoal:problem:{kind}"
    assert told["status"] == status
    return told
