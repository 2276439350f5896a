"""What most of a segment's customers are labelled with, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.labels import Labelled

LEAST_COMMON = 0.2


def commonest(labels: Sequence[Labelled]) -> str:
    """The labels that a fifth or more of them share.

    >>> from app.queries.labels import Labelled
    >>> commonest([Labelled("Norway", 60), Labelled(None, 30), Labelled("Spain", 10)])
    'Norway (60%)'
    """
    everybody = sum(one.customers for one in labels)
    common = [one for one in labels if one.label and one.customers >= LEAST_COMMON * everybody]
    return ", ".join(f"{one.label} ({one.customers / everybody:.0%})" for one in common)
