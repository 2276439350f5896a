"""How sure it is that segments differ: what was tested, and the table that says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.reporting.html import folded, paragraph, table
from snapshot.explaining.significance import significance
from snapshot.naming.words import feature_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.batch_fit import BatchFit
    from snapshot.moment import Moment

MOST = 20
SURE = 0.001
HEAD = ("feature", "effect (0 to 1)", "p, corrected", "test", "does it matter?")
NOTE = (
    "With many customers nearly every difference is significant: the effect says whether it "
    "matters. Features marked “made by it” differ because segments were made by them."
)


@dataclass(frozen=True, slots=True)
class Tested:
    """A feature, in words."""

    feature: str
    effect: float
    p: float
    method: str
    in_fit: bool
    matters: bool


def tested_differences(moment: Moment, fit: BatchFit) -> str:
    """As a table."""
    return differences_table(differences_of(moment, fit))


def differences_of(moment: Moment, fit: BatchFit, most: int = MOST) -> tuple[Tested, ...]:
    """The features with the largest effects."""
    return tuple(
        Tested(
            feature_words(one.feature), one.effect, one.p, one.method.value, one.in_fit, one.matters
        )
        for one in significance(moment, fit)[:most]
    )


def difference_rows(found: Sequence[Tested]) -> list[list[str]]:
    """A row each, under `HEAD`."""
    return [
        [
            one.feature,
            f"{one.effect:.2f}",
            f"under {SURE}" if one.p < SURE else f"{one.p:.3f}",
            one.method,
            "made by it" if one.in_fit else "yes" if one.matters else "hardly",
        ]
        for one in found
    ]


def differences_table(found: Sequence[Tested]) -> str:
    """Folded; empty where nothing could be tested."""
    if not found:
        return ""
    inside = table(HEAD, difference_rows(found)) + paragraph(NOTE, "note")
    return folded("How sure it is that segments differ", inside)
