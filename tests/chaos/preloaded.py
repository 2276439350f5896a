"""What every worker needs, imported and compiled once in the process that they are forked from."""

import app.cli.consume
import app.cli.main
import snapshot.publishing
import stream.log.kafka.log
import tests.chaos.workers
from app.log_tasks import task_rules
from app.warming import warm_up
from stream.settings.lenses import lens_specs
from stream.settings.settings import Settings
from stream.topics import Topics

warm_up(task_rules(Settings(), Topics()), lens_specs(Settings()), print)

__all__ = ["app", "snapshot", "stream", "tests"]
