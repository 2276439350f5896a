"""How good a fit is, for people: a line on the terminal, a table in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.html import paragraph, table
from snapshot.naming.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.choosing import Choice
    from snapshot.measures import Measures

NOTE = (
    "Inertia is the mean squared distance of customers to their segment's centre. The silhouette "
    "goes from −1 to 1, and 0.3 is usual for customers. Of Davies-Bouldin less is better, of "
    "Calinski-Harabasz more. None of them says how many segments are useful."
)


def measures_line(measures: Measures) -> str:
    """
    >>> from snapshot.measures import Measures
    >>> measures_line(Measures(0.51, 0.347, None, 1234.5, 0.08))
    'inertia 0.51, silhouette 0.35, Davies-Bouldin –, Calinski-Harabasz 1,234, smallest segment 8 %'
    """
    named = [f"{name} {value}" for name, value in _values(measures)]
    return ", ".join([*named, f"smallest segment {percent(measures.smallest_share)}"])


def measures_table(rows: Sequence[tuple[str, Measures, float | None]]) -> str:
    """A row a fit: its name, its measures, and the bootstrap ARI."""
    head = ["fit", *(name for name, _ in _values(rows[0][1])), "smallest segment", "found again"]
    body = [
        [name, *(value for _, value in _values(one)), percent(one.smallest_share), _number(ari)]
        for name, one, ari in rows
    ]
    again = "Found again is the adjusted Rand index of fits on other draws of these customers."
    return table(head, body) + paragraph(f"{NOTE} {again}", "note")


def tried_table(choice: Choice) -> str:
    """A row a number of segments that was tried."""
    head = ["segments", "inertia", "silhouette", "smallest segment", "found again", ""]
    rows = [
        [
            str(one.k),
            _number(one.inertia),
            _number(one.silhouette),
            percent(one.smallest_share),
            _number(one.stability),
            "taken" if one.k == choice.k else "",
        ]
        for one in choice.tried
    ]
    return table(head, rows)


def _values(measures: Measures) -> list[tuple[str, str]]:
    return [
        ("inertia", _number(measures.inertia)),
        ("silhouette", _number(measures.silhouette)),
        ("Davies-Bouldin", _number(measures.davies_bouldin)),
        ("Calinski-Harabasz", _number(measures.calinski_harabasz)),
    ]


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return (f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}").replace("-", "−")
