"""A model taken up by a task that has customers, without a word about any of them.

A million customers' first changes would take longer than what is to be measured, and are part of
neither. All else is as the task itself does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers.task.promotion import lens_state
from stream.model.everybody import look_at_all
from stream.profile.catalogue import features
from stream.profile.layout import LAST

if TYPE_CHECKING:
    from consumers.task.task import Task
    from stream.contracts.model import SegmentModel


def take_up_quietly(task: Task, model: SegmentModel) -> None:
    partition = task.state
    rows, at_ms = partition.present(), task.event_ms
    last_purchase_ms = partition.profiles.state.profiles["times"][rows, LAST]
    for lens_model in model.lenses:
        state = lens_state(partition, lens_model, model.version, None)
        read = features(partition.profiles, rows, at_ms, state.lens.needs)
        standing = state.standing(rows)
        moves = look_at_all(state.lens, read, last_purchase_ms, standing, at_ms, newcomers=True)
        state.move(rows, moves, read)
        partition.profiles.touch(rows[moves.rows])
        partition.lenses[lens_model.lens] = state
    partition.model_version = model.version
