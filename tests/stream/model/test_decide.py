"""Looks decided one after the other: what a correction takes back, and what it doesn't."""

from __future__ import annotations

import numpy as np
import pytest

from stream.model.arrays import DAY_MS
from stream.model.decide import decide
from stream.model.lens import compile_lens
from stream.model.standing import no_standings, unseen
from tests.stream.model.models import plain_lens

NOW = 100 * DAY_MS
MOVED = NOW - DAY_MS // 2
SEGMENTS = ((0.0, 0.0), (10.0, 10.0))


@pytest.mark.parametrize(
    ("late", "taken_back", "bought", "goes_back"),
    [
        (False, False, MOVED, False),
        (False, True, MOVED, True),
        (False, True, MOVED - 1, True),
        (False, True, MOVED + 1, False),
        (True, True, MOVED + 1, True),
        (False, True, NOW - DAY_MS, True),
        (False, True, NOW - DAY_MS - 1, False),
        (True, True, NOW - DAY_MS - 1, True),
    ],
    ids=[
        "an order",
        "what moved them",
        "before it",
        "after the move",
        "a late line",
        "a day ago",
        "brought back after more than a day",
        "a late line of before",
    ],
)
def test_an_order_taken_back_undoes_the_move_that_it_can_have_made(
    late: bool, taken_back: bool, bought: int, goes_back: bool
) -> None:
    """Whoever was moved by silence, or by a refit, and then cancels an order, is guarded; so is
    who brings an order back that was kept for longer than a day."""
    standings, seen = no_standings(1), unseen(1, 2)
    standings["segment"], standings["left"], standings["left_ms"] = 1, 0, MOVED
    decided = decide(
        compile_lens(plain_lens(SEGMENTS), 1),
        np.zeros(1, np.int64),
        np.array([NOW]),
        np.array([late]),
        np.array([taken_back]),
        np.array([bought]),
        np.array([SEGMENTS[0]]),
        standings,
        seen,
    )
    assert decided.current.tolist() == ([0] if goes_back else [])
    assert standings["segment"].tolist() == [0 if goes_back else 1]
    assert decided.flaps.tolist() == ([1] if goes_back else [])
