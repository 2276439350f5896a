"""Populations with planted segments, without a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.tuning.population import Population
from tests.snapshot.planted import planted
from tests.snapshot.shops import specs

if TYPE_CHECKING:
    from stream.model.arrays import Floats

NAMES = ("orders_d90", "spend_d90", "lines_d90")


def of(points: Floats, **lens: object) -> Population:
    (spec,) = specs(**lens)
    return Population(spec, NAMES, np.exp(points), points, 0, young=False)


def with_segments(clusters: int = 4, each: int = 60, **lens: object) -> Population:
    return of(planted(clusters, each)[0], **lens)
