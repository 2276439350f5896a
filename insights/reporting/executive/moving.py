"""Who went where within a period: the matrix, and its largest flows in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.reporting.executive.report import Moves
from insights.reporting.executive.wording import customers
from snapshot.naming.words import percent

if TYPE_CHECKING:
    from snapshot.history.migrating import Migrations
    from stream.contracts.segment import SegmentRef

NOWHERE = "(no segment)"
MOST_FLOWS = 5


def moves_of(found: Migrations) -> Moves:
    """As numbers, and in words."""
    came = int(found.counts.sum()) - found.moved - found.stayed
    return Moves(
        rows=tuple(map(_name, found.before)),
        columns=tuple(map(_name, found.after)),
        customers=tuple(tuple(row) for row in found.counts.tolist()),
        moved=found.moved,
        stayed=found.stayed,
        came=came,
        sentences=(_told(found), *_flows(found)),
    )


def largest_flows(found: Migrations) -> list[tuple[int, str, str, float]]:
    """How many, from where, to where, and what part of those they left; the widest first."""
    flows = []
    for ref, row in zip(found.before, found.counts.tolist(), strict=True):
        for other, count in zip(found.after, row, strict=True):
            if ref and count and (other is None or ref.id != other.id):
                flows.append((count, ref.name, _name(other), count / sum(row)))
    return sorted(flows, key=lambda flow: (-flow[0], flow[1:3]))


def _told(found: Migrations) -> str:
    known = found.moved + found.stayed
    if not known:
        return "Nobody was in a segment at the beginning."
    if not found.moved:
        return f"Of {customers(known)} nobody went to another segment."
    share = percent(found.moved / known)
    return f"{found.moved:,} of {customers(known)} went to another segment ({share})."


def _flows(found: Migrations) -> list[str]:
    return [
        f"{customers(count)} went from {begin} to {end}, {percent(part)} of those who were there."
        for count, begin, end, part in largest_flows(found)[:MOST_FLOWS]
    ]


def _name(ref: SegmentRef | None) -> str:
    return ref.name if ref else NOWHERE
