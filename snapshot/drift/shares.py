"""How each segment's share changed within a week, how much of that chance makes, and why.

Why, in three parts that add up to the change, for learned segments:

- mix: customers who came among the active or left them, others in proportion;
- behaviour: what customers who stayed would have changed between the lines as they are now;
- model: the rest of what those who stayed changed, for lines were elsewhere, or a margin held.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.drift.standpoints import by_lines_now
from stream.contracts.drift import Decomposition
from stream.model.arrays import DAY_MS, NONE
from stream.model.space import HALF_LIFE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snapshot.drift.pairing import Pair
    from snapshot.moment import LensAt, Moment
    from stream.contracts.lens import LensModel
    from stream.model.arrays import Ints


FILLED_HALF_LIVES = 1.15
"""Until so many, everybody's sums grow by 4.5 % a week and more. Later it is less than what makes
an alert, and a whole shop that changes has to be seen."""


@dataclass(frozen=True, slots=True)
class ShareChange:
    """One segment's share at two moments."""

    customers: int
    customers_before: int
    share: float
    share_before: float
    log_ratio: float
    noise: float
    """The standard error of the log ratio, were those who came and went independent."""

    split: Decomposition | None
    common: float | None
    """How much of the split's behaviour comes from what all customers did alike."""


@dataclass(frozen=True, slots=True)
class Split:
    """Where a change of share comes from."""

    parts: Decomposition | None = None
    common: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The published segments of both moments in the codes of the later one."""

    before: Ints
    now: Ints
    before_of_now: Ints
    """For each customer of the later moment the segment before, or `NONE`."""


def shares_of(lens: LensAt, learned: NDArray[np.bool_]) -> list[tuple[int, float]]:
    """For each segment how many customers it has, and their share: of those in learned segments,
    or of everybody for a segment made by a rule."""
    return _shares(lens.published, learned)


def share_changes(
    pair: Pair, name: str, running: LensModel, learned: NDArray[np.bool_]
) -> list[ShareChange | None]:
    """For each segment of the later moment; None for one that is new.

    `learned` says for each of them whether it came from a fit.
    """
    old, new = pair.before.lenses[name], pair.now.lenses[name]
    sides = _sides(pair, old, new)
    known = {segment.id for segment in old.segments}
    counts = zip(_shares(sides.before, learned), _shares(sides.now, learned), strict=True)
    splits = _splits(pair, name, running, sides, learned)
    return [
        _change(sides, code, before, now, splits[code]) if segment.id in known else None
        for code, (segment, (before, now)) in enumerate(zip(new.segments, counts, strict=True))
    ]


def _sides(pair: Pair, old: LensAt, new: LensAt) -> Sides:
    codes = {segment.id: code for code, segment in enumerate(new.segments)}
    recoded = np.array([*(codes.get(segment.id, NONE) for segment in old.segments), NONE], np.int64)
    before = recoded[old.published]
    before_of_now = np.append(before, NONE)[pair.row_before]
    return Sides(before, new.published, before_of_now)


def _shares(codes: Ints, learned: NDArray[np.bool_]) -> list[tuple[int, float]]:
    counts = np.bincount(codes[codes != NONE], minlength=len(learned))
    active, everybody = int(counts[learned].sum()), len(codes)
    wholes = np.where(learned, active, everybody).tolist()
    pairs = zip(counts.tolist(), wholes, strict=True)
    return [(count, count / whole if whole else 0.0) for count, whole in pairs]


def _change(
    sides: Sides,
    code: int,
    before: tuple[int, float],
    now: tuple[int, float],
    split: Split,
) -> ShareChange:
    (count_before, share_before), (count, share) = before, now
    stayed = int(np.count_nonzero((sides.now == code) & (sides.before_of_now == code)))
    came, went = count - stayed, count_before - stayed
    return ShareChange(
        customers=count,
        customers_before=count_before,
        share=share,
        share_before=share_before,
        log_ratio=_log_ratio(before, now),
        noise=_noise(came, went) / max(math.sqrt(count * count_before), 0.5),
        split=split.parts,
        common=split.common,
    )


def _noise(came: int, went: int) -> float:
    """The standard deviation of how many more came than went, were both chance.

    Going by the fewer of the two, for the others may be the very change that is looked for; the
    fewer of two equal streams are too few by about half the deviation, hence the second term.
    """
    both = 2.0 * min(came, went)
    return math.sqrt(both + math.sqrt(both) + 1.0)


def _log_ratio(before: tuple[int, float], now: tuple[int, float]) -> float:
    """Half a customer stands for none, so that a segment that is gone isn't infinitely smaller."""
    (count_before, share_before), (count, share) = before, now
    if count and count_before:
        return math.log(share / share_before)
    return math.log((count + 0.5) / (count_before + 0.5))


def _splits(
    pair: Pair, name: str, running: LensModel, sides: Sides, learned: NDArray[np.bool_]
) -> list[Split]:
    """For each segment where its change of share came from; nothing for a rule's segment."""
    rows_before, rows = pair.in_both
    is_learned = np.append(learned, False)
    stayed = is_learned[sides.before[rows_before]] & is_learned[sides.now[rows]]
    rows_before, rows = rows_before[stayed], rows[stayed]
    lines = by_lines_now(pair, name, running, rows_before, rows)
    before, now = (side[is_learned[side]] for side in (sides.before, sides.now))
    sums_fill = _sums_fill(pair.before, running)

    def split(code: int) -> Split:
        whole = _mean(now == code) - _mean(before == code)
        stayers = _mean(sides.now[rows] == code) - _mean(sides.before[rows_before] == code)
        behaviour = _mean(lines.now == code) - _mean(lines.before == code)
        parts = Decomposition(mix=whole - stayers, behaviour=behaviour, model=stayers - behaviour)
        common = _mean(lines.moved_alike == code) - _mean(lines.before == code)
        return Split(parts, common if sums_fill else None)

    return [split(code) if learned[code] else Split() for code in range(len(learned))]


def _sums_fill(moment: Moment, running: LensModel) -> bool:
    """Whether records are hardly older than the half-life of what fades: until then everybody's
    sums grow, because there is little yet that could fade."""
    ends = (HALF_LIFE.search(feature.name) for feature in running.features)
    half_lives = [int(end.group()[2:]) for end in ends if end]
    age_ms = moment.instant_ms - moment.table.first_ms
    return any(age_ms < FILLED_HALF_LIVES * days * DAY_MS for days in half_lives)


def _mean(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else 0.0
