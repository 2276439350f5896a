"""A chart: a drawing with a title for everybody and a description for who can't see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.charts.svg import FONT, clean, element, shortened, text

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE_ROOM = 26
"""Above the drawing."""

GAP = 18


@dataclass(frozen=True, slots=True)
class Chart:
    """`width` and `height` are in pixels, at the size that its letters are made for."""

    title: str
    description: str
    width: int
    height: int
    """Of the drawing alone."""

    body: str

    def svg(self) -> str:
        """The whole of it: a file, or a part of a page."""
        whole = self.height + TITLE_ROOM
        heading = text(shortened(self.title, self.width, 14), 0, 16, font_size=14, font_weight=600)
        return element(
            "svg",
            element("title", clean(self.title)),
            element("desc", clean(self.description)),
            heading,
            element("g", self.body, transform=f"translate(0 {TITLE_ROOM})"),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {self.width} {whole}",
            width=self.width,
            height=whole,
            role="img",
            aria_label=f"{self.title}. {self.description}",
            font_family=FONT,
            style="max-width:100%;height:auto;print-color-adjust:exact",
        )


def stacked(title: str, charts: Sequence[Chart]) -> Chart:
    """Several charts as one, one below the other: what a single `.svg` file can show."""
    y, parts = GAP, []
    for chart in charts:
        parts.append(element("g", chart.svg(), transform=f"translate(0 {y})"))
        y += chart.height + TITLE_ROOM + GAP
    words = " ".join(f"{chart.title}. {chart.description}" for chart in charts)
    return Chart(title, words, max((chart.width for chart in charts), default=0), y, "".join(parts))
