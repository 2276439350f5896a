"""Everything that workers made of a topic, as the log has it: what two runs are compared by."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from stream.blocks.chain import Chain
from stream.blocks.reading import restore
from stream.contracts.change import SegmentChange
from stream.contracts.dead_letter import DeadLetter
from stream.model.change import instant
from stream.profile.catalogue import catalogue, features, labels
from stream.profile.kept import LANDMARK, LATEST, LIVE, ROWS, SERIAL, SWEEP
from stream.profile.layout import PROFILE
from stream.profile.pending import waiting
from stream.settings.fingerprint import fingerprint
from tests.chaos.copying import SETTLED_SECONDS, records_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from stream.blocks.block import Block
    from stream.blocks.restored import Restored
    from stream.log.batch import Record
    from stream.log.seam import Log
    from stream.profile.state import Profiles
    from stream.settings import Settings
    from stream.topics import Topics

Facts = dict[tuple[str, ...], Any]
"""What is so, by what it is about, from the whole to the part, in words."""

MARKS = {
    "customers": ROWS,
    "latest event": LATEST,
    "event time": SWEEP,
    "landmark": LANDMARK,
    "orders so far": SERIAL,
    "is live": LIVE,
}
OF_AN_ORDER = ("key", "row", "newest_ms", "bypass")
OF_THIS_PROCESS = ("touched", "newest_order")
"""Fields of a profile that say where things lie in memory."""


@dataclass(slots=True)
class Outcome:
    """Changes are in the order of their partition; midnights are those whose blocks are there."""

    state: Facts = field(default_factory=dict)
    midnights: Facts = field(default_factory=dict)
    changes: list[SegmentChange] = field(default_factory=list)
    dead_letters: Facts = field(default_factory=dict)
    counted: dict[int, dict[str, int]] = field(default_factory=dict)
    """By partition, what became of how many records."""

    records: dict[int, int] = field(default_factory=dict)
    """By partition, how many there are."""

    checkpoints: int = 0
    truncated: int = 0
    """Partitions whose oldest blocks were cut off."""


def read_outcome(log: Log, topics: Topics, settings: Settings) -> Outcome:
    """As of everything that is committed."""
    outcome = Outcome()
    transactions = records_of(log, topics.transactions)
    for partition, found in transactions.items():
        outcome.records[partition] = len(found)
        _read_state(outcome, log, topics, settings, partition)
    for found in records_of(log, topics.changes).values():
        outcome.changes += [SegmentChange.from_json(record.value) for _, record in found]
    for found in records_of(log, topics.dead_letters).values():
        for _, record in found:
            _note_dead_letter(outcome, record, transactions)
    return outcome


def _read_state(
    outcome: Outcome, log: Log, topics: Topics, settings: Settings, partition: int
) -> None:
    end = log.settled_end(topics.profiles, partition, SETTLED_SECONDS)
    chain = Chain(
        topic=topics.transactions,
        partitions=topics.partitions,
        partition=partition,
        group=settings.group,
        fingerprint=fingerprint(settings),
    )

    def at_midnight(block: Block, restored: Restored) -> None:
        if block.head.midnight is not None:
            about = (f"partition {partition}", f"midnight {instant(block.head.midnight)}")
            outcome.midnights[about] = _digest(_facts(restored, settings))

    restored = restore(log, topics.profiles, partition, end, chain, at_midnight)
    outcome.checkpoints += len(chain.checkpoints)
    outcome.truncated += log.bounds(topics.profiles)[partition].start > 0
    if restored is not None:
        outcome.counted[partition] = dict(restored.head.outcomes)
        for about, fact in _facts(restored, settings):
            outcome.state[(f"partition {partition}", *about)] = fact


def _facts(restored: Restored, settings: Settings) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All that a task starts from, customer by customer."""
    head = restored.head
    profiles = restored.profiles(settings.profiles.bounds(settings.consume.grace_ms))
    yield ("model version",), head.model_version
    yield ("last Promote",), head.promoted_ms
    for name, mark in MARKS.items():
        yield (name,), int(head.marks[mark])
    for name, count in sorted(head.outcomes.items()):
        yield ("outcomes", name), count
    for order in waiting(restored.pending()):
        number = int(order["serial"])
        yield ("order that waits", str(number)), [order[name].item() for name in OF_AN_ORDER]
    yield ("erased customers",), restored.graves.tolist()
    for lens in head.lenses:
        yield ("lens " + lens.name, "centroids"), (lens.positions, lens.centroid_segments)
    rows = np.flatnonzero(profiles.state.profiles["key"][: len(profiles)])
    read = features(profiles, rows, profiles.sweep_ms)
    names = [feature.name for feature in catalogue(settings.profiles.half_life_days)]
    for row, values in zip(rows.tolist(), read.tolist(), strict=True):
        who = f"customer {profiles.customer_id(row)}"
        for name, value in zip(names, values, strict=True):
            yield (who, "feature " + name), value
        for about, fact in _kept(restored, profiles, row):
            yield (who, *about), fact


def _kept(
    restored: Restored, profiles: Profiles, row: int
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What features are computed from, bit for bit, and where the customer stands."""
    yield ("row",), row
    yield ("incarnation",), profiles.incarnation(row)
    yield from ((("label " + name,), label) for name, label in labels(profiles, row).items())
    profile = profiles.state.profiles[row]
    for name in PROFILE.names or ():
        if name not in OF_THIS_PROCESS:
            yield ("kept " + name,), _bits(profile[name])
    for lens in restored.head.lenses:
        standing = restored.standings(lens.name)[row]
        for name in standing.dtype.names or ():
            yield (f"lens {lens.name}", name), int(standing[name])
        yield (f"lens {lens.name}", "seen"), _bits(restored.seen(lens.name)[row])


def _bits(value: NDArray[Any]) -> str:
    return np.asarray(value).tobytes().hex()


def _digest(facts: Iterator[tuple[tuple[str, ...], Any]]) -> str:
    digest = blake2b(digest_size=8)
    for about, fact in facts:
        digest.update(repr((about, fact)).encode())
    return digest.hexdigest()


def _note_dead_letter(
    outcome: Outcome, record: Record, transactions: dict[int, list[tuple[int, Record]]]
) -> None:
    """By which record of its partition it was, for offsets differ from log to log."""
    letter = DeadLetter.from_headers(record.headers)
    offsets = [offset for offset, _ in transactions[letter.partition]]
    place = offsets.index(letter.offset) + 1
    about: tuple[str, ...] = (f"partition {letter.partition}", f"dead letter of record {place}")
    while about in outcome.dead_letters:
        about = (*about, "again")
    outcome.dead_letters[about] = (letter.reason.value, letter.detail, record.key, record.value)
