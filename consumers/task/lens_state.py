"""One lens of a task: its model, and where the partition's customers stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.model.arrays import NONE, Standings
from stream.model.decide import FLAP_MS
from stream.model.standing import no_standings, recode, seen_in, unseen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.model.arrays import Floats, Hashes, Ints
    from stream.model.everybody import Moves
    from stream.model.learners import Learner
    from stream.model.lens import Lens


SPARE = 64
"""One row in so many is room to grow."""


@dataclass(slots=True)
class LensState:
    """Row i stands for the profiles' row i."""

    lens: Lens
    learner: Learner | None
    standings: NDArray[np.void]
    seen: NDArray[np.float32]
    """What was seen of each at the last order or change, as `lens.needs` names it; else NaN."""

    @classmethod
    def empty(cls, lens: Lens, learner: Learner | None, rows: int) -> LensState:
        return cls(lens, learner, no_standings(rows), unseen(rows, len(lens.needs)))

    def widen(self, rows: int) -> None:
        """Makes room for so many rows, and a few more: unlike the profiles' it is all in use."""
        if rows > len(self.standings):
            missing = rows - len(self.standings) + rows // SPARE
            self.standings = np.concatenate([self.standings, no_standings(missing)])
            self.seen = np.concatenate([self.seen, unseen(missing, self.seen.shape[1])])

    def forget(self, row: int) -> None:
        self.standings[row] = no_standings(1)[0]
        self.seen[row] = np.nan

    def renewed(self, newer: Lens, learner: Learner | None) -> LensState:
        """Under a new version: codes and columns are the new one's, by what they name."""
        standings = recode(self.standings, self.lens.codes_in(newer))
        seen = seen_in(newer.needs, self.lens.needs, self.seen)
        return LensState(newer, learner, standings, seen)

    def standing(self, rows: Ints) -> Standings:
        """Where these stand, as those who look at everybody take it."""
        theirs = self.standings[rows]
        return Standings(
            theirs["segment"].astype(np.int64), theirs["left"].astype(np.int64), theirs["left_ms"]
        )

    def move(self, rows: Ints, moves: Moves, features: Floats) -> tuple[Ints, Floats]:
        """Writes moves down; gives their sequences, and what was seen of them before."""
        moved = rows[moves.rows]
        before = self.seen[moved].astype(np.float64)
        theirs = self.standings[moved]
        theirs["left"], theirs["segment"] = theirs["segment"], moves.current
        theirs["left_ms"] = moves.at_ms
        theirs["sequence"] += 1
        self.standings[moved] = theirs
        self.seen[moved] = features[moves.rows]
        return theirs["sequence"].astype(np.int64), before

    def flaps(self, rows: Ints, moves: Moves) -> int:
        """How many of these moves, not yet written down, undo one before them soon after it."""
        knobs, theirs = self.lens.arrays.knobs, self.standings[rows[moves.rows]]
        learned = (moves.current < knobs.learned) & (moves.current > NONE)
        learned &= (theirs["segment"] > NONE) & (theirs["segment"] < knobs.learned)
        soon = moves.at_ms - theirs["left_ms"] < FLAP_MS
        return int(np.count_nonzero(learned & soon & (theirs["left"] == moves.current)))

    def sizes(self, rows: int, present: Hashes) -> dict[str, int]:
        """How many customers each segment has, by the segment's id."""
        known = self.standings["segment"][:rows]
        codes = known[present[: len(known)] != 0]
        counts = np.bincount(codes[codes >= 0], minlength=len(self.lens.segments))
        ids = [segment.id for segment in self.lens.segments]
        return dict(zip(ids, counts.tolist(), strict=True))
