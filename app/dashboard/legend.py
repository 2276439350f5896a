"""Which colour is which segment, in words that wrap: a chart's own legend fills a telephone."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.dashboard.said import dot_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.dashboard.pictures.shown import Shown


def legend_html(known: Sequence[Shown]) -> str:
    """Dots and names.

    >>> from app.dashboard.pictures.shown import Shown
    >>> legend_html([Shown("value-1", "<Best>", "#0897f2")]).count("&lt;Best&gt;")
    1
    """
    items = "".join(
        f'<span style="white-space:nowrap;margin-right:1rem">{dot_html(one.id)}'
        f"{escape(one.name)}</span> "
        for one in known
    )
    return f'<div style="font-size:.9rem;line-height:1.7">{items}</div>'
