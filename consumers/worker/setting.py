"""Everything that a worker works with, and that stays the same through all of its sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Event

    from consumers.worker.observer import Observer
    from consumers.worker.partition_task import Tasks
    from consumers.worker.rules import Clock, Place, WorkerRules
    from stream.log.seam import Log
    from stream.topics import Topics


@dataclass(frozen=True, slots=True)
class Setting:
    log: Log
    topics: Topics
    place: Place
    tasks: Tasks
    rules: WorkerRules
    observer: Observer
    clock: Clock
    stopping: Event
    """Set when the worker shall finish its batch, commit and leave."""
