"""Warming up compiles everything that a worker's first hours would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app import warming
from app.log_tasks import task_rules
from app.warming import IDENTITY, model_of, warm_up
from consumers.task.task import new_task
from stream.contracts.change import Cause
from stream.log.batch import RecordBatch, Records
from stream.settings import load_settings
from stream.settings.lenses import lens_specs
from stream.topics import Topics

if TYPE_CHECKING:
    import pytest

    from stream.contracts.model import SegmentModel


class Known:
    def model(self, version: int) -> SegmentModel:
        return model_of(lens_specs(load_settings(None, {})))


def test_it_goes_through_everything_that_can_become_of_a_customer() -> None:
    """Or else a loop would be compiled later, in the middle of somebody's batch."""
    records = Records.of(warming.records())
    task = new_task(IDENTITY, task_rules(load_settings(None, {}), Topics()), Known())
    offsets = np.arange(len(records))
    task.take(RecordBatch(IDENTITY.topic, 0, offsets, len(records), records), 0)
    causes = {kind.cause for kind in task.collect(0).kinds}
    assert causes >= {Cause.FIRST_MODEL, Cause.MOVED, Cause.TIME, Cause.LATE, Cause.ERASED}
    assert {"folded", "duplicate", "command", "not_json"} <= {*task.outcomes}


def test_it_says_that_it_compiles_only_where_that_takes_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    settings = load_settings(None, {})
    words = (task_rules(settings, Topics()), lens_specs(settings))
    warm_up(*words, said.append)
    said.clear()
    warm_up(*words, said.append)
    assert said == []
    monkeypatch.setattr(warming, "NOTICED_SECONDS", 0.0)
    warm_up(*words, said.append)
    assert said == ["compiling, once for this version of Shoal: about a minute"]
