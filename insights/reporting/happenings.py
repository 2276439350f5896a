"""What happened to segments themselves, and who went where: lineage in sentences, migrations as a
matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts.heat_map import heat_map
from insights.charts.scales import Format
from insights.reporting.html import figure, listing, paragraph
from snapshot.naming.words import counted, listed, percent
from stream.contracts.segment_event import Happened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.history.migrating import Migrations
    from stream.contracts.segment import SegmentRef
    from stream.contracts.segment_event import Kinship, SegmentEvent

NOWHERE = "(no segment)"
MOST_KIN = 3


def migration_matrix(moves: Migrations) -> str:
    """Rows are segments then, columns segments later; the diagonal is who stayed."""
    start, end = Format.DATE.of(moves.from_ms), Format.DATE.of(moves.to_ms)
    chart = heat_map(
        f"From {start} to {end}",
        [_name(ref) for ref in moves.before],
        [_name(ref) for ref in moves.after],
        moves.counts.astype(float).tolist(),
        row_label="from",
        column_label="to",
        width=720,
    )
    known = moves.moved + moves.stayed
    share = f" ({percent(moves.moved / known)})" if known else ""
    said = f"{counted(moves.moved, 'customer')} of {known:,} went to another segment{share}."
    return paragraph(said) + figure(chart)


def lineage(events: Sequence[SegmentEvent]) -> str:
    """A sentence an event."""
    return listing(event_words(event) for event in events)


def event_words(event: SegmentEvent) -> str:
    """What happened, in a sentence."""
    name, members = event.segment.name, counted(event.customers, "customer")
    origin, goal = _kin(event.came_from), _kin(event.went_to)
    if event.happened is Happened.BORN:
        return f"{name} is new, with {members}{_if(' from ', origin)}."
    if event.happened is Happened.RETIRED:
        return f"{name} is no more; its {members} went{_if(' to ', goal) or ' elsewhere'}."
    if event.happened is Happened.SPLIT:
        return f"{name} was split; its {members} are now in {goal or 'several segments'}."
    if event.happened is Happened.MERGED:
        return f"{name} took up {origin or 'several segments'} and has {members} now."
    return f"{event.previous_name} is called {name} now."


def _kin(kinships: Sequence[Kinship]) -> str:
    return listed([f"{kin.segment.name} ({kin.customers:,})" for kin in kinships[:MOST_KIN]])


def _if(before: str, said: str) -> str:
    return before + said if said else ""


def _name(ref: SegmentRef | None) -> str:
    return ref.name if ref else NOWHERE
