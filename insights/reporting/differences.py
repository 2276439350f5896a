"""How sure it is that segments differ, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.html import folded, paragraph, table
from snapshot.explaining.significance import significance
from snapshot.naming.words import feature_words

if TYPE_CHECKING:
    from snapshot.batch_fit import BatchFit
    from snapshot.explaining.significance import Difference
    from snapshot.moment import Moment

MOST = 20
SURE = 0.001


def tested_differences(moment: Moment, fit: BatchFit) -> str:
    """The features with the largest effects, folded."""
    found = significance(moment, fit)
    if not found:
        return ""
    head = ["feature", "effect (0 to 1)", "p, corrected", "test", "does it matter?"]
    note = (
        "With many customers nearly every difference is significant: the effect says whether it "
        "matters. Features marked “made by it” differ because segments were made by them."
    )
    rows = [_row(one) for one in found[:MOST]]
    return folded(
        "How sure it is that segments differ", table(head, rows) + paragraph(note, "note")
    )


def _row(one: Difference) -> list[str]:
    verdict = "made by it" if one.in_fit else "yes" if one.matters else "hardly"
    p = f"under {SURE}" if one.p < SURE else f"{one.p:.3f}"
    return [feature_words(one.feature), f"{one.effect:.2f}", p, one.method.value, verdict]
