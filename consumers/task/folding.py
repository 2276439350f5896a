"""Lines folded in order, with the midnights between them: who moves is found as time goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from consumers.task import storing
from consumers.task.dead import bury
from consumers.task.looking import columns_of, decide_all, forms_of, sweep_all
from stream.contracts.refusal import RefusalReason, Refused
from stream.model.change import instant
from stream.model.sweep import midnights
from stream.profile.fold import DUPLICATE, ERASED, FOLDED, IN_THE_FUTURE, TOO_LATE
from stream.profile.layout import DAY_MS, NEVER
from stream.profile.pending import with_room
from stream.profile.walk import Walked, look_at_due, room_for_looks, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from consumers.task.inbox import Lines
    from consumers.task.partition import Partition
    from consumers.task.storing import Store
    from stream.profile.layout import Ints

COUNTED = {FOLDED: "folded", DUPLICATE: "duplicate", ERASED: "erased"}
BURIED = {
    TOO_LATE: RefusalReason.TOO_LATE,
    IN_THE_FUTURE: RefusalReason.IN_THE_FUTURE,
}


def fold(partition: Partition, store: Store, lines: Lines, observed_ms: int) -> None:
    """All of these lines."""
    outcomes, rows = np.empty(len(lines), np.uint8), np.empty(len(lines), np.int64)
    partition.profiles.reserve(lines.events.events)
    partition.pending = with_room(partition.pending, len(lines))
    begin = 0
    while True:
        end = _walk(partition, lines, begin, outcomes, rows, observed_ms)
        _account(partition, lines, begin, end, outcomes, observed_ms)
        if end == len(lines):
            break
        store.position = lines.offset(end)
        event = lines.events.events[end]
        _to_midnights(partition, store, int(event["occurred_ms"]), observed_ms)
        begin = end


def go_to(partition: Partition, store: Store, instant_ms: int, observed_ms: int) -> None:
    """Event time goes on without an event."""
    if partition.profiles.sweep_ms != NEVER:
        _to_midnights(partition, store, instant_ms, observed_ms)
        _tick(partition, instant_ms, observed_ms)


def _walk(
    partition: Partition,
    lines: Lines,
    begin: int,
    outcomes: NDArray[np.uint8],
    rows: Ints,
    observed_ms: int,
) -> int:
    """On to the next midnight or the end; the line that was come to."""
    profiles, events = partition.profiles, lines.events.events
    forms, before = forms_of(partition), len(profiles)
    looks = room_for_looks(partition.pending, len(lines) - begin, len(forms))
    end, looked = walk(
        profiles.state,
        profiles.bounds,
        partition.pending,
        events,
        Walked(begin, 0),
        forms,
        outcomes,
        rows,
        looks,
    )
    walked = lines.events.slice(begin, end)
    profiles.name_rows(before, walked, rows[begin:end])
    profiles.learn(walked)
    decide_all(partition, looks.first(looked), observed_ms)
    return int(end)


def _to_midnights(partition: Partition, store: Store, instant_ms: int, observed_ms: int) -> None:
    """The midnights on the way to an instant, each with its orders, its sweep and its block."""
    now_ms = partition.profiles.sweep_ms
    for midnight_ms in midnights(None if now_ms == NEVER else now_ms, instant_ms):
        _tick(partition, midnight_ms, observed_ms)
        sweep_all(partition, midnight_ms, observed_ms)
        partition.profiles.move_landmark(midnight_ms)
        storing.end_block(partition, store, midnight_ms)


def _tick(partition: Partition, instant_ms: int, observed_ms: int) -> None:
    profiles = partition.profiles
    profiles.tick(instant_ms)
    looks = room_for_looks(partition.pending, 0, len(columns_of(partition)))
    looked = look_at_due(
        profiles.state, profiles.bounds, partition.pending, forms_of(partition), looks, 0
    )
    decide_all(partition, looks.first(looked), observed_ms)


def _account(
    partition: Partition,
    lines: Lines,
    begin: int,
    end: int,
    outcomes: NDArray[np.uint8],
    observed_ms: int,
) -> None:
    """Counts what became of these lines, and of what lay between them and was refused."""
    counts = np.bincount(outcomes[begin:end], minlength=len(COUNTED) + len(BURIED))
    for outcome, name in COUNTED.items():
        if counts[outcome]:
            partition.outcomes[name] += int(counts[outcome])
    dead = np.flatnonzero(np.isin(outcomes[begin:end], list(BURIED))) + begin
    refused = [
        (int(lines.rows[line]), _why(partition, lines.events.events[line], int(outcomes[line])))
        for line in dead.tolist()
    ]
    bury(partition, lines.inbox, refused, observed_ms)
    if end < len(lines):
        before = lines.inbox.refused_before(int(lines.rows[end]))
        bury(partition, lines.inbox, before, observed_ms)


def _why(partition: Partition, event: np.void, outcome: int) -> Refused:
    at = instant(event["occurred_ms"])
    if outcome == TOO_LATE:
        # Not what event time was: that is known no more once the rest of the batch is folded.
        days = partition.rules.bounds.horizon_ms / DAY_MS
        return Refused(
            BURIED[outcome],
            f"{at.isoformat()} lies more than {days:g} days before the partition's latest event",
        )
    recorded = instant(event["recorded_ms"])
    return Refused(
        BURIED[outcome],
        f"{at.isoformat()} is more than a day after its record, of {recorded.isoformat()}",
    )
