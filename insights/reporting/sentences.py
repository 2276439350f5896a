"""Sentences about a snapshot that several reports say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stream.contracts.alert import Outcome

if TYPE_CHECKING:
    from stream.contracts.drift import DriftReport


PERCENT = re.compile(r"(?<=\d)%")


def sentence(text: str) -> str:
    """With a capital and a full stop, and percentages as reports write them.

    >>> sentence("warm refit, no guard held it back")
    'Warm refit, no guard held it back.'
    >>> sentence("3.0% of them moved")
    '3.0 % of them moved.'
    """
    said = PERCENT.sub(" %", text[:1].upper() + text[1:])
    return said if said.endswith((".", "!", "?")) else f"{said}."


def decision(report: DriftReport) -> str:
    """What a snapshot decided, and why."""
    promoted = report.decision.outcome is Outcome.PROMOTED
    stays = "The running version stays." if report.model_version else "There is no model yet."
    decided = "A new version was published." if promoted else stays
    return " ".join([decided, *map(sentence, report.decision.reasons)])
