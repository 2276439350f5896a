"""Without a broker: a shop read in many short lives, each restored, beside one long one."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from app import modelling
from app.wiring import Wiring
from snapshot.fitting import Enough
from stream.settings import load_settings
from tests.chaos.comparing import broken_promises, differences
from tests.chaos.copying import copy
from tests.chaos.outcome import read_outcome
from tests.chaos.settings import write_settings
from tests.chaos.shop import Shop, Size
from tests.chaos.undisturbed import read_to_the_end
from tests.chaos.writing import say

if TYPE_CHECKING:
    from pathlib import Path

LIVES = 12
PUBLISHED_AFTER = (4, 8)


def test_a_shop_read_in_many_short_lives_is_the_same_as_read_at_once(tmp_path: Path) -> None:
    in_lives, at_once = wiring(tmp_path, "lives", 1, 20), wiring(tmp_path, "once", 1000, 10**6)
    topics = in_lives.topics()
    shop = Shop(3, Size(days=40), datetime.now(UTC))
    steps = [*shop.history(), *(shop.present(datetime.now(UTC)) for _ in range(20))]
    with in_lives.open_log() as log, at_once.open_log() as other:
        log.create_topics(topics.specs())
        for life in range(LIVES):
            if life in PUBLISHED_AFTER:
                wanted = modelling.Wanted(4, (), Enough(customers=20, days=5))
                modelling.fit_and_publish(in_lives, wanted)
            with log.writer() as writer:
                its_steps = steps[len(steps) * life // LIVES : len(steps) * (life + 1) // LIVES]
                say(writer, topics, list(chain.from_iterable(its_steps)))
            read_to_the_end(log, topics, in_lives.settings, "one")
        copy(log, other, topics)
        read_to_the_end(other, topics, at_once.settings, "one")
        lived = read_outcome(log, topics, in_lives.settings)
        whole = read_outcome(other, topics, at_once.settings)
    assert list(broken_promises(lived)) == []
    assert list(differences(lived, whole)) == []
    assert len(lived.changes) > 100
    assert lived.truncated


def wiring(folder: Path, name: str, commit_ms: int, most_events: int) -> Wiring:
    url = f"sqlite:///{folder / name}.db"
    file = write_settings(
        folder / f"{name}.toml", url, "chaos.", commit_ms=commit_ms, most_events=most_events
    )
    return Wiring(load_settings(file, {}))
