"""What young records do to shares by themselves, and so is no news of anybody.

Everybody's sums fill, as there is little yet that could fade. And those who came once in the first
weeks fall dormant at about the same time, before anybody can come back from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.contracts.lens import Rule
from stream.half_life import half_life_days

if TYPE_CHECKING:
    from snapshot.moment import Moment
    from stream.contracts.lens import LensModel, RuleSegment

FILLED_HALF_LIVES = 1.15
"""Until so many, everybody's sums grow by 4.5 % a week and more. Later it is less than what makes
an alert, and a whole shop that changes has to be seen."""

SILENCES = 2.0
"""So many times what makes somebody dormant, and customers come back as well as fall silent."""


def sums_fill(moment: Moment, running: LensModel) -> bool:
    """Whether records are hardly older than the half-life of what fades."""
    days = half_life_days(feature.name for feature in running.features)
    return days is not None and moment.table.days < FILLED_HALF_LIVES * days


def none_came_back(moment: Moment, running: LensModel) -> bool:
    """Whether hardly anybody can have been dormant and have come back."""
    return any(
        moment.table.days < SILENCES * (rule.after_days or 0.0) for rule in _of_silence(running)
    )


def dormant_in(running: LensModel) -> list[str]:
    """The segments that silence alone leads into."""
    return [rule.segment.id for rule in _of_silence(running)]


def _of_silence(running: LensModel) -> list[RuleSegment]:
    return [rule for rule in running.rule_segments if rule.rule is Rule.DORMANT]
