"""The API's document: whole, the same each time, with examples that are what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from app.api.document import METHODS
from app.generate_docs.openapi import openapi

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = openapi()


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method} {path}", methods[method]


def test_it_is_the_same_each_time() -> None:
    assert openapi() == DOCUMENT


def test_everything_the_issue_asks_for_is_in_it() -> None:
    assert {name for name, _ in operations()} == {
        "get /customers/{customer_id}",
        "get /customers/{customer_id}/history",
        "get /customers/{customer_id}/recommendations",
        "delete /customers/{customer_id}",
        "get /erasures/{erasure_id}",
        "get /segments",
        "get /segments/{segment_id}",
        "get /segments/{segment_id}/customers",
        "get /segments/{segment_id}/recommendations",
        "get /insights",
        "get /changes",
        "get /changes/stream",
        "get /migrations",
        "get /models",
        "get /models/{version}",
        "get /drift",
        "post /predict",
        "get /metrics",
        "get /healthz",
        "get /readyz",
    }


def test_each_operation_has_a_name_words_and_its_role() -> None:
    names = [one["operationId"] for _, one in operations()]
    assert len(set(names)) == len(names)
    for name, one in operations():
        assert one["summary"], name
        assert one["description"], name
        assert one["tags"], name
        if one["security"]:
            assert one["x-role"] in {"read", "write", "erase"}, name
            assert {"401", "403", "429", "503"} <= set(one["responses"]), name


def test_each_parameter_is_said_in_words() -> None:
    for name, one in operations():
        for parameter in one.get("parameters", ()):
            assert parameter["description"], (name, parameter["name"])


def test_every_refusal_is_a_problem() -> None:
    for name, one in operations():
        for status, response in one["responses"].items():
            if status >= "400" and (name, status) != ("get /readyz", "503"):
                assert list(response["content"]) == ["application/problem+json"], (name, status)


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_examples_are_what_their_schema_says(name: str) -> None:
    schema = {**DOCUMENT["components"]["schemas"][name], "components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator(schema)
    for example in schema.get("examples", ()):
        checker.validate(example)
    for field, told in schema.get("properties", {}).items():
        of_field = jsonschema.Draft202012Validator({**told, "components": DOCUMENT["components"]})
        for example in told.get("examples", ()):
            assert of_field.is_valid(example), (name, field)


def test_no_reference_leads_nowhere() -> None:
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for value in part.values():
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert set(references(DOCUMENT)) <= known
