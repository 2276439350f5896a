"""What happened to segments themselves, and who went where: lineage in sentences, migrations as a
matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.charts.scales import Format
from insights.reporting.executive.drawing import matrix
from insights.reporting.executive.moving import moves_of
from insights.reporting.html import figure, listing, paragraph
from snapshot.naming.words import counted, listed
from stream.contracts.segment_event import Happened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.history.migrating import Migrations
    from stream.contracts.segment_event import Kinship, SegmentEvent

MOST_KIN = 3


def migration_matrix(found: Migrations) -> str:
    """Rows are segments then, columns segments later; the diagonal is who stayed."""
    start, end = Format.DATE.of(found.from_ms), Format.DATE.of(found.to_ms)
    moves = moves_of(found)
    drawn = matrix(moves, f"From {start} to {end}", 720)
    return paragraph(moves.sentences[0]) + figure(drawn)


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
