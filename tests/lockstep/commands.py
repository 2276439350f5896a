"""What the test has done: a shop lived through by commands on a log, and the same in a backtest."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from stream.contracts.change import SegmentChange
from tests.lockstep import subscriber
from tests.lockstep.processes import shoal, started
from tests.lockstep.shop import PARTITIONS
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.lockstep.processes import Running
    from tests.lockstep.shop import Shop

SOURCE = "synthetic:customers=400,days=56,seed=3,returns=0.05,late=0.01"
EVERY = "7d"
WITHIN_SECONDS = 300


def lived_through(shop: Shop) -> list[SegmentChange]:
    """What a subscriber was told while replay, workers and snapshot job were at work.

    1. All are started; who comes first makes the topics.
    2. The replay comes to its end. At each midnight of the cadence it waits for the job, and so
       for the workers.
    3. Workers read what is left, and the subscriber what they said.
    4. All leave.
    """
    with ExitStack() as stack:
        replay = stack.enter_context(shoal(shop.folder, "replay", SOURCE, "--lockstep", EVERY))  # 1
        wait_for(lambda: shop.is_there, "a log", replay)
        crew = () if shop.is_embedded else ("--workers", "2")
        consume = stack.enter_context(shoal(shop.folder, "consume", *crew))
        snapshot = stack.enter_context(shoal(shop.folder, "snapshot", "--every", EVERY))
        log = stack.enter_context(shop.wiring.open_existing_log())
        wait_for(lambda: shop.has_topics(log), "topics", consume, snapshot)
        reader = stack.enter_context(_subscribed(shop))
        others = (consume, snapshot, reader)
        wait_for(lambda: replay.has_ended, "the replay", *others)  # 2
        replay.end()
        wait_for(lambda: shop.is_read(log), "the workers", *others)  # 3
        said = shop.said(log, "segment_change")
        wait_for(lambda: len(_lines(reader.out)) >= len(said), "the subscriber", *others)
        for one in (snapshot, consume):  # 4
            one.leave()
        return _changes(reader.out)


def backtested(shop: Shop) -> tuple[list[SegmentChange], list[bytes]]:
    """What a backtest says with the same settings, learning and deciding as so many tasks: changes,
    and the events of segments."""
    asked = ("--every", EVERY, "--partitions", str(PARTITIONS), "--out", "backtest")
    with shoal(shop.folder, "backtest", SOURCE, *asked) as backtest:
        backtest.end()
    out = shop.folder / "backtest"
    return _changes(out / "changes.jsonl"), _lines(out / "segment-events.jsonl")


def wait_for(condition: Callable[[], bool], what: str, *others: Running) -> None:
    """For as long as these go on with their work."""
    try:
        until(lambda: condition() or any(one.has_ended for one in others), what, WITHIN_SECONDS)
    except AssertionError as error:
        raise AssertionError(
            "\n".join([str(error), *(one.how_it_goes() for one in others)])
        ) from None
    for one in others:
        assert not one.has_ended, one.how_it_goes()


def _subscribed(shop: Shop) -> AbstractContextManager[Running]:
    program = Path(subscriber.__file__)
    return started(
        shop.folder, "subscriber", sys.executable, "-P", str(program), shop.url, shop.prefix
    )


def _changes(file: Path) -> list[SegmentChange]:
    return [SegmentChange.from_json(line) for line in _lines(file)]


def _lines(file: Path) -> list[bytes]:
    """Those that were written to their ends."""
    return file.read_bytes().split(b"\n")[:-1]
