"""Who gets in, and what everybody else is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.api.asking import ask
from tests.app.api.made import made_api

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.queries.database import Database

READER, WRITER, ERASER = "r" * 16, "w" * 16, "e" * 16
KEYS = (f"crm:read:{READER}", f"lab:read+write:{WRITER}", f"desk:erase:{ERASER}")


@pytest.fixture
def guarded(lived_database: Database) -> FastAPI:
    return made_api(lived_database, KEYS)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("headers", [bearer(READER), {"X-API-Key": READER}])
def test_a_key_is_taken_from_either_header(guarded: FastAPI, headers: dict[str, str]) -> None:
    assert ask(guarded, "/segments", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("x" * 16),
        bearer(READER[:-1]),
        bearer(f"{READER}r"),
        {"Authorization": f"Basic {READER}"},
        {"Authorization": "Bearer \xff\xfe"},
        {"X-API-Key": ""},
    ],
)
def test_no_valid_key_is_a_401_that_says_how_to_send_one(
    guarded: FastAPI, headers: dict[str, str]
) -> None:
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = ask(guarded, "/segments", headers=sent)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["type"] == "urn:shoal:problem:no-valid-key"


@pytest.mark.parametrize(
    ("key", "method", "path"),
    [
        (READER, "POST", "/predict"),
        (READER, "DELETE", "/customers/c1"),
        (WRITER, "DELETE", "/customers/c1"),
        (ERASER, "GET", "/segments"),
        (ERASER, "GET", "/customers/c1"),
    ],
)
def test_a_key_without_the_role_is_a_403(
    guarded: FastAPI, key: str, method: str, path: str
) -> None:
    answer = ask(guarded, path, method, headers=bearer(key))
    assert (answer.status_code, answer.json()["title"]) == (403, "Role missing")


def test_what_probes_and_scrapers_ask_needs_no_key(guarded: FastAPI) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"):
        assert ask(guarded, path).status_code == 200


def test_every_other_path_needs_one_whether_it_exists_or_not(guarded: FastAPI) -> None:
    paths = [
        path
        for path in guarded.openapi()["paths"]
        if path[1:] not in {"healthz", "readyz", "metrics"}
    ]
    for path in [*paths, "/nothing", "/healthz/", "//healthz"]:
        assert ask(guarded, path).status_code == 401, path


def test_without_keys_only_this_machine_is_answered(lived_database: Database) -> None:
    """A page in a browser could else have its own name point here."""
    api = made_api(lived_database)
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"):
        assert ask(api, "/segments", headers={"Host": host}).status_code == 200, host
    for host in ("evil.example", "localhost.evil.example:8000", "", "[::2]"):
        assert ask(api, "/segments", headers={"Host": host}).status_code == 403, host
    opened = made_api(lived_database, open=True)
    assert ask(opened, "/segments", headers={"Host": "api:8000"}).status_code == 200


def test_each_key_has_a_rate_of_its_own(lived_database: Database) -> None:
    api = made_api(lived_database, KEYS, requests_per_second=0.01, burst=2)
    seen = [ask(api, "/segments", headers=bearer(READER)).status_code for _ in range(3)]
    assert seen == [200, 200, 429]
    assert ask(api, "/segments", headers=bearer(WRITER)).status_code == 200
    refused = ask(api, "/segments", headers=bearer(READER))
    assert 0 < int(refused.headers["Retry-After"]) <= 100
    assert ask(api, "/healthz").status_code == 200


def test_wrong_keys_are_counted_by_their_address(lived_database: Database) -> None:
    api = made_api(lived_database, KEYS, requests_per_second=0.01, burst=3)
    seen = [ask(api, "/segments", headers=bearer(f"{n:016}")).status_code for n in range(4)]
    assert seen == [401, 401, 401, 429]


def test_refusals_are_counted_by_their_reason(guarded: FastAPI) -> None:
    ask(guarded, "/segments")
    ask(guarded, "/predict", "POST", headers=bearer(READER))
    told = ask(guarded, "/metrics").text
    assert 'shoal_api_refused_total{reason="no-valid-key"} 1.0' in told
    assert 'shoal_api_refused_total{reason="role-missing"} 1.0' in told
