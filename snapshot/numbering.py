"""What a model that is about to be published is called: the next version, whatever its file said.

Also the numbers of its segments: none is ever given twice, so the counter never goes back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel


def numbered(model: SegmentModel, last: SegmentModel | None, created_at: datetime) -> SegmentModel:
    """The model as the version after `last`."""
    newest = last.version if last else 0
    return model.model_copy(
        update={
            "version": newest + 1,
            "based_on": _known(model.based_on, newest),
            "shape_of": _known(model.shape_of, newest),
            "created_at": created_at,
            "lenses": tuple(
                lens.model_copy(update={"next_segment": next_segment(lens, last)})
                for lens in model.lenses
            ),
        }
    )


def next_segment(lens: LensModel, last: SegmentModel | None) -> int:
    """The first number that no segment of the lens has, or had."""
    before = last.lens(lens.lens) if last else None
    known = [lens, before] if before else [lens]
    used = [number for one in known for number in _numbers(one)]
    return max([one.next_segment for one in known] + [number + 1 for number in used])


def segment_id(lens: str, number: int) -> str:
    """
    >>> segment_id("value", 3)
    'value-3'
    """
    return f"{lens}-{number}"


def _numbers(lens: LensModel) -> list[int]:
    pattern = re.compile(rf"{re.escape(lens.lens)}-([0-9]{{1,9}})")
    found = (pattern.fullmatch(centroid.segment.id) for centroid in lens.centroids)
    return [int(match[1]) for match in found if match]


def _known(version: int | None, newest: int) -> int | None:
    """A version that was published; what a file says may be of another prefix."""
    return version if version is not None and version <= newest else None
