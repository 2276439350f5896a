"""What is wrong with a setting, in words: where it was said, which one, the fact, the remedy."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stream.settings.lens import FeatureSettings, LensSettings
from stream.settings.settings import Settings
from stream.settings.webhooks import WebhookSettings

if TYPE_CHECKING:
    from pydantic import ValidationError

    from stream.settings.section import Section

    Tables = dict[str, dict[str, Any]]

LENSES, WEBHOOKS = "lenses", "webhooks"
NAMED: dict[str, type[Section]] = {LENSES: LensSettings, WEBHOOKS: WebhookSettings}
"""The sections that are made of tables, one a lens or a webhook, and what each of them holds."""

# Where what was said may be said again: these are about plain values.
PLAIN_WORDS = {
    "int_parsing": "should be a whole number",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_parsing": "should be a number",
    "float_type": "should be a number",
    "bool_parsing": "should be true or false",
    "bool_type": "should be true or false",
    "string_type": "should be a text",
    "tuple_type": "should be a list",
    "dict_type": "should be a table",
    "model_type": "should be a table",
    "missing": "is missing",
    "path_not_file": "should name a file that is there",
}
QUOTABLE = (
    *("parsing", "literal_error", "mismatch", "equal", "greater_than", "less_than", "enum"),
    *("path_not_file", "_type", "from_float"),
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What each source said, section by section."""

    flags: Tables
    variables: Tables
    file: Tables
    file_name: str

    def merged(self) -> Tables:
        """Key by key: flags over variables over the file."""
        merged: Tables = {}
        for source in (self.file, self.variables, self.flags):
            merged = _over(merged, source, deep=2)
        return merged

    def name(self, *steps: str) -> str:
        """Where this key was said, and under which name: `name("lenses", "value", "k")`."""
        key = ".".join(steps)
        if _has(self.flags, steps):
            return f"flag for {key}"
        if _has(self.variables, steps):
            return f"SHOAL_{'__'.join(steps)}".upper()
        return f"{self.file_name}: {key}"


def explained(error: ValidationError, sources: Sources) -> str:
    """Each problem on a line of its own."""
    return "\n       ".join(
        _problem(details, sources) for details in error.errors(include_url=False)
    )


def _over(under: dict[str, Any], over: dict[str, Any], deep: int) -> dict[str, Any]:
    """One table laid over another, key by key; sections as wholes are never replaced, and no
    lens or webhook is."""
    merged = dict(under)
    for key, value in over.items():
        here = merged.get(key)
        if deep > 1 and isinstance(value, dict) and isinstance(here, dict):
            merged[key] = _over(here, value, deep if key in NAMED else deep - 1)
        else:
            merged[key] = value
    return merged


def _has(source: Any, steps: tuple[str, ...]) -> bool:
    for step in steps:
        if not isinstance(source, dict) or step not in source:
            return False
        source = source[step]
    return True


def _problem(details: Any, sources: Sources) -> str:
    steps = details["loc"]
    ends = 2 if steps[0] in NAMED else 1
    table, rest = tuple(map(str, steps[:ends])), steps[ends:]
    if not rest:
        return f"[{'.'.join(table)}] {PLAIN_WORDS.get(details['type'], _plain(details['msg']))}"
    key, within = str(rest[0]), _within(rest[1:])
    where = sources.name(*table, key) + within
    if details["type"] == "extra_forbidden":
        return f"{where} is no setting: {_near(table, key, within)}"
    return f"{where} {_fact(table, key, details)}{_said(table, key, details)}"


def _within(steps: tuple[str | int, ...]) -> str:
    """Where in a list or table the slip is: `[0].transform`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def _fact(table: tuple[str, ...], key: str, details: Any) -> str:
    field = _fields(table).get(key)  # of names there is none: their keys are free
    extra = (field and field.json_schema_extra) or {}
    if details["type"] == "string_pattern_mismatch":
        return f"should be {extra['form']}"
    return PLAIN_WORDS.get(details["type"], _plain(details["msg"]))


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ")


def _near(table: tuple[str, ...], key: str, within: str) -> str:
    """Of a table within a setting (a feature of a lens) all keys are named: they are few."""
    if within:
        return f"it has {', '.join(FeatureSettings.model_fields)}"
    known, section = _fields(table), ".".join(table)
    near = difflib.get_close_matches(key, known, n=1)
    if near:
        return f"did you mean {section}.{near[0]}?"
    return f"[{section}] has {', '.join(known)}"


def _said(table: tuple[str, ...], key: str, details: Any) -> str:
    """What was said, unless it is a secret or long."""
    said = repr(details.get("input"))
    field = _fields(table).get(key)
    secret = field is not None and "SecretStr" in str(field.annotation)
    if secret or len(said) > 60 or not details["type"].endswith(QUOTABLE):
        return ""
    return f", not {said}"


def _fields(table: tuple[str, ...]) -> dict[str, Any]:
    if table[0] in NAMED:
        return dict(NAMED[table[0]].model_fields)
    return dict(getattr(Settings.model_fields[table[0]].annotation, "model_fields", {}))
