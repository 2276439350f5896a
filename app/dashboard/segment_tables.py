"""What the page Segments says in tables: two of them side by side, and who is in one."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.dashboard import said
from app.dashboard.differing import COMPARED
from app.dashboard.pictures.words import number, plainly
from consumers.sink.schema import SORTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.dashboard.pictures.radar import Shape
    from app.queries.views import CustomerView
    from snapshot.explaining.pairwise import Unlike

NEARLY = 0.05


def comparison_html(chosen: Shape, other: Shape, sure: Mapping[str, Unlike]) -> str:
    """Each number of both, how many times the one the other is, and how sure it is."""
    rows = "".join(
        _compared(name, chosen.means[name], other.means[name], sure.get(name)) for name in COMPARED
    )
    head = "".join(
        f'<th scope="col" class="number">{escape(one)}</th>'
        for one in (chosen.name, other.name, "times", "difference")
    )
    return (
        f'<table class="shoal compared"><thead><tr><th scope="col">mean of</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def times(one: float, other: float) -> str:
    """
    >>> times(3.0, 1.5), times(1.02, 1.0), times(1.0, 0.0)
    ('2.0', 'the same', '–')
    """
    if other <= 0 or one < 0:
        return "–"
    ratio = one / other
    return "the same" if abs(ratio - 1) < NEARLY else f"{ratio:.1f}" if ratio >= 0.1 else "< 0.1"


def customers_html(shown: Sequence[CustomerView], by: str) -> str:
    features = tuple(dict.fromkeys((by, "orders", "spend", "recency_days")))
    head = "".join(f'<th scope="col" class="number">{plainly(one)}</th>' for one in features)
    rows = "".join(
        f"<tr><td>{said.customer_html(one.customer_id)}</td>"
        + "".join(f'<td class="number">{_cell(one, name)}</td>' for name in features)
        + "</tr>"
        for one in shown
    )
    return (
        f'<table class="shoal"><thead><tr><th scope="col">customer</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _compared(name: str, one: float, other: float, sure: Unlike | None) -> str:
    size = sure.size if sure else "–"
    cells = (said.amount(name, one), said.amount(name, other), times(one, other), size)
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    return f"<tr><td>{plainly(name)}</td>{numbers}</tr>"


def _cell(one: CustomerView, name: str) -> str:
    """A feature, or what a snapshot expects."""
    if name not in SORTED:
        return said.amount(name, one.features[name])
    value: float | None = getattr(one.insights, name, None)
    return "–" if value is None else number(value, "" if name == "clv" else "share")
