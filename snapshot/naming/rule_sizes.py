"""How many customers are in each rule segment of a lens at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.active import are_active

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.moment import Moment
    from stream.contracts.lens import RuleSegment


def rule_sizes(moment: Moment, rules: Sequence[RuleSegment]) -> list[int]:
    """For each rule in order how many it is the first to hold for."""
    left = np.ones(len(moment), np.bool_)
    sizes = []
    for rule in rules:
        stays = are_active(moment.table, [rule])
        sizes.append(int(np.count_nonzero(left & ~stays)))
        left &= stays
    return sizes
