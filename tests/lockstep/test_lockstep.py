"""Replay, workers, snapshot job and a subscriber side by side, all processes of their own.

What the subscriber was told, folded up, is what the profiles on the log say in the end; and it is
what a backtest of the same source comes to, change by change.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from stream.contracts.change import Cause
from stream.contracts.segment_event import SegmentEvent
from tests.chaos.comparing import broken_promises, differences
from tests.chaos.outcome import Outcome
from tests.lockstep.commands import backtested, lived_through
from tests.lockstep.shop import Shop, folded

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kafka_broker import Broker


@pytest.fixture(params=["embedded", "kafka"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    prefix = f"lockstep.{uuid.uuid4().hex[:8]}."
    if request.param == "embedded":
        return Shop(tmp_path, f"sqlite:///{tmp_path / 'shoal.db'}", prefix)
    broker: Broker = request.getfixturevalue("broker")
    return Shop(tmp_path, f"kafka://{broker.bootstrap}", prefix)


def test_a_subscriber_is_told_what_profiles_say_and_what_a_backtest_comes_to(shop: Shop) -> None:
    shop.write_settings()
    told = lived_through(shop)
    with shop.wiring.open_existing_log() as log:
        segments, events = shop.segments(log), shop.said(log, "segment_event")
    changes_there, events_there = backtested(shop)
    assert list(broken_promises(Outcome(changes=told)))[:3] == []
    assert folded(told) == segments
    assert list(differences(Outcome(changes=told), Outcome(changes=changes_there)))[:3] == []
    assert without_clock(events) == without_clock(events_there)
    assert {Cause.FIRST_MODEL, Cause.MOVED, Cause.TIME, Cause.REFIT} <= {one.cause for one in told}


def without_clock(events: list[bytes]) -> list[dict[str, object]]:
    """In the order of their ids."""
    found = [SegmentEvent.from_json(event) for event in events]
    return [
        event.model_dump(exclude={"observed_at"})
        for event in sorted(found, key=lambda event: event.event_id)
    ]
