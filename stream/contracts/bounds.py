"""How large the numbers and texts of a message may be, in one place for every reader.

Money is summed as whole ten-thousandths in 64-bit integers: at the bound 46,116 lines of
one customer fit, at a thousand a line 460 billion. Beyond that a sum stays where it is.
"""

from datetime import UTC, datetime

TEN_THOUSANDTHS = 10_000

MAX_MONEY = 1e10
"""The largest price, discount or amount of a line, in the currency's units."""

MAX_QUANTITY = 1e9
"""The largest quantity of a line, either sign."""

MAX_TEXT = 256
"""The longest id or name, in characters."""

MAX_VERSION = 1_000_000_000

PLAIN_TEXT = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""No control characters: they are never part of a name, and one separates the parts of an id."""

FIRST_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
END_OF_INSTANTS = datetime(2200, 1, 1, tzinfo=UTC)
