"""What lenses are called in reports."""

from __future__ import annotations

LENSES = {
    "value": "Value: how often, how much",
    "habits": "Habits: when and how they buy",
}


def lens_title(name: str) -> str:
    """
    >>> lens_title("value"), lens_title("mine")
    ('Value: how often, how much', 'Lens mine')
    """
    return LENSES.get(name, f"Lens {name}")
