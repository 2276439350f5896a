"""What every clusterer's parameters have in common, and what it asks of its points."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from stream.errors import InputError

if TYPE_CHECKING:
    from snapshot.clusterers.clusters import Clusters
    from stream.model.arrays import Floats

SEED = 0
GLANCE = 1_000
"""Rows that are looked at first: among these there are nearly always places enough."""


class Parameters(BaseModel):
    """As the settings have them: a parameter that isn't known is a slip."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @abstractmethod
    def fit(self, points: Floats, k: int | None, start: Floats | None = None) -> Clusters:
        """As `Clusterer` has it."""


def wanted(points: Floats, k: int | None, start: Floats | None = None) -> int:
    """How many clusters: as many as are asked for, where the points can make them."""
    count = len(start) if start is not None else k
    if count is None:
        raise InputError(
            "how many segments there should be is not said: give k, or take dbscan or hdbscan, "
            "which find it themselves"
        )
    if k is not None and count != k:
        raise InputError(f"{count} centres to start from make no {k} segments: give as many")
    require_places(points, count)
    return count


def require_places(points: Floats, k: int) -> None:
    """More customers than segments, and not on so few places that every segment is a point."""
    if len(np.unique(points[:GLANCE], axis=0)) > k:
        return
    places = len(np.unique(points, axis=0))
    if places <= k:
        raise InputError(
            f"{len(points):,} active customers lie at only {places:,} different places, which "
            f"makes no {k} segments: take a smaller --k"
        )
