"""The segment that is meant by what somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.contracts.segment import SegmentRef


def named(refs: Sequence[SegmentRef], text: str) -> SegmentRef:
    """By its id, or else by its name, where only one has it."""
    for found in (
        [one for one in refs if one.id == text],
        [one for one in refs if one.name.casefold() == text.casefold()],
    ):
        if len(found) == 1:
            return found[0]
    known = ", ".join(f"{one.id} ({one.name})" for one in refs)
    raise InputError(f"there is no segment {text!r}: there is {known}")
