"""What a usual line is worth, which logarithms of money count as one.

log(1 + x) of lines tells none from one, and ten from twenty. Of money it would tell no penny from
one, and in yen say otherwise than in pounds. In lines' worth it says the same in any currency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.explaining.features import known_features
from stream.contracts.lens import Transform

if TYPE_CHECKING:
    from snapshot.table import CustomerTable
    from stream.settings.lenses import FeatureSpec

READ_FROM = ("spend", "lines")


def counts_lines_worth(feature: FeatureSpec) -> bool:
    """Whether a feature is money of which a logarithm is taken."""
    if feature.transform is not Transform.LOG1P:
        return False
    known = known_features([feature.name]).get(feature.name)
    return known is not None and known.unit == "money"


def usual_line(table: CustomerTable) -> float:
    """The middle customer's money by lines; 1 where nobody has paid for any."""
    spend, lines = table.columns(READ_FROM).T
    paid = (spend > 0.0) & (lines > 0.0)
    return float(np.median(spend[paid] / lines[paid])) if paid.any() else 1.0
