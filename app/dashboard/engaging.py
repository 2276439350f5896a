"""The engagement score on pages: of a segment's customers who were drawn, and of one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insights.playbook.engagement import FORMULA, NEEDED, engagement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from app.queries.sample import Sample

SAYS = f"How much they are with the shop now, from 0 to 100: {FORMULA}."


def mean_engagement(drawn: Sample, there: NDArray[np.bool_]) -> float | None:
    """None where nobody of them was drawn."""
    if not there.any():
        return None
    scores = engagement({name: drawn.features[name] for name in NEEDED})
    return float(scores[there].mean())


def engagement_of(drawn: Sample, features: Mapping[str, float]) -> float:
    """Among those who were drawn, because the score knows what others spend."""
    among = {name: np.append(drawn.features[name], features[name]) for name in NEEDED}
    return float(engagement(among)[-1])
