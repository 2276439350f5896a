"""The transition rule: when a customer who lies nearer to another segment is said to be in it.

Without the margin, customers on a border flap with every order; without the return guard they
go to and fro with their own rhythm. The object says the rule, the kernel below does it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from stream.compiled import inlined
from stream.times import DAY_MS

Segment = TypeVar("Segment", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Standing(Generic[Segment]):
    """Where a customer stands: in which segment, which was left last, and when."""

    segment: Segment | None = None
    left: Segment | None = None
    left_ms: int = 0

    def moved(self, to: Segment, at_ms: int) -> Standing[Segment]:
        return self if to == self.segment else Standing(to, self.segment, at_ms)


@dataclass(frozen=True, slots=True)
class TransitionRule:
    """Who moves at an instant, given the rule segment that holds, or the learned ones' distances.

    >>> rule = TransitionRule(margin=0.10)
    >>> start = Standing("a")

    The other has to be nearer by the margin:

    >>> rule.decide(start, at_ms=0, distances={"a": 1.05, "b": 1.0}).segment
    'a'
    >>> moved = rule.decide(start, at_ms=0, distances={"a": 1.2, "b": 1.0})
    >>> moved
    Standing(segment='b', left='a', left_ms=0)

    Nobody goes back within 7 days, whatever the distances; then it is open again:

    >>> rule.decide(moved, at_ms=6 * DAY_MS, distances={"a": 1.0, "b": 9.0}).segment
    'b'
    >>> rule.decide(moved, at_ms=7 * DAY_MS, distances={"a": 1.0, "b": 9.0}).segment
    'a'

    After an order was taken back whole, or a line came late, at once: the move was a mistake.

    >>> rule.decide(moved, at_ms=DAY_MS, distances={"a": 1.0, "b": 9.0}, bypass=True).segment
    'a'

    Rule segments are entered and left without a margin, and hold nobody:

    >>> dormant = rule.decide(moved, at_ms=DAY_MS, ruled="dormant")
    >>> rule.decide(dormant, at_ms=2 * DAY_MS, distances={"a": 1.05, "b": 1.0}).segment
    'b'
    """

    margin: float = 0.10
    return_guard_ms: int = 7 * DAY_MS

    def decide(
        self,
        standing: Standing[Segment],
        *,
        at_ms: int,
        distances: Mapping[Segment, float] | None = None,
        ruled: Segment | None = None,
        bypass: bool = False,
    ) -> Standing[Segment]:
        """The new standing. `distances` has each learned segment, in the model's order."""
        if ruled is not None:
            return standing.moved(ruled, at_ms)
        if not distances:
            raise ValueError("a customer is in a rule segment, or has distances")
        nearest = min(distances, key=distances.__getitem__)
        here = standing.segment
        if here is not None and here in distances:
            if not distances[here] > distances[nearest] * (1.0 + self.margin):
                return standing
            returns = nearest == standing.left and at_ms - standing.left_ms < self.return_guard_ms
            if returns and not bypass:
                return standing
        return standing.moved(nearest, at_ms)


@inlined
def moves(
    segment: int,
    left: int,
    left_ms: int,
    nearest: int,
    distance: float,
    nearest_distance: float,
    at_ms: int,
    bypass: bool,
    learned: int,
    margin: float,
    guard_ms: int,
) -> bool:
    """Whether a customer moves to the nearest learned segment; the rule above on codes.

    `distance` is to the segment the customer is in, infinite where that has no centroid.
    """
    if segment == nearest:
        return False
    if segment < 0 or segment >= learned or distance == float("inf"):
        return True  # from nowhere, from a rule segment, from one that is no more
    if not distance > nearest_distance * (1.0 + margin):
        return False
    return bypass or nearest != left or at_ms - left_ms >= guard_ms
