"""What came of an experiment, as a table: a row a segment and arm."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.experimenting.reading_words import headers, rows

if TYPE_CHECKING:
    from app.experimenting.reading import Result


def result_html(result: Result) -> str:
    """One that is wider than a telephone can be moved sideways."""
    head = "".join(
        f'<th scope="col" class="{_kind(place)}">{escape(one)}</th>'
        for place, one in enumerate(headers(result))
    )
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows(result))
    return (
        '<div style="overflow-x:auto" tabindex="0" role="region" aria-label="Lifts as a table">'
        f'<table class="shoal"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cells(row: tuple[str, ...]) -> str:
    return "".join(
        f'<td class="{_kind(place)}">{escape(cell)}</td>' for place, cell in enumerate(row)
    )


def _kind(place: int) -> str:
    """The first column is words, the others are numbers."""
    return "number whole" if place else "whole"
