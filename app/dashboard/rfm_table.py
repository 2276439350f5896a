"""Recency, frequency and money of each segment, as a table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.dashboard.pictures.words import plainly
from app.dashboard.said import amount, dot_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.views import SegmentView

COLUMNS = ("recency_days", "orders", "spend", "average_order_value")


def rfm_html(segments: Sequence[SegmentView]) -> str:
    """Means of a segment's customers."""
    heads = ("customers", "share", *(plainly(name) for name in COLUMNS))
    head = "".join(f'<th class="number">{escape(one)}</th>' for one in heads)
    rows = "".join(_row(one) for one in segments)
    return (
        '<div style="overflow-x:auto" tabindex="0" role="region" aria-label="Segments as a table">'
        f'<table class="shoal"><thead><tr><th>segment</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(one: SegmentView) -> str:
    told = (
        f"{one.customers:,}",
        f"{one.share:.0%}",
        *(amount(name, one.means.get(name)) for name in COLUMNS),
    )
    cells = "".join(f'<td class="number">{cell}</td>' for cell in told)
    segment = f"{dot_html(one.segment_id)}{escape(one.name)}"
    return f'<tr><td style="white-space:nowrap">{segment}</td>{cells}</tr>'
