"""How fast a feature fades, as the end of its name says: `orders_d90` is halved every 90 days."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

USUAL_DAYS = 90
_ENDING = re.compile(r"_d(\d+)$")


def ending_of(name: str) -> str:
    """
    >>> ending_of("night_share_d30"), ending_of("orders")
    ('_d30', '')
    """
    found = _ENDING.search(name)
    return found.group() if found else ""


def stem_of(name: str) -> str:
    """
    >>> stem_of("night_share_d30"), stem_of("orders")
    ('night_share', 'orders')
    """
    return name.removesuffix(ending_of(name))


def whatever_half_life(name: str) -> str:
    """What a feature that fades is called where no half-life is part of its name.

    >>> whatever_half_life("spend_d30"), whatever_half_life("spend_w90")
    ('spend_decayed', 'spend_w90')
    """
    return f"{stem_of(name)}_decayed" if ending_of(name) else name


def half_life_days(names: Iterable[str]) -> int | None:
    """Of the first that fades: all features of a profile fade alike.

    >>> half_life_days(["orders", "spend_d30"]), half_life_days(["orders"])
    (30, None)
    """
    found = (_ENDING.search(name) for name in names)
    return next((int(one[1]) for one in found if one), None)
