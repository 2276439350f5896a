"""Everything a task knows of its partition. All of it is in its blocks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from consumers.task.told import Told
from stream.profile.pending import Pending, nothing_pending
from stream.profile.state import Profiles

if TYPE_CHECKING:
    from consumers.task.lens_state import LensState
    from consumers.task.rules import Identity, TaskRules
    from stream.profile.layout import Ints


@dataclass(slots=True)
class Partition:
    identity: Identity
    rules: TaskRules
    profiles: Profiles
    pending: Pending = field(default_factory=nothing_pending)
    lenses: dict[str, LensState] = field(default_factory=dict)
    model_version: int | None = None
    promoted_ms: int | None = None
    """The T of the last `Promote`."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """What became of every record read so far."""

    told: Told = field(default_factory=Told)
    """Not part of blocks: what has to go out with the next one."""

    @classmethod
    def new(cls, identity: Identity, rules: TaskRules) -> Partition:
        return cls(identity, rules, Profiles(rules.bounds))

    def present(self) -> Ints:
        """The rows of customers who are there."""
        return np.flatnonzero(self.profiles.state.profiles["key"][: len(self.profiles)])
