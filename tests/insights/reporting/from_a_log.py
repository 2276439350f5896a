"""What a log says of made-up shops: purchases at any hour, and experiments with any outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.experimenting.reading_words import ARM_HEADERS, INTERVALS
from insights.hours import hours_of, slots_of
from insights.reporting.executive.heard import ExperimentPart, Experiments, Heard

if TYPE_CHECKING:
    from tests.insights.reporting.stories import Shop

BEGUN = ExperimentPart(
    "spring-mail",
    ("spring-mail: who bought, in 7.0 days; <b>control</b> 490, mail 493",),
    (("mail against control", "490 / 493", "60.61 %", "65.11 %", "+4.50", "-5 to +14", "no"),),
    {"experiment": "spring-mail", "lifts": [{"difference": 0.045, "low": float("-inf")}]},
)
NOT_BEGUN = ExperimentPart("winter", ("Nothing has come since winter began.",), (), None)


def heard_of(shop: Shop, since_ms: int, until_ms: int) -> Heard:
    """Purchases in a part of the period, which may lie on weekdays alone; some without a time."""
    rng = np.random.default_rng(shop.seed)
    count = shop.purchases or 0
    end_ms = until_ms if shop.seed % 2 else since_ms + (until_ms - since_ms) // 7
    at_ms = rng.integers(since_ms, end_ms, count)
    slots = slots_of(at_ms, rng.integers(-720, 840, count), rng.random(count) < shop.known + 0.1)
    parts = (BEGUN, NOT_BEGUN)[: shop.experiments]
    return Heard(
        since_ms,
        hours_of(slots),
        is_cut=shop.has_model,
        experiments=Experiments(ARM_HEADERS, parts, (INTERVALS,)) if parts else None,
    )
