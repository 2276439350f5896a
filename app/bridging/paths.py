"""A place inside a JSON value: names with dots between, `user.id` or `lines.0.sku`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

Steps = tuple[str, ...]
_DOTS = re.compile(r"(?<!\\)\.")
MOST_STEPS = 20


def parse_path(text: str, said: str) -> Steps:
    r"""The steps of a path; a dot that belongs to a name has a backslash before it.

    >>> parse_path("user.id", "--map"), parse_path(r"meta.app\.version", "--map")
    (('user', 'id'), ('meta', 'app.version'))
    """
    steps = tuple(step.replace(r"\.", ".") for step in _DOTS.split(text))
    if not all(steps) or len(steps) > MOST_STEPS:
        raise SettingsError(
            f"{said}: {text!r} is no path: write names with dots between, such as user.id, "
            f"{MOST_STEPS} at most"
        )
    return steps


def spelled(path: Sequence[str]) -> str:
    """As it was written."""
    return ".".join(step.replace(".", r"\.") for step in path)


def at_path(value: Any, path: Sequence[str]) -> Any:
    """What is there; None where nothing is, or null. A number counts into a list.

    >>> at_path({"user": {"ids": [7, 8]}}, ("user", "ids", "1"))
    8
    >>> at_path({"user": None}, ("user", "id")) is None
    True
    """
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list):
            value = _item(value, step)
        else:
            return None
    return value


def _item(items: list[Any], step: str) -> Any:
    if not (step.isascii() and step.isdigit() and len(step) < 10):
        return None
    return items[int(step)] if int(step) < len(items) else None
