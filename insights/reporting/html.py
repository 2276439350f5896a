"""HTML as text: whatever people named is escaped, once, here."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from insights.charts.svg import clean
from insights.reporting.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from insights.charts.chart import Chart


WIDTH = 352
"""Of a chart that a phone shows whole, in pixels."""


def tag(name: str, inside: str, kind: str | None = None) -> str:
    """An element around HTML.

    >>> tag("p", words("a < b"), "note")
    '<p class="note">a &lt; b</p>'
    """
    classed = f' class="{kind}"' if kind else ""
    return f"<{name}{classed}>{inside}</{name}>"


def words(text: str) -> str:
    """Text as HTML; a number and its % or ± stay on one line."""
    return clean(text).replace(" %", "\u00a0%").replace("± ", "±\u00a0")


def paragraph(text: str, kind: str | None = None) -> str:
    return tag("p", words(text), kind)


def listing(lines: Iterable[str]) -> str:
    """A list of sentences."""
    return tag("ul", "".join(tag("li", words(line)) for line in lines))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], colours: Sequence[str] = ()) -> str:
    """Of texts. The first column names the row, with a dot where a colour is given; the others
    are numbers, and stand to the right."""
    top = "".join(tag("th", words(cell)) for cell in head)
    body = "".join(tag("tr", _row(row, colour)) for row, colour in zip_longest(rows, colours))
    inside = tag("thead", tag("tr", top)) + tag("tbody", body)
    return tag("div", tag("table", inside), "wide")


def figure(chart: Chart) -> str:
    """A chart; where it is wider than the page, it can be moved aside."""
    return tag("figure", chart.svg(), "wide")


def folded(title: str, inside: str) -> str:
    """What only some look for: shown at a click, and when printed."""
    return tag("details", tag("summary", words(title)) + inside)


def section(title: str, inside: str) -> str:
    return tag("section", tag("h2", words(title)) + inside)


def page(title: str, inside: str) -> str:
    """A whole file."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{words(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        f"{inside}\n</body>\n</html>\n"
    )


def _row(cells: Sequence[str], colour: str | None) -> str:
    first, *others = cells
    dot = f'<span class="dot" style="background:{colour}"></span>' if colour else ""
    return tag("th", dot + words(first)) + "".join(tag("td", words(cell)) for cell in others)
