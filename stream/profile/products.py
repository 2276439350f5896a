"""Which lines are no products: postage, bank charges, corrections by hand.

Their money counts, their behaviour doesn't: nobody shops for postage. Shops differ in their
codes, so the list is a setting; this is what the public retail data sets have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

NON_PRODUCTS = (
    "POST",
    "DOT",
    "C2",
    "M",
    "m",
    "D",
    "S",
    "BANK CHARGES",
    "AMAZONFEE",
    "CRUK",
    "B",
    "PADS",
    "gift_0001_*",
    "DCGS*",
)
MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class NonProducts:
    """Codes that are no products; `*` stands for any text, upper and lower case differ.

    >>> rule = NonProducts(("POST", "gift_*"))
    >>> [rule.is_product(code) for code in ("POST", "post", "gift_10", "85123A", None)]
    [False, True, False, True, True]
    """

    patterns: tuple[str, ...] = NON_PRODUCTS
    _known: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def is_product(self, product_id: str | None) -> bool:
        """A line that doesn't say what was bought is taken for a product."""
        if product_id is None:
            return True
        known = self._known.get(product_id)
        if known is None:
            known = not any(fnmatchcase(product_id, pattern) for pattern in self.patterns)
            if len(self._known) < MOST_REMEMBERED:
                self._known[product_id] = known
        return known
