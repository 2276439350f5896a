"""Who is fitted on: the customers whom no rule segment takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.usual_line import READ_FROM, counts_lines_worth
from stream.contracts.lens import Rule
from stream.model.arrays import NEVER
from stream.model.lens import days_ms
from stream.model.space import net_spend_of, orders_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from snapshot.table import CustomerTable
    from stream.contracts.lens import RuleSegment
    from stream.settings.lenses import LensSpec


def needed_features(specs: Iterable[LensSpec]) -> tuple[str, ...]:
    """What a table has to have for these lenses: their features, and what shrinks or rules."""
    names: dict[str, None] = {}
    for spec in specs:
        for feature in spec.features:
            names[feature.name] = None
            if feature.shrink_orders is not None:
                names[orders_of(feature.name)] = None
            if counts_lines_worth(feature):
                names.update(dict.fromkeys(READ_FROM))
        if spec.no_net_spend:
            names[net_spend_of(spec.feature_names())] = None
    return tuple(names)


def are_active(table: CustomerTable, rules: Iterable[RuleSegment]) -> NDArray[np.bool_]:
    """For each customer of the table whether no rule holds at its instant."""
    active = np.ones(len(table), np.bool_)
    for rule in rules:
        if rule.rule is Rule.DORMANT:
            last_ms = table.last_purchase_ms
            newest_dormant_ms = table.instant_ms - days_ms(rule.after_days or 0)
            active &= (last_ms != NEVER) & (last_ms > newest_dormant_ms)
        else:
            active &= table.columns([net_spend_of(table.names)])[:, 0] > 0.0
    return active
