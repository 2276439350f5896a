"""`docs/messages.md`: every message and its fields in plain words, from the models."""

import json
from collections.abc import Iterator
from typing import Any

from app.generate_docs.catalogue import CATALOGUE, DEAD_LETTER, VOCABULARIES, Entry
from app.generate_docs.examples import example
from app.generate_docs.schemas import shared_schemas
from stream.contracts.bounds import MAX_MONEY, MAX_QUANTITY, MAX_TEXT
from stream.contracts.dead_letter import PREFIX
from stream.contracts.meaning import Word
from stream.contracts.refusal import RefusalReason
from stream.topics import Topics

INTRODUCTION = f"""\
# Messages

Made by `make docs` from `stream/contracts`; the same as JSON Schemas in
[schemas](schemas), and with topics and headers in [asyncapi.json](asyncapi.json).

Every message says the version of its form in `schema_version`. New fields come with
defaults and readers pass over what they don't know, so old and new understand each
other. Times are ISO-8601 with their offset, from 1970 to 2199. Ids and names have 1 to
{MAX_TEXT} characters, none of them a control character. Quantities go to ±{MAX_QUANTITY:,.0f},
money to ±{MAX_MONEY:,.0f} a line: sums are kept in whole ten-thousandths.

Two fields are filled in together: whichever of `unit_price` and `amount` a transaction
lacks follows from the other. A line that was sent without an `event_id` is known by all
it says, so a producer that can send two equal lines has to give them ids.
"""
PLAIN_TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false"}
OUTRODUCTION = """\
A record that can't be used is not lost: it goes to the dead letters, key, value and headers
as they came, with these headers after them.
"""


def messages() -> str:
    shared = shared_schemas("{model}")
    sections = [INTRODUCTION]
    shown: set[str] = set()
    for entry in CATALOGUE:
        sections += _section(entry, shared, shown)
    sections += _dead_letters(shared)
    return "\n".join(sections)


def _section(entry: Entry, shared: dict[str, Any], shown: set[str]) -> Iterator[str]:
    schema = shared[entry.name]
    yield f"## {entry.name}\n"
    yield f"On `{getattr(Topics(), entry.topic)}`, key: {entry.key or 'none'}.\n"
    yield f"{schema['description']}\n"
    yield _table(schema)
    for part in _parts(schema, shared):
        if part not in shown:
            shown.add(part)
            yield from _part(part, shared[part])
    text = json.dumps(example(entry.model), indent=2, ensure_ascii=False)
    yield f"```json\n{text}\n```\n"


def _part(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"**{name}**: {schema['description']}\n"
    yield _words(VOCABULARIES[name]) if name in VOCABULARIES else _table(schema)


def _dead_letters(shared: dict[str, Any]) -> Iterator[str]:
    yield f"## Dead letters\n\nOn `{Topics().dead_letters}`. {OUTRODUCTION}"
    yield _table(shared[DEAD_LETTER.name], first="header")
    yield f"The reasons that `{PREFIX}reason` can give:\n"
    yield _words(RefusalReason)


def _words(words: type[Word]) -> str:
    rows = [f"| `{word}` | {word.meaning} |" for word in words]
    return "\n".join(["| word | meaning |", "| --- | --- |", *rows]) + "\n"


def _table(schema: dict[str, Any], first: str = "field") -> str:
    needed = set(schema.get("required", ()))
    rows = [f"| {first} | type | default | meaning |", "| --- | --- | --- | --- |"]
    rows += [
        f"| `{name}` | {_type(field)} | {_default(name, field, needed)} | {_meaning(field)} |"
        for name, field in schema["properties"].items()
    ]
    return "\n".join(rows) + "\n"


def _meaning(field: dict[str, Any]) -> str:
    return str(field.get("description", "")).replace("|", "\\|")


def _default(name: str, field: dict[str, Any], needed: set[str]) -> str:
    if name in needed:
        return "needed"
    if "default" not in field or field["default"] is None:
        return ""
    return f"`{json.dumps(field['default'], ensure_ascii=False)}`"


def _type(field: dict[str, Any]) -> str:
    """A schema's type as people say it."""
    if "anyOf" in field:
        return " or ".join(_type(option) for option in field["anyOf"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    if field.get("type") == "object":
        return f"object of {_type(field['additionalProperties'])}"
    name = "time" if field.get("format") == "date-time" else field.get("$ref") or field["type"]
    return PLAIN_TYPES.get(name, str(name))


def _parts(schema: dict[str, Any], shared: dict[str, Any]) -> Iterator[str]:
    """The parts a message is made of, depth first, in the order of its fields."""
    for field in schema.get("properties", {}).values():
        for name in _refs(field):
            yield name
            yield from _parts(shared[name], shared)


def _refs(field: dict[str, Any]) -> Iterator[str]:
    if "$ref" in field:
        yield field["$ref"]
    for inner in (*field.get("anyOf", ()), field.get("items", {})):
        if inner:
            yield from _refs(inner)
