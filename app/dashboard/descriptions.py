"""Each segment of a lens in plain words, as its model has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stream.contracts.lens import LensModel


def descriptions(lens: LensModel) -> dict[str, str]:
    """By id; empty where nobody looked."""
    learned = {one.segment.id: one.description for one in lens.centroids}
    return learned | {one.segment.id: one.description for one in lens.rule_segments}
