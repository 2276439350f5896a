"""The generated documents are what the code says, and say it correctly."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.generate_docs.asyncapi import OPERATIONS, asyncapi
from app.generate_docs.catalogue import CATALOGUE
from app.generate_docs.documents import documents
from app.generate_docs.examples import EXAMPLES, example
from app.generate_docs.schemas import schemas
from stream.contracts.judge import diagnose
from stream.contracts.refusal import Refused
from stream.settings.load import every_key, variable
from stream.topics import Topics

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests/stream/contracts/golden"
ENTRIES = [pytest.param(entry, id=entry.name) for entry in CATALOGUE]


@pytest.mark.parametrize("name", documents())
def test_a_document_is_what_the_code_says(name: str) -> None:
    written = (ROOT / name).read_text("utf-8") if (ROOT / name).exists() else None
    assert written == documents()[name], "out of date: run make docs"


def test_there_is_no_schema_of_a_message_that_is_gone() -> None:
    there = {f"docs/schemas/{file.name}" for file in (ROOT / "docs/schemas").iterdir()}
    assert there <= set(documents())


def test_the_command_says_what_is_out_of_date() -> None:
    command = [sys.executable, "-m", "app.generate_docs", "--check"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_schema_takes_every_golden_file(entry: Any) -> None:
    schema = schemas()[entry.file]
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for file in GOLDEN.glob(f"{entry.file}.v*.full.json"):
        validator.validate(json.loads(file.read_text("utf-8")))
    validator.validate(example(entry.model))


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_schema_misses_every_field_that_is_needed(entry: Any) -> None:
    schema = schemas()[entry.file]
    assert schema["required"]
    for field in schema["required"]:
        less = {name: value for name, value in EXAMPLES[entry.name].items() if name != field}
        with pytest.raises(jsonschema.ValidationError, match=f"'{field}' is a required"):
            jsonschema.validate(less, schema)


FIELDS: dict[str, Any] = {
    "customer_id": st.sampled_from(["c1", "", "a\nb", "x" * 257, 5]),
    "occurred_at": st.just("2011-01-01T00:00:00Z"),
    "type": st.sampled_from(["transaction", "sale"]),
    "quantity": st.sampled_from([1, -2.5, 0, 2e9, "3", None]),
    "unit_price": st.sampled_from([2.5, -1, None, 2e10, True]),
    "amount": st.sampled_from([2.5, None, -3, 2e10]),
    "discount": st.sampled_from([0, 1.5, -1]),
    "product_id": st.sampled_from(["p", None, ""]),
    "time_known": st.sampled_from([True, "no"]),
    "more": st.none(),
}


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=FIELDS))
def test_the_transactions_schema_refuses_nothing_that_is_taken(fields: dict[str, Any]) -> None:
    """The other way round but for what numbers say together, which no schema can."""
    valid = jsonschema.Draft202012Validator(schemas()["transaction"]).is_valid(fields)
    found = diagnose(json.dumps(fields).encode())
    if not isinstance(found, Refused):
        assert valid
    elif found.reason != "negative_price" and "occurred_at" in fields:
        assert not valid


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        here = {node["$ref"]} if "$ref" in node else set()
        return here.union(*map(references, node.values()))
    return set().union(*map(references, node)) if isinstance(node, list) else set()


def resolve(document: Any, reference: str) -> Any:
    assert reference.startswith("#/")
    for step in reference.removeprefix("#/").split("/"):
        document = document[step]
    return document


def test_every_reference_in_asyncapi_leads_somewhere() -> None:
    document = asyncapi()
    found = references(document)
    assert len(found) > len(CATALOGUE)
    assert all(resolve(document, reference) for reference in found)


def test_asyncapi_has_every_topic_as_it_has_to_be() -> None:
    channels = {channel["address"]: channel for channel in asyncapi()["channels"].values()}
    assert set(channels) == {spec.name for spec in Topics().specs()}
    for spec in Topics(partitions=8).specs():
        binding = channels[spec.name]["bindings"]["kafka"]
        assert binding["partitions"] == spec.partitions
        assert set(binding["topicConfiguration"]) == set(spec.configs)


def test_asyncapi_has_every_message_on_its_channel_and_somebody_who_sends_it() -> None:
    document = asyncapi()
    placed = {name for channel in document["channels"].values() for name in channel["messages"]}
    assert placed == set(document["components"]["messages"])
    assert {entry.name for entry in CATALOGUE} < placed
    sent = {topic for _, action, topic, _ in OPERATIONS if action == "send"}
    assert sent == set(document["channels"])


def test_asyncapi_keeps_the_form_of_version_3() -> None:
    """The fields that its specification has, for what is used here."""
    document = asyncapi()
    assert document["asyncapi"] == "3.0.0"
    assert set(document) == {
        "asyncapi",
        "info",
        "defaultContentType",
        "servers",
        "channels",
        "operations",
        "components",
    }
    for channel in document["channels"].values():
        assert set(channel) == {"address", "description", "messages", "bindings"}
    for operation in document["operations"].values():
        assert set(operation) == {"action", "channel", "summary"}
        assert operation["action"] in {"send", "receive"}
    allowed = {"name", "summary", "payload", "headers", "contentType", "examples", "bindings"}
    for message in document["components"]["messages"].values():
        assert set(message) <= allowed
        assert "payload" in message


def test_asyncapis_examples_are_what_their_schemas_say() -> None:
    document = asyncapi()
    for entry in CATALOGUE:
        message = document["components"]["messages"][entry.name]
        schema = {"components": document["components"], **message["payload"]}
        for one in message["examples"]:
            jsonschema.validate(one["payload"], schema, jsonschema.Draft202012Validator)


def test_every_field_and_every_setting_says_what_it_means() -> None:
    text = documents()["docs/messages.md"] + documents()["docs/configuration.md"]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert all(row.removesuffix(" |").rpartition("| ")[2].endswith(".") for row in rows)
    assert all(f"`{variable(section, key)}`" in text for section, key in every_key())


def test_every_message_is_described() -> None:
    text = documents()["docs/messages.md"]
    for entry in CATALOGUE:
        assert f"\n## {entry.name}\n" in text
        assert entry.model.__doc__
