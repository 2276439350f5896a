"""`POST /predict`: what is told is what tasks would say of such a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.queries.database import open_database
from consumers.sink.open import open_store
from tests.app.api.asking import ask
from tests.app.api.made import made_api

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI


def test_a_customers_own_features_give_their_own_segment(api: FastAPI) -> None:
    """Of all who stand where the nearest centroid is: the margin holds some elsewhere."""
    asked = 0
    for number in range(60):
        told = ask(api, f"/customers/c{number}")
        if told.status_code != 200:
            continue
        body = told.json()
        stands = body["lenses"].get("value")
        if not stands or not stands["distances"]:
            continue
        found = ask(api, "/predict", "POST", json={"features": body["features"]}).json()
        if found["rule"] is None:
            nearest = stands["distances"][0]
            assert found["segment"]["id"] == nearest["segment"]["id"]
            assert found["distances"][0]["distance"] == pytest.approx(nearest["distance"])
            assert 0 < found["confidence"] <= 1
        asked += 1
    assert asked > 30


def test_transactions_are_folded_as_tasks_fold_them(api: FastAPI) -> None:
    lines = [
        {"occurred_at": f"2011-0{month}-05T10:00:00+00:00", "order_id": str(month), "amount": 50}
        for month in (3, 1, 2)
    ]
    told = ask(api, "/predict", "POST", json={"transactions": lines}).json()
    again = ask(api, "/predict", "POST", json={"transactions": [*lines, lines[0]]}).json()
    assert told == again  # a repeated line changes nothing
    later = {"transactions": lines, "at": "2012-03-05T10:00:00Z"}
    found = ask(api, "/predict", "POST", json=later).json()
    spent = "spend_d90"
    assert 0 < found["features"][spent] < told["features"][spent]
    assert found["rule"] == "dormant"
    assert found["confidence"] is None
    assert found["reasons"] == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "either features or transactions"),
        ({"features": {}}, "at least 1"),
        ({"features": {"orders_d90": 1}, "at": "2011-01-01T00:00:00Z"}, "without transactions"),
        ({"features": {"orders_d90": 1}}, "is missing: lens 'value' needs"),
        ({"features": {"recency_days": -1}}, "missing"),
        ({"transactions": [{"amount": 5}]}, "occurred_at is missing"),
        ({"transactions": [{"occurred_at": "2011-01-01T00:00:00Z"}]}, "unit_price"),
        (
            {
                "transactions": [{"occurred_at": "2011-01-02T00:00:00Z", "amount": 1}],
                "at": "2011-01-01T00:00:00Z",
            },
            "before the last transaction",
        ),
        (
            {
                "transactions": [
                    {"occurred_at": "2011-01-02T00:00:00Z", "amount": 1, "customer_id": who}
                    for who in "ab"
                ]
            },
            "several customers",
        ),
    ],
)
def test_what_makes_no_sense_is_a_422_that_names_it(
    api: FastAPI, asked: dict[str, object], words: str
) -> None:
    answer = ask(api, "/predict", "POST", json=asked)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_before_the_first_model_there_is_none_to_ask(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'sink.db'}"
    with open_store(url) as store:
        store.migrate()
    with open_database(url) as database:
        answer = ask(made_api(database), "/predict", "POST", json={"features": {"a": 1}})
    assert (answer.status_code, answer.json()["title"]) == (404, "No model")
