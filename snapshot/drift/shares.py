"""How each segment's share changed within a week, how much of that chance makes, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from snapshot.drift.sides import sides_of
from snapshot.drift.splitting import splits_of
from stream.model.arrays import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snapshot.drift.pairing import Pair
    from snapshot.drift.sides import Sides
    from snapshot.drift.splitting import Split
    from snapshot.moment import LensAt
    from stream.contracts.lens import LensModel
    from stream.model.arrays import Ints


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

    split: Split


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
    sides = sides_of(pair, name, learned)
    known = {segment.id for segment in pair.before.lenses[name].segments}
    before, now = (_shares(side, sides.learned) for side in (sides.before, sides.now))
    splits = splits_of(pair, running, sides)
    return [
        _change(sides, code, before[code], now[code], splits[code]) if segment in known else None
        for code, segment in enumerate(sides.segments[: len(learned)])
    ]


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
        split=split,
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
