"""SVG as text: elements with their attributes, and everything that people named escaped."""

from __future__ import annotations

import unicodedata
from html import escape

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
SIZE = 12
"""Of letters, in the chart's units; a chart is shown at about its own width."""

WIDTH_OF_A_LETTER = 0.58
"""Of the size, on average in such fonts; wide ones count twice."""


def element(tag: str, *children: str, **attributes: object) -> str:
    """`stroke_width` becomes `stroke-width`; None leaves an attribute out.

    >>> element("rect", x=1, stroke_width=2.50, rx=None)
    '<rect x="1" stroke-width="2.5"/>'
    """
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{tag}{said}>{inside}</{tag}>" if inside else f"<{tag}{said}/>"


def text(words: str, x: float, y: float, **attributes: object) -> str:
    """In the colour of the text around the chart, so that it is read on light and dark."""
    said = {"font_size": SIZE, "fill": "currentColor", **attributes}
    return element("text", clean(words), x=x, y=y, **said)


def told(words: str) -> str:
    """What is shown when the pointer rests on the element it stands in."""
    return element("title", clean(words))


def clean(words: str) -> str:
    """Escaped, and without characters that XML doesn't have.

    >>> clean('a<b> "c" \\x00')
    'a&lt;b&gt; &quot;c&quot; '
    """
    return escape("".join(letter for letter in words if _in_xml(letter)))


def shortened(words: str, room: float, size: float = SIZE) -> str:
    """With an ellipsis where it is wider than the room.

    >>> shortened("Potential Loyalists", 60)
    'Potent…'
    """
    if width_of(words, size) <= room:
        return words
    while words and width_of(words, size) + size > room:
        words = words[:-1]
    return words.rstrip() + "…"


def width_of(words: str, size: float = SIZE) -> float:
    """About how wide it is."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return (len(words) + wide) * size * WIDTH_OF_A_LETTER


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return clean(str(value))


def _in_xml(letter: str) -> bool:
    if letter < " ":
        return letter in "\t\n"
    return not ("\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff")
