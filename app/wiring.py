"""From settings to the things they name: the one place where a log is opened for a command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stream.errors import LogUnavailable
from stream.settings import load_settings
from stream.topics import Topics

if TYPE_CHECKING:
    from stream.log.seam import Log
    from stream.settings import Settings

KAFKA_PARTITIONS = 8
EMBEDDED_PARTITIONS = 1


@dataclass(frozen=True, slots=True)
class Wiring:
    """The settings of one command, and what is made from them."""

    settings: Settings

    @classmethod
    def of(cls, log: str | None, config: Path | None) -> Wiring:
        """The settings as files, environment and these flags have them."""
        return cls(load_settings(config, {"log": {"url": log}} if log else {}))

    def open_log(self) -> Log:
        from stream.log.open import open_log

        return open_log(self.settings.log.url, self.settings.kafka.client_options())

    def open_existing_log(self) -> Log:
        """For commands that only look: an embedded log that isn't there is not made for them."""
        url = self.settings.log.url
        file = url.removeprefix("sqlite:///").partition("?")[0]
        if url.startswith("sqlite:") and not Path(file).exists():
            raise LogUnavailable(
                f"there is no log at {url} yet: `shoal replay FILE` makes one, or name another "
                "with --log"
            )
        return self.open_log()

    def topics(self, partitions: int | None = None) -> Topics:
        """The topics under the prefix, with as many partitions as asked for or as fits the log."""
        embedded = self.settings.log.url.startswith("sqlite:")
        usual = EMBEDDED_PARTITIONS if embedded else KAFKA_PARTITIONS
        chosen = self.settings.topics
        return Topics(
            chosen.prefix,
            partitions or chosen.partitions or usual,
            self.settings.log.max_message_bytes,
            chosen.replication_factor,
        )
