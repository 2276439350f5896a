"""What is wrong with an outcome, by itself and beside another: in words, the first thing first."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from stream.contracts.refusal import RefusalReason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stream.contracts.change import SegmentChange
    from stream.contracts.segment import SegmentRef
    from tests.chaos.outcome import Facts, Outcome

Key = tuple[str, str, int]
"""Customer, lens, incarnation."""

NOT_THERE = "nothing"


def broken_promises(outcome: Outcome) -> Iterator[str]:
    """What no run may show, whatever it read."""
    ids = Counter(change.change_id for change in outcome.changes)
    for change_id, times in ids.items():
        if times > 1:
            yield f"the change {change_id} is there {times} times"
    for key, changes in _by_key(outcome.changes).items():
        yield from _broken_links(key, changes)
    for partition, records in outcome.records.items():
        counted = sum(outcome.counted.get(partition, {}).values())
        if counted != records:
            yield f"partition {partition} has {records} records, and {counted} are accounted for"
    yield from _uncounted_dead_letters(outcome)


def differences(ours: Outcome, theirs: Outcome) -> Iterator[str]:
    """Where two runs over the same records differ: dead letters, changes, midnights, the end."""
    yield from _different(ours.dead_letters, theirs.dead_letters)
    yield from _different(_told(ours.changes), _told(theirs.changes))
    both = ours.midnights.keys() & theirs.midnights.keys()
    yield from _different(*({at: one.midnights[at] for at in both} for one in (ours, theirs)))
    yield from _different(ours.state, theirs.state)


def _broken_links(key: Key, changes: Sequence[SegmentChange]) -> Iterator[str]:
    """Each change begins where the one before it, as the log has them, ended."""
    last: SegmentRef | None = None
    for number, change in enumerate(changes, 1):
        who = f"customer {key[0]}, lens {key[1]}, life {key[2]}, change {number}"
        if change.sequence != number:
            yield f"{who}: its sequence is {change.sequence}"
        if _id(change.previous) != _id(last):
            yield f"{who}: previous is {_id(change.previous)}, the last current {_id(last)}"
        last = change.current


def _uncounted_dead_letters(outcome: Outcome) -> Iterator[str]:
    """Every dead letter is counted; all that is counted is there, but for what came too late."""
    written = Counter((about[0], fact[0]) for about, fact in outcome.dead_letters.items())
    for partition, counts in outcome.counted.items():
        for reason in RefusalReason:
            count, there = counts.get(reason, 0), written[f"partition {partition}", reason.value]
            if there > count or (there < count and reason != RefusalReason.TOO_LATE):
                yield (
                    f"partition {partition}: {count} records are counted as {reason}, and "
                    f"{there} dead letters say so"
                )


def _told(changes: Sequence[SegmentChange]) -> Facts:
    """By customer, lens and place in their sequence; `observed_at` is the clock's."""
    found: Facts = {}
    for (customer, lens, life), theirs in _by_key(changes).items():
        about = (f"customer {customer}", f"lens {lens}", f"life {life}")
        for number, change in enumerate(theirs, 1):
            for name, value in change.model_dump(exclude={"observed_at"}).items():
                found[(*about, f"change {number}", name)] = value
    return found


def _by_key(changes: Sequence[SegmentChange]) -> dict[Key, list[SegmentChange]]:
    found: dict[Key, list[SegmentChange]] = defaultdict(list)
    for change in changes:
        found[change.customer_id, change.lens, change.incarnation].append(change)
    return found


def _different(ours: Facts, theirs: Facts) -> Iterator[str]:
    for about in sorted({**ours, **theirs}):
        one, other = (_shown(facts, about) for facts in (ours, theirs))
        if one != other:
            yield f"{', '.join(about)}: {one}, and undisturbed {other}"


def _shown(facts: Facts, about: tuple[str, ...]) -> str:
    """As text, which tells floats apart to the last bit."""
    return repr(facts[about]) if about in facts else NOT_THERE


def _id(segment: SegmentRef | None) -> str | None:
    return segment.id if segment else None
