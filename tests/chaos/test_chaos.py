"""Workers on a real broker, killed at random: what comes of it is what an undisturbed one makes.

`make chaos` is the long version. `SHOAL_TEST_CHAOS_SEED` is another shop and other mischief.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.chaos.__main__ import QUICK_JAVA
from tests.chaos.mischief import SHORT
from tests.chaos.run import Plan, run
from tests.conftest import no_server
from tests.kafka_broker import NoBroker, stoppable_broker

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SEED = int(os.environ.get("SHOAL_TEST_CHAOS_SEED", "1"))


def test_nothing_is_lost_and_nothing_there_twice_whoever_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", QUICK_JAVA)
    told: list[str] = [f"seed {SEED}: again with SHOAL_TEST_CHAOS_SEED={SEED}"]
    try:
        with stoppable_broker() as broker:
            report = run(Plan(SEED, SHORT), broker, tmp_path, told.append)
    except NoBroker as reason:
        no_server(reason)
    finally:
        print("\n".join(told))  # noqa: T201 (pytest shows it where the test fails)
    assert not report.problems, f"seed {SEED}: {report}: {report.problems[0]}"
    assert report.mischief.kills >= 10
    assert report.mischief.kills_in_a_commit >= 3
    outcome = report.outcome
    assert len(outcome.changes) > 100
    assert outcome.truncated  # checkpoints were written and what lay before them was cut off
    assert {outcome.state[f"partition {p}", "model version"] for p in outcome.records} == {2}
