"""How well a lens' segments hold, and what shifted in them, in sentences with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.executive.segments import LEAST_CUSTOMERS
from insights.reporting.executive.spending import COVERS
from insights.reporting.executive.wording import customers, share
from insights.reporting.sentences import sentence
from snapshot.drift import sentences
from snapshot.drift.findings import own_ratio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.contracts.drift import LensDrift, SegmentDrift

LEAST_EFFECT = 0.1
"""Standard deviations of order value, under which nobody would care how sure it is."""


def drift_words(lens: LensDrift) -> tuple[str, ...]:
    """Only shifts that chance doesn't make; that there was none is said, too."""
    found = [*_agreement(lens)]
    if lens.shares_since is not None:
        shifts = [sentence(sentences.share(one, lens.shares_since)) for one in _shifted(lens)]
        nothing = (
            f"No segment's share changed more than chance makes since {lens.shares_since:%Y-%m-%d}."
        )
        found += shifts or [nothing]
    for one in lens.segments:
        if _is_dearer(one):
            found.append(sentence(sentences.order_value(one, lens.order_values_since)))
    return tuple(found)


def own_shift(one: SegmentDrift) -> float:
    """How its share changed (a log ratio) by what customers did, and not by where lines are; 0
    within what chance makes."""
    return _beyond_chance(one, own_ratio(one))


def _shifted(lens: LensDrift) -> list[SegmentDrift]:
    """The learned segments whose share changed more than chance makes, whatever did it."""
    return [
        one for one in lens.segments if one.learned and _beyond_chance(one, one.share_log_ratio)
    ]


def _beyond_chance(one: SegmentDrift, ratio: float | None) -> float:
    few = max(one.customers, one.customers_before or 0) < LEAST_CUSTOMERS
    if ratio is None or one.share_noise is None or few:
        return 0.0
    return ratio if abs(ratio) > COVERS * one.share_noise else 0.0


def _is_dearer(one: SegmentDrift) -> bool:
    if one.order_value_effect is None or (one.order_value_customers or 0) < LEAST_CUSTOMERS:
        return False
    chance = COVERS * (one.order_value_noise or 0.0)
    return abs(one.order_value_effect) >= max(LEAST_EFFECT, chance)


def _agreement(lens: LensDrift) -> Iterator[str]:
    found = lens.published_agreement or lens.agreement
    if found is None:
        return
    yield (
        f"{share(found.share)} of {customers(lens.active_customers)} who are active are in the "
        "segment where a fresh clustering of the moment puts them."
    )
    if lens.relabelled:
        yield f"The next version of the model would move {share(lens.relabelled)} of them."
