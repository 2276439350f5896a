"""The JSON Schema of every message, for producers and consumers in other languages."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from app.generate_docs.catalogue import CATALOGUE, DEAD_LETTER
from stream.contracts.dead_letter import header_name

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Plain(GenerateJsonSchema):
    """Without titles that say a field's name again."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def schemas() -> dict[str, dict[str, Any]]:
    """One schema a message, each complete in itself, by the message's file name."""
    alone = {
        entry.file: {"$schema": DIALECT} | entry.model.model_json_schema(schema_generator=_Plain)
        for entry in CATALOGUE
    }
    for schema in alone.values():
        _as_read(schema)
    return alone


def shared_schemas(ref_template: str) -> dict[str, Any]:
    """All messages and their parts beside each other, by name."""
    _, document = models_json_schema(
        [(entry.model, "validation") for entry in (*CATALOGUE, DEAD_LETTER)],
        ref_template=ref_template,
        schema_generator=_Plain,
    )
    definitions: dict[str, Any] = document["$defs"]
    for schema in definitions.values():
        _as_read(schema)
    _as_headers(definitions[DEAD_LETTER.name])
    return definitions


def _as_read(schema: dict[str, Any]) -> None:
    """What its readers hold it to: without a `type`, a record is taken for a transaction."""
    kind = schema.get("properties", {}).get("type", {}).get("const")
    if kind is not None and kind != "transaction":
        schema["required"] = ["type", *schema.get("required", [])]
    for described in (schema, *schema.get("properties", {}).values()):
        if "description" in described:
            described["description"] = " ".join(described["description"].split())


def _as_headers(schema: dict[str, Any]) -> None:
    schema["properties"] = {
        header_name(field): content for field, content in schema["properties"].items()
    }
    schema["required"] = [header_name(field) for field in schema["required"]]
