"""Rule segments: who has not bought for long, and who kept nothing of what was bought.

They stand outside the fit: such customers would pull centroids toward themselves, and
what they have in common needs no distance to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.compiled import inlined
from stream.model.arrays import DORMANT, NONE, Rules
from stream.times import NEVER

if TYPE_CHECKING:
    from stream.model.arrays import Floats


@inlined
def rule_segment(rules: Rules, features: Floats, last_purchase_ms: int, at_ms: int) -> int:
    """The code of the first rule segment whose rule holds for a customer, or `NONE`."""
    for rule in range(len(rules.kind)):
        if rules.kind[rule] == DORMANT:
            holds = is_dormant(last_purchase_ms, rules.after_ms[rule], at_ms)
        else:
            holds = features[rules.spend_column] <= 0.0
        if holds:
            return int(rules.segment[rule])
    return NONE


@inlined
def is_dormant(last_purchase_ms: int, after_ms: int, at_ms: int) -> bool:
    """No purchase for so long; who never made one, only returns, is dormant too."""
    return last_purchase_ms == NEVER or at_ms - last_purchase_ms >= after_ms


@inlined
def dated_ms(rules: Rules, segment: int, last_purchase_ms: int, at_ms: int) -> int:
    """When a customer found in a segment at an instant entered it.

    That is the instant, but for dormancy: it began so many days after the last purchase, also
    where nobody looked at the time.
    """
    if last_purchase_ms == NEVER:
        return at_ms
    for rule in range(len(rules.kind)):
        if rules.kind[rule] == DORMANT and rules.segment[rule] == segment:
            return min(at_ms, last_purchase_ms + int(rules.after_ms[rule]))
    return at_ms
