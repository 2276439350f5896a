"""Which lines are no products: postage, bank charges, corrections by hand.

Their money counts, their behaviour doesn't: nobody shops for postage. Shops differ in their
codes, so the list is a setting; this is what the public retail data sets have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

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
MATCHES_NOTHING = "(?!)"


@dataclass(frozen=True, slots=True)
class NonProducts:
    """Codes that are no products; `*` stands for any text, upper and lower case differ.

    >>> rule = NonProducts(("POST", "gift_*"))
    >>> [rule.is_product(code) for code in ("POST", "post", "gift_10", "85123A", None)]
    [False, True, False, True, True]
    """

    patterns: tuple[str, ...] = NON_PRODUCTS

    def is_product(self, product_id: str | None) -> bool:
        """A line that doesn't say what was bought is taken for a product."""
        return product_id is None or _any_of(self.patterns).match(product_id) is None


@lru_cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all: asking them one by one takes thirty times as long."""
    return re.compile("|".join(map(translate, patterns)) or MATCHES_NOTHING)
