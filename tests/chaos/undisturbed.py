"""One worker, in this process, that reads a topic to its end with nobody in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.consuming import worker_rules
from app.log_tasks import LogTasks
from consumers.worker.rules import Place
from consumers.worker.worker import Worker

if TYPE_CHECKING:
    from stream.log.seam import Log
    from stream.settings import Settings
    from stream.topics import Topics


def read_to_the_end(log: Log, topics: Topics, settings: Settings, name: str) -> None:
    consume = settings.consume
    place = Place.of(settings.group, name, 0)
    tasks = LogTasks(log, topics, settings)
    Worker(log, topics, place, tasks, worker_rules(consume)).run(until_end=True)
