"""Colours that are told apart on white, on black and by most who see colours otherwise."""

from __future__ import annotations

PALETTE = (
    "#3b7dd8",
    "#d9662b",
    "#2e9a5b",
    "#8f63c9",
    "#d64562",
    "#1f96a8",
    "#a8743a",
    "#7d8590",
)
MORE, LESS = PALETTE[0], PALETTE[1]
"""For what lies above and below a middle."""

FAINT = 0.22
"""How much of the text's colour grid lines have."""


def colour_of(place: int) -> str:
    """The colour of the nth of several; after eight they come again."""
    return PALETTE[place % len(PALETTE)]
