"""What is wrong with a setting, in words: where it was said, which one, the fact, the remedy."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stream.settings.settings import Settings

if TYPE_CHECKING:
    from pydantic import ValidationError

    Tables = dict[str, dict[str, Any]]

# Where what was said may be said again: these are about plain values.
PLAIN_WORDS = {
    "int_parsing": "should be a whole number",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "string_type": "should be a text",
    "dict_type": "should be a table",
    "path_not_file": "should name a file that is there",
}
QUOTABLE = ("parsing", "literal_error", "mismatch", "equal", "path_not_file", "_type", "from_float")


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
            for section, keys in source.items():
                merged.setdefault(section, {}).update(keys)
        return merged

    def name(self, section: str, key: str) -> str:
        """Where this key was said, and under which name."""
        if key in self.flags.get(section, {}):
            return f"flag for {section}.{key}"
        if key in self.variables.get(section, {}):
            return f"SHOAL_{section}__{key}".upper()
        return f"{self.file_name}: {section}.{key}"


def explained(error: ValidationError, sources: Sources) -> str:
    """Each problem on a line of its own."""
    return "\n       ".join(
        _problem(details, sources) for details in error.errors(include_url=False)
    )


def _problem(details: Any, sources: Sources) -> str:
    section, *rest = (str(step) for step in details["loc"])
    if not rest:
        return f"[{section}] {_plain(details['msg'])}"
    key = rest[0]
    where = sources.name(section, key)
    if details["type"] == "extra_forbidden":
        return f"{where} is no setting: {_near(section, key)}"
    return f"{where} {_fact(section, key, details)}{_said(section, key, details)}"


def _fact(section: str, key: str, details: Any) -> str:
    extra = _fields(section)[key].json_schema_extra or {}
    if details["type"] == "string_pattern_mismatch":
        return f"should be {extra['form']}"
    return PLAIN_WORDS.get(details["type"], _plain(details["msg"]))


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ")


def _near(section: str, key: str) -> str:
    known = _fields(section)
    near = difflib.get_close_matches(key, known, n=1)
    if near:
        return f"did you mean {section}.{near[0]}?"
    return f"[{section}] has {', '.join(known)}"


def _said(section: str, key: str, details: Any) -> str:
    """What was said, unless it is a secret or long."""
    said = repr(details.get("input"))
    secret = "SecretStr" in str(_fields(section)[key].annotation)
    if secret or len(said) > 60 or not details["type"].endswith(QUOTABLE):
        return ""
    return f", not {said}"


def _fields(section: str) -> dict[str, Any]:
    return dict(getattr(Settings.model_fields[section].annotation, "model_fields", {}))
