"""Numbers and features as people say them."""

from __future__ import annotations

import re
from calendar import month_name

from stream.half_life import ending_of, stem_of

STEADY = "steady_"
SPAN = re.compile(rf"^{STEADY}|_[dw]\d+$")
WINDOW = re.compile(r"_w(\d+)$")
MONTH = re.compile(r"month_(\d\d)_share")

NOUNS = {
    "recency_days": "days since the last purchase",
    "tenure_days": "days as a customer",
    "purchases": "lines bought",
    "units": "pieces",
    "gross_spend": "spend before returns",
    "returned_spend": "money given back",
    "returns": "lines brought back",
    "average_order_value": "spend per order",
    "basket_size": "pieces per order",
    "interpurchase_days": "days between orders",
    "distinct_products": "different products",
    "distinct_categories": "different categories",
    "peak_month": "month with most orders",
}
"""Where the name itself doesn't say it."""

SHARES = {
    "return_ratio": ("lines", "brought back"),
    "night_ratio": ("purchases", "at night"),
    "weekend_ratio": ("purchases", "at the weekend"),
    "discount_ratio": ("purchases", "at a discount"),
    "night_share": ("orders", "at night"),
    "weekend_share": ("orders", "at the weekend"),
    "discount_share": ("orders", "at a discount"),
}
"""What shares are shares of, and of which kind they are."""


def feature_words(name: str) -> str:
    """
    >>> feature_words("spend_d90"), feature_words("orders_w30"), feature_words("night_share_d30")
    ('recent spend', 'orders in 30 days', 'recent orders at night')
    >>> feature_words("month_03_share"), feature_words("steady_spend_d90"), feature_words("age")
    ('orders in March', 'steady spend', 'age')
    """
    if share := share_words(name):
        return " ".join(share)
    stem = stem_of(WINDOW.sub("", name))
    noun = NOUNS.get(stem, stem.replace("_", " "))
    if window := WINDOW.search(name):
        return f"{noun} in {window[1]} days"
    is_recent = ending_of(name) and not name.startswith(STEADY)
    return f"recent {noun}" if is_recent else noun


def bare_words(name: str) -> str:
    """What is counted, without how far back it looks.

    >>> bare_words("steady_spend_d90"), bare_words("orders_w30"), bare_words("night_share_d90")
    ('spend', 'orders', 'night share')
    """
    return SPAN.sub("", name).replace("_", " ")


def share_words(name: str) -> tuple[str, str] | None:
    """What a share is a share of, and which of them count; None where it is no such share.

    >>> share_words("discount_share_d90"), share_words("regularity")
    (('recent orders', 'at a discount'), None)
    """
    month = MONTH.fullmatch(name)
    if month and 1 <= int(month[1]) <= 12:
        return "orders", f"in {month_name[int(month[1])]}"
    found = SHARES.get(stem_of(name))
    if found and ending_of(name):
        return f"recent {found[0]}", found[1]
    return found


def number(value: float) -> str:
    """As many digits as mean something to a reader.

    >>> [number(value) for value in (1310.4, 31.4, 3.14, 0.5, 0.04, 2.0, 0.0, -12.0)]
    ['1,310', '31', '3.1', '0.5', '0.04', '2', '0', '\N{MINUS SIGN}12']
    """
    size = abs(value)
    digits = 0 if size >= 9.95 else 1 if size >= 0.1 else 2
    text = f"{size:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"−{text}" if value < 0 and text != "0" else text


def counted(count: int, one: str, many: str | None = None) -> str:
    """
    >>> counted(1, "order"), counted(1200, "order"), counted(0, "country", "countries")
    ('1 order', '1,200 orders', '0 countries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """
    >>> percent(0.183), percent(0.004), percent(0.0), percent(0.999), percent(1.0)
    ('18 %', 'under 1 %', '0 %', 'over 99 %', '100 %')
    """
    whole = round(share * 100)
    if whole == 0 and share > 0.0:
        return "under 1 %"
    if whole == 100 and share < 1.0:
        return "over 99 %"
    return f"{whole} %"


def days_ago(days: float) -> str:
    """
    >>> days_ago(0.4), days_ago(1.2), days_ago(40.0)
    ('within the last day', '1 day ago', '40 days ago')
    """
    return "within the last day" if days < 1.0 else f"{counted(int(days), 'day')} ago"


def listed(parts: list[str]) -> str:
    """
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
