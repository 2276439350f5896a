"""A model taken up: at one place in the partition, whichever run it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consumers.task.lens_state import LensState
from consumers.task.looking import look_again
from consumers.task.rules import LearnerChoice
from stream.contracts.instant import milliseconds
from stream.errors import InvalidMessage
from stream.model.learners import learner_of
from stream.model.lens import compile_lens

if TYPE_CHECKING:
    from consumers.task.partition import Partition
    from consumers.task.rules import TaskRules
    from stream.contracts.commands import Promote
    from stream.contracts.lens import LensModel
    from stream.contracts.model import SegmentModel
    from stream.model.learners import Learner


def take_up(partition: Partition, promote: Promote, model: SegmentModel, observed_ms: int) -> None:
    """From here on this version holds. A lens that it doesn't have goes on as it was."""
    _fits(partition, model)
    for lens_model in model.lenses:
        old = partition.lenses.get(lens_model.lens)
        state = lens_state(partition, lens_model, model.version, old)
        partition.lenses[lens_model.lens] = state
        look_again(partition, state, old, observed_ms)
    partition.model_version = model.version
    partition.promoted_ms = milliseconds(promote.instant)


def is_newer(partition: Partition, promote: Promote) -> bool:
    """A version that was taken up before, or passed by, changes nothing."""
    return partition.model_version is None or promote.version > partition.model_version


def lens_state(
    partition: Partition, model: LensModel, version: int, old: LensState | None
) -> LensState:
    lens = compile_lens(model, version)
    learner = learner_for(partition.rules, model)
    rows = len(partition.profiles)
    if old is None:
        return LensState.empty(lens, learner, rows)
    old.widen(rows)
    return old.renewed(lens, learner)


def learner_for(rules: TaskRules, model: LensModel) -> Learner | None:
    choice = rules.learners.get(model.lens, LearnerChoice())
    return learner_of(model.learning, choice.name, choice.parameters)


def _fits(partition: Partition, model: SegmentModel) -> None:
    ours = partition.rules.fingerprint
    if model.fingerprint and ours and model.fingerprint != ours:
        raise InvalidMessage(
            f"model {model.version} is for profiles of the kind {model.fingerprint}, these are "
            f"{ours}: fit one on these profiles, or give [profiles] the settings it was made with"
        )
