"""How far a lens may go where its batch clustering would move too many customers at once.

Held back whole, it would be held back for ever: segments stay where they are, customers don't, and
the next clustering lies further away still.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from snapshot.drift import relabelled
from snapshot.naming import name_segments
from snapshot.promotion import held_back
from snapshot.refitting import steps_toward

if TYPE_CHECKING:
    from snapshot.choices import Choices
    from snapshot.moment import Moment
    from snapshot.next_model import Candidate
    from snapshot.refitting import Refit
    from stream.settings.lenses import LensSpec


def within_reach(one: Candidate, moment: Moment, spec: LensSpec, choices: Choices) -> Candidate:
    """The candidate as it is where it moves no more than it may; else with the furthest step toward
    its clustering that passes the guards. What drifted is still measured against the whole way."""
    if one.present is None or one.moved is None or one.moved <= one.guards.most_moved:
        return one
    present, there = one.present, moment.lenses[one.name]
    steps = steps_toward(moment, spec, present, choices)

    def moved_by(made: Refit) -> float | None:
        return relabelled(moment, there, present.lens, made.fit)

    def is_too_far(number: int) -> bool:
        made = steps[number]()
        return bool(held_back(made, moved_by(made), one.guards))

    passed = bisect_left(range(len(steps)), True, key=is_too_far)  # each is further than the last
    if not passed:
        return one
    made = steps[passed - 1]()
    named = made.named(name_segments(moment, made.fit, present.lens, choices.names))
    moved = moved_by(made)
    remark = (
        f"{one.name}: {one.moved:.1%} of active customers would move at once, more than "
        f"{one.guards.most_moved:.1%}: it goes part of the way, which moves {moved or 0.0:.1%}"
    )
    said = f"{one.remark}; {remark}" if one.remark else remark
    return replace(one, refit=named, moved=moved, remark=said)
