"""Changes, instants and amounts in the words of a page, and segments as dot and name.

What comes from data and goes into HTML is escaped here and nowhere else.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from app.dashboard.pictures.words import by_column, number, plainly
from app.dashboard.theme import QUIET_TEXT, colour
from consumers.sink.schema import column_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.queries.views import ChangeView, ReasonView, Ref

WHY = {
    "first_model": "the first model",
    "joined": "a newcomer",
    "moved": "an order",
    "time": "time going by",
    "refit": "a new model",
    "late": "a late line",
    "erased": "erased",
}
SHOWN_REASONS = 3
MARKED = re.compile(r"([\\`*_{}\[\]<>#+!|~$:])")


def day(instant: datetime) -> str:
    """
    >>> from datetime import UTC, datetime
    >>> day(datetime(2026, 3, 9, 7, 5, tzinfo=UTC)), minute(datetime(2026, 3, 9, 7, 5, tzinfo=UTC))
    ('9 Mar 2026', '9 Mar 2026, 07:05')
    """
    return f"{instant.day} {instant:%b %Y}"


def minute(instant: datetime) -> str:
    return f"{day(instant)}, {instant:%H:%M}"


def several(count: int, one: str) -> str:
    """
    >>> several(1, "customer"), several(1200, "customer")
    ('1 customer', '1,200 customers')
    """
    return f"{count:,} {one}{'s' * (count != 1)}"


def span(seconds: float) -> str:
    """How long, in the largest unit that says it.

    >>> span(0.4), span(59), span(3600), span(200_000)
    ('1 s', '59 s', '60 min', '2 days')
    """
    for unit, size, most in (("s", 1, 100), ("min", 60, 100), ("h", 3600, 48)):
        if seconds < size * most:
            return f"{max(1, round(seconds / size))} {unit}"
    return f"{round(seconds / 86_400):,} days"


def because(change: ChangeView) -> str:
    """What caused it, and what it did to the features that counted most."""
    why = WHY.get(change.cause, change.cause)
    reasons = _reasons(change.reasons[:SHOWN_REASONS])
    return f"{why}: {reasons}" if reasons else why


def moved(feature: str, before: float | None, after: float | None) -> str:
    """
    >>> moved("spend_d90", 31.2, 240.1), moved("spend_d90", None, 7.97)
    ('spend lately up from 31 to 240', 'spend lately 8.0')
    """
    name, was, now = plainly(feature), amount(feature, before), amount(feature, after)
    if was == now or before is None or after is None:
        return f"{name} {now or was}"
    return f"{name} {'up' if after > before else 'down'} from {was} to {now}"


def amount(feature: str, value: float | None) -> str:
    """As many digits as somebody wants to read, in the feature's unit."""
    if value is None:
        return ""
    known = by_column().get(column_of(feature))
    return number(value, known.unit if known else "")


def sure(confidence: float) -> str:
    """
    >>> sure(0.9971), sure(0.734)
    ('over 99%', '73%')
    """
    return "over 99%" if confidence > 0.99 else f"{confidence:.0%}"


def segment_html(ref: Ref | None, otherwise: str = "–") -> str:
    """The dot has the segment's colour, the name is text: neither is needed to know the other."""
    if ref is None:
        return f'<span style="color:{QUIET_TEXT}">{escape(otherwise)}</span>'
    return f"{dot_html(ref.id)}{escape(ref.name)}"


def customer_html(customer_id: str) -> str:
    """A link to the customer's page."""
    return (
        f'<a href="customer?id={quote(customer_id, safe="")}" target="_self">'
        f"{escape(customer_id)}</a>"
    )


def plain(text: str) -> str:
    """Text from data for Streamlit's Markdown, with no letter in it that Markdown takes amiss.

    >>> plain("50 $ of *spend*")
    '50 \\\\$ of \\\\*spend\\\\*'
    """
    return MARKED.sub(r"\\\1", text)


def dot_html(segment_id: str | None) -> str:
    return (
        '<span aria-hidden="true" style="display:inline-block;width:.65em;height:.65em;'
        f'border-radius:50%;margin-right:.45em;background:{colour(segment_id)}"></span>'
    )


def _reasons(reasons: Sequence[ReasonView]) -> str:
    return ", ".join(moved(one.feature, one.before, one.after) for one in reasons)
