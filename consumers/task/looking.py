"""Customers looked at: at their orders, at midnight, when a model comes; and what is said of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.change import Cause
from stream.model.change import Customers, code_of
from stream.model.changes import Entries, Left, changes
from stream.model.changes import Looks as Seen
from stream.model.decide import decide
from stream.model.everybody import look_at_all
from stream.model.sweep import sweep
from stream.profile.catalogue import features, forms
from stream.profile.layout import LAST, NEVER

if TYPE_CHECKING:
    from consumers.task.lens_state import LensState
    from consumers.task.partition import Partition
    from stream.model.arrays import Floats, Hashes, Ints
    from stream.model.everybody import Moves
    from stream.profile.layout import Rows
    from stream.profile.walk import Looks


def columns_of(partition: Partition) -> tuple[str, ...]:
    """The features to read at orders: what all lenses need, each once."""
    needs = (name for state in partition.lenses.values() for name in state.lens.needs)
    return tuple(dict.fromkeys(needs))


def forms_of(partition: Partition) -> Ints:
    return forms(columns_of(partition), partition.profiles.bounds)


def decide_all(partition: Partition, looks: Looks, observed_ms: int) -> None:
    """The moves that these looks at orders bring about, lens by lens.

    Who was looked at is touched: what was seen is kept with the row.
    """
    partition.profiles.touch(looks.rows)
    names = columns_of(partition)
    for state in partition.lenses.values():
        state.widen(len(partition.profiles))
        seen = looks.features[:, [names.index(name) for name in state.lens.needs]]
        made = decide(
            state.lens,
            looks.rows,
            looks.at_ms,
            looks.late,
            looks.bypass,
            looks.last_purchase_ms,
            seen,
            state.standings,
            state.seen,
        )
        at = made.looks
        say(
            partition,
            state,
            looks.rows[at],
            made.sequences,
            Entries(made.previous, made.current, made.dated_ms),
            np.where(looks.late[at], code_of(Cause.LATE), code_of(Cause.MOVED)),
            Seen(seen[at], looks.last_purchase_ms[at], looks.at_ms[at]),
            made.before,
            observed_ms,
        )
        partition.told.flaps[state.lens.name] += int(made.flaps.sum())


def sweep_all(partition: Partition, midnight_ms: int, observed_ms: int) -> None:
    """The daily sweep: in each lens River learns, then everybody is looked at."""
    rows = partition.present()
    last_purchase_ms = partition.profiles.state.profiles["times"][rows, LAST]
    keys = partition.profiles.state.profiles["key"][rows]
    for state in partition.lenses.values():
        state.widen(len(partition.profiles))
        read = features(partition.profiles, rows, midnight_ms, state.lens.needs)
        standing = state.standing(rows)
        swept = sweep(
            state.lens, read, last_purchase_ms, standing, keys, midnight_ms, state.learner
        )
        state.lens = swept.lens
        move(partition, state, rows, swept.moves, read, last_purchase_ms, Cause.TIME, observed_ms)


def look_again(
    partition: Partition, state: LensState, old: LensState | None, observed_ms: int
) -> None:
    """Everybody in a lens that just came, or came in a new version: `old` is what it was."""
    at_ms = partition.profiles.sweep_ms
    if at_ms == NEVER:
        return
    rows = partition.present()
    last_purchase_ms = partition.profiles.state.profiles["times"][rows, LAST]
    read = features(partition.profiles, rows, at_ms, state.lens.needs)
    first = old is None
    moves = look_at_all(
        state.lens, read, last_purchase_ms, state.standing(rows), at_ms, newcomers=first
    )
    left = None
    if old is not None:
        codes = old.standings["segment"][rows[moves.rows]]
        left = Left(old.lens.segments, codes.astype(np.int64))
    cause = Cause.FIRST_MODEL if first else Cause.REFIT
    move(partition, state, rows, moves, read, last_purchase_ms, cause, observed_ms, left)


def move(
    partition: Partition,
    state: LensState,
    rows: Ints,
    moves: Moves,
    read: Floats,
    last_purchase_ms: Ints,
    cause: Cause,
    observed_ms: int,
    left: Left | None = None,
) -> None:
    """Writes the moves of everybody looked at down, and says them."""
    partition.told.flaps[state.lens.name] += state.flaps(rows, moves)
    sequences, before = state.move(rows, moves, read)
    at, count = moves.rows, len(moves.rows)
    partition.profiles.touch(rows[at])
    say(
        partition,
        state,
        rows[at],
        sequences,
        Entries(moves.previous, moves.current, moves.dated_ms),
        np.full(count, code_of(cause)),
        Seen(read[at], last_purchase_ms[at], np.full(count, moves.at_ms)),
        before,
        observed_ms,
        left,
    )


def say(
    partition: Partition,
    state: LensState,
    rows: Ints,
    sequences: Ints,
    entries: Entries,
    occasions: Ints,
    after: Seen,
    before: Floats,
    observed_ms: int,
    left: Left | None = None,
) -> None:
    """Moves written up as changes."""
    if not len(rows):
        return
    profiles = partition.profiles
    lives = incarnations(profiles.state.graves, profiles.state.profiles["key"][rows])
    who = Customers(*profiles.texts_of(rows), sequences, lives)
    # When the customer was last looked at isn't kept, only what was seen: so no time before.
    seen = Seen(before, np.full(len(rows), NEVER), np.full(len(rows), NEVER))
    make = partial(changes, state.lens, entries, who, occasions, after, seen, left)
    partition.told.later(len(rows), make, partition.rules.changes_topic, observed_ms)


def incarnations(graves: Rows, keys: Hashes) -> Ints:
    """Which life of its customer each is: 1, and 1 more for each erasure before it."""
    lives = np.ones(len(keys), np.int64)
    if len(graves):
        places = np.minimum(np.searchsorted(graves["key"], keys), len(graves) - 1)
        lives += np.where(graves["key"][places] == keys, graves["times"][places], 0)
    return lives
