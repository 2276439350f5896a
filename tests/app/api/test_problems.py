"""Every answer that is no success is a problem, says what to do, and says nothing again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi import APIRouter

from app.api.problems import MEDIA_TYPE
from app.queries.database import open_database
from stream.errors import (
    DatabaseError,
    DatabaseUnavailable,
    InputError,
    LogUnavailable,
    ShoalError,
)
from tests.app.api.asking import ask
from tests.app.api.made import made_api

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from fastapi import FastAPI

    from app.queries.database import Database

JSON = {"Content-Type": "application/json"}


def kind(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    said = answer.json()
    assert said["status"] == answer.status_code
    assert said["detail"]
    return answer.status_code, said["type"].removeprefix("urn:shoal:problem:")


def test_a_path_that_is_none_and_a_method_that_a_path_has_not(api: FastAPI) -> None:
    assert kind(ask(api, "/nothing/here")) == (404, "no-such-path")
    refused = ask(api, "/segments", "PUT")
    assert kind(refused) == (405, "no-such-method")
    assert refused.headers["Allow"] == "GET"
    assert kind(ask(api, "/customers/c1/history", "DELETE")) == (405, "no-such-method")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (422, "unusable-request")),
        (b"{", (400, "unreadable-request")),
        (b"\xff\xfe", (400, "unreadable-request")),
        (b"[]", (422, "unusable-request")),
        (b'{"features": {"a": 1}, "transactions": []}', (422, "unusable-request")),
        (b'{"features": {"orders_d90": "hush"}}', (422, "unusable-request")),
        (b'{"features": {"orders_d90": NaN}}', (422, "unusable-request")),
        (b'{"lens": "hush", "features": {"orders_d90": 1}}', (404, "unknown-lens")),
        (b"[" * 100_000, (400, "unreadable-request")),
    ],
)
def test_what_cannot_be_used_is_told_and_not_said_again(
    api: FastAPI, body: bytes, expected: tuple[int, str]
) -> None:
    answer = ask(api, "/predict", "POST", content=body, headers=JSON)
    assert kind(answer) == expected
    assert "hush" not in answer.text


def test_each_slip_is_named(api: FastAPI) -> None:
    answer = ask(api, "/changes?limit=0&cause=hush")
    assert kind(answer) == (422, "unusable-request")
    assert {one["where"] for one in answer.json()["errors"]} == {"query.limit", "query.cause.0"}
    assert "hush" not in answer.text


def test_a_body_is_bounded_whatever_its_headers_say(lived_database: Database) -> None:
    api = made_api(lived_database, most_body_bytes=1_000)
    large = b"{" + b" " * 1_000
    assert kind(ask(api, "/predict", "POST", content=large, headers=JSON)) == (
        413,
        "body-too-large",
    )

    async def trickled() -> object:
        for _ in range(1_000):
            yield b" " * 100

    trickle = ask(api, "/predict", "POST", content=trickled(), headers=JSON)
    assert kind(trickle) == (413, "body-too-large")
    fitting = b'{"features": {"a": 1}}'.ljust(1_000)
    assert ask(api, "/predict", "POST", content=fitting, headers=JSON).status_code == 422


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InputError("no: do so"), (422, "unusable-request")),
        (DatabaseUnavailable("away: wait"), (503, "database-unavailable")),
        (DatabaseError("older: migrate"), (503, "database-unusable")),
        (LogUnavailable("away: wait"), (503, "log-unavailable")),
        (ShoalError("failed: look"), (500, "failed")),
    ],
)
def test_what_we_raise_becomes_its_problem(
    api: FastAPI, error: ShoalError, expected: tuple[int, str]
) -> None:
    raising(api, error)
    answer = ask(api, "/raises")
    assert kind(answer) == expected
    assert answer.json()["detail"] == str(error)
    assert ("Retry-After" in answer.headers) is (answer.status_code == 503)


def test_what_nobody_foresaw_is_a_500_that_tells_nothing(api: FastAPI) -> None:
    raising(api, RuntimeError("customer 17850 has no profile"))
    answer = ask(api, "/raises", raises=False)
    assert kind(answer) == (500, "unforeseen")
    assert "17850" not in answer.text


def raising(api: FastAPI, error: Exception) -> None:
    router = APIRouter()

    @router.get("/raises")
    def raises() -> None:
        raise error

    api.include_router(router)


def test_a_database_without_tables_says_who_makes_them(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    for name in ("empty.db", "none.db"):
        with open_database(f"sqlite:///{tmp_path / name}") as database:
            api = made_api(database)
            answer = ask(api, "/customers/c1")
            assert kind(answer) == (503, "database-unavailable")
            assert "shoal sink" in answer.json()["detail"]
            ready = ask(api, "/readyz")
            assert (ready.status_code, ready.json()["ready"]) == (503, False)
            assert ask(api, "/healthz").status_code == 200
