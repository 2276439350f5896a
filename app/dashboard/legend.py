"""Which colour is which segment, in words that wrap: a chart's own legend fills a telephone."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.dashboard.theme import colour

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.dashboard.pictures.shown import Shown


def legend_html(known: Sequence[Shown]) -> str:
    """Dots and names.

    >>> from app.dashboard.pictures.shown import Shown
    >>> legend_html([Shown("value-1", "<Best>", "#0897f2")]).count("&lt;Best&gt;")
    1
    """
    return dots_html({one.name: colour(one.id or None) for one in known})


def dots_html(colours: Mapping[str, str]) -> str:
    """The same of anything that has a name and a colour."""
    items = "".join(
        f'<span style="white-space:nowrap;margin-right:1rem">{_dot(one)}{escape(name)}</span> '
        for name, one in colours.items()
    )
    return f'<div style="font-size:.9rem;line-height:1.7">{items}</div>'


def _dot(colour: str) -> str:
    return (
        '<span aria-hidden="true" style="display:inline-block;width:.65em;height:.65em;'
        f'border-radius:50%;margin-right:.45em;background:{colour}"></span>'
    )
