"""A lens' settings put into `shoal.toml`, and every other line of it left as it is.

The standard library reads TOML and doesn't write it. So single lines are changed, and what comes
of it is read again: unless it says exactly what was meant, nothing is written.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
import tomllib
from typing import TYPE_CHECKING, Any

from stream.errors import InputError
from stream.whole_file import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEADER = re.compile(r"^\s*\[")
ENDS = re.compile(r"\r?\n$")


def write_lens(file: Path, lens: str, values: Mapping[str, object]) -> None:
    """In one step: a reader sees the old file or the new one. None takes a key out."""
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            text = opened.read()
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} can't be read: {error}") from None
    changed = with_lens(text, lens, values, str(file))
    target = file.resolve()
    with whole_file(target) as aside:
        aside.write_text(changed, encoding="utf-8", newline="")
        if target.exists():
            shutil.copymode(target, aside)


def with_lens(text: str, lens: str, values: Mapping[str, object], file: str = "shoal.toml") -> str:
    """The text with these values in the lens' table, which is made where there is none."""
    meant = _meant(_parsed(text, file), lens, values)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    header = _header(lines, lens)
    if header is None:
        if lines and not ENDS.search(lines[-1]):
            lines[-1] += newline
        lines += [*([newline] if lines else []), f"[lenses.{lens}]{newline}"]
        header = len(lines) - 1
    for key, value in reversed(list(values.items())):
        _set(lines, header, key, value, newline)
    changed = "".join(lines)
    if _lenient(changed) != meant:
        said = "\n".join(f"{key} = {written(value)}" for key, value in values.items() if value)
        raise InputError(
            f"{file} has lens {lens!r} in a form that can't be changed line by line: put there "
            f"yourself, in the table lenses.{lens}:\n{said}"
        )
    return changed


def written(value: object) -> str:
    """A value as TOML has it.

    >>> written(4), written("gmm"), written({"linkage": "ward", "starts": 3})
    ('4', '"gmm"', '{ linkage = "ward", starts = 3 }')
    """
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {written(each)}" for key, each in value.items())
        return f"{{ {inside} }}"
    return json.dumps(value)


def _meant(data: dict[str, Any], lens: str, values: Mapping[str, object]) -> dict[str, Any]:
    meant = copy.deepcopy(data)
    table = meant.setdefault("lenses", {}).setdefault(lens, {})
    for key, value in values.items():
        table.pop(key, None)
        if value is not None:
            table[key] = value
    return meant


def _header(lines: list[str], lens: str) -> int | None:
    name = re.escape(lens)
    pattern = re.compile(rf"""^\s*\[\s*lenses\s*\.\s*["']?{name}["']?\s*\]\s*(#.*)?$""")
    return next((place for place, line in enumerate(lines) if pattern.match(line)), None)


def _set(lines: list[str], header: int, key: str, value: object, newline: str) -> None:
    """In the table under that header: the key's line changed, put in, or taken out."""
    found = _key(lines, header, key)
    if found is None:
        if value is not None:
            lines.insert(header + 1, f"{key} = {written(value)}{newline}")
        return
    first, end = found
    comment = _comment("".join(lines[first:end]))
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    new = f"{indent}{key} = {written(value)}{comment}{newline}"
    lines[first:end] = [] if value is None else [new]


def _key(lines: list[str], header: int, key: str) -> tuple[int, int] | None:
    """From where to where the key and its value go; a value may take several lines."""
    pattern = re.compile(rf"""^\s*["']?{re.escape(key)}["']?\s*=""")
    for first in range(header + 1, len(lines)):
        if HEADER.match(lines[first]):
            return None
        if pattern.match(lines[first]):
            ends = range(first + 1, len(lines) + 1)
            whole = (end for end in ends if _lenient("".join(lines[first:end])) is not None)
            return first, next(whole, first + 1)
    return None


def _comment(entry: str) -> str:
    """What stands behind the value, with the space before it."""
    for place in (match.start() for match in re.finditer("#", entry)):
        before = entry[:place]
        if _lenient(before) is not None:
            return before[len(before.rstrip()) :] + entry[place:].rstrip()
    return ""


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file} is no TOML: {error}. Correct it there.") from None


def _lenient(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
