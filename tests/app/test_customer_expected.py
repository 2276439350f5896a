"""What is expected of a customer is what the newest snapshot that expects anything says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.customer_expected import expected_of
from snapshot.history import History
from snapshot.history.columns import SCORED
from tests.snapshot.history.expecting import expecting
from tests.snapshot.history.moments import JUNE_MS, WEEK_MS, moment, reconciled

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def test_the_newest_that_expects_anything_counts(history: History) -> None:
    expecting(history, JUNE_MS, ["c1"], 40.0)
    expecting(history, JUNE_MS + WEEK_MS, ["c1", "c2"], 50.0)
    silent = moment(JUNE_MS + 2 * WEEK_MS, ["c1"])
    history.write(silent, reconciled(silent))
    found = expected_of(history, "c1", None)
    assert found is not None
    assert (found.instant_ms, found.scores["clv"]) == (JUNE_MS + WEEK_MS, 50.0)
    assert tuple(found.scores) == SCORED


def test_whom_it_does_not_know_nothing_is_said_of(history: History) -> None:
    """Nor of anybody where there is no history."""
    assert expected_of(history, "c1", None) is None
    expecting(history, JUNE_MS, ["c1"])
    expecting(history, JUNE_MS + WEEK_MS, ["c2"])
    assert expected_of(history, "c1", None) is None


def test_who_came_back_after_an_erasure_is_not_told_what_another_was(history: History) -> None:
    expecting(history, JUNE_MS, ["c1"])
    assert expected_of(history, "c1", JUNE_MS) is None
    assert expected_of(history, "c1", JUNE_MS - 1) is not None
