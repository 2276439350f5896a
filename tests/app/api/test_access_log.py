"""A line and a count for every request, and nobody's id in either."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from tests.app.api.asking import ask
from tests.app.api.made import made_api

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.queries.database import Database

KEY = "k" * 16
PATHS = ("/customers/c1", "/customers/c1/history?lens=value", "/customers/nobody-17850", "/c1")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "app.api.access_log")
    return caplog


def test_the_route_is_logged_and_not_the_path(
    lived_database: Database, lines: pytest.LogCaptureFixture
) -> None:
    api = made_api(lived_database, [f"crm:read:{KEY}"])
    for path in PATHS:
        ask(api, path, headers={"X-API-Key": KEY})
    told = [record.getMessage() for record in lines.records if "access_log" in record.name]
    assert [line.rpartition(" ms")[0].rsplit(" ", 1)[0] for line in told] == [
        "crm GET /customers/{customer_id} 200",
        "crm GET /customers/{customer_id}/history 200",
        "crm GET /customers/{customer_id} 404",
        "crm GET - 404",
    ]
    shown = ask(api, "/metrics").text
    for private in ("c1", "17850", KEY):
        assert private not in lines.text
        assert private not in shown


def test_with_the_setting_the_path_is_there_on_one_line(
    lived_database: Database, lines: pytest.LogCaptureFixture
) -> None:
    api = made_api(lived_database, log_customers=True)
    ask(api, "/customers/c1")
    ask(api, "/customers/a%0Ab")
    told = [record.getMessage() for record in lines.records if "access_log" in record.name]
    assert "/customers/c1 200" in told[0]
    assert r"/customers/a\nb 404" in told[1]


def test_requests_are_counted_by_route_and_status(api: FastAPI) -> None:
    for path in ("/customers/c1", "/customers/c2", "/customers/nobody", "/nothing/at-all"):
        ask(api, path)
    ask(api, "/segments", "BREW")
    told = ask(api, "/metrics").text
    route = 'method="GET",route="/customers/{customer_id}"'
    assert f'shoal_api_requests_total{{{route},status="200"}} 2.0' in told
    assert f'shoal_api_requests_total{{{route},status="404"}} 1.0' in told
    assert 'shoal_api_requests_total{method="GET",route="-",status="404"} 1.0' in told
    assert 'method="other",' in told
    assert "nothing" not in told
    assert 'shoal_api_request_seconds_count{route="/customers/{customer_id}"} 3.0' in told
