"""What people call their segments: `[names]`, a name an id.

The ids are free, as the segments' are: a slip in one can't be told from a segment that is yet to be
born, but for its form.
"""

import re
from collections.abc import Mapping

from pydantic_core import PydanticCustomError

from stream.contracts.bounds import PLAIN_TEXT

SEGMENT_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*-([1-9][0-9]{0,8}|dormant|no-net-spend)")
LONGEST = 80
"""Characters: more don't fit into a table or a chart."""

RULE_NAMES = {"dormant": "Dormant", "no-net-spend": "No net spend"}
"""What the rule segments are called, where nothing else is said."""


def checked_names(names: dict[str, str]) -> dict[str, str]:
    """Refuses ids and names that can't be any, and two segments of a lens that are called alike."""
    for segment_id, name in names.items():
        if not SEGMENT_ID.fullmatch(segment_id):
            raise PydanticCustomError(
                "segment_id",
                "{id} should be a segment's id, such as value-3, value-dormant or "
                "value-no-net-spend: `shoal models show` has them",
                {"id": repr(segment_id)},
            )
        if not name.strip() or len(name) > LONGEST or not re.match(PLAIN_TEXT, name):
            raise PydanticCustomError(
                "segment_name",
                "{id} should be called by 1 to {longest} characters, none of them a control "
                "character",
                {"id": segment_id, "longest": LONGEST},
            )
    _require_apart(names)
    return names


def _require_apart(names: Mapping[str, str]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for segment_id, name in {**_of_rules(names), **names}.items():
        lens = segment_id.partition("-")[0]
        other = seen.setdefault((lens, name.casefold()), segment_id)
        if other != segment_id:
            raise PydanticCustomError(
                "segment_names",
                "{other} and {id} are both called {name}: give one of them another name",
                {"other": other, "id": segment_id, "name": repr(name)},
            )


def _of_rules(names: Mapping[str, str]) -> dict[str, str]:
    """The names that rule segments of the same lenses have by themselves."""
    lenses = dict.fromkeys(segment_id.partition("-")[0] for segment_id in names)
    return {f"{lens}-{end}": name for lens in lenses for end, name in RULE_NAMES.items()}
