"""Models by their version, read from `segment-models` as far as a `Promote` or a block asks."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

from stream.contracts.model import SegmentModel
from stream.errors import InvalidMessage, LogError

if TYPE_CHECKING:
    from stream.log.seam import Log

POLL_SECONDS = 0.5


class LogModels:
    """What `consumers.task` looks versions up in; several restores may ask at once.

    A version is published in the transaction of the `Promote` that names it, on another topic,
    whose commit mark may come a moment later: so all that is written there is waited for.
    """

    def __init__(self, log: Log, topic: str, settled_seconds: float = 150.0) -> None:
        self._log, self._topic, self._seconds = log, topic, settled_seconds
        self._known: dict[int, SegmentModel] = {}
        self._position: int | None = None
        self._unreadable = ""
        self._lock = Lock()

    def model(self, version: int) -> SegmentModel:
        with self._lock:
            if version not in self._known:
                self._read_on()
            if version not in self._known:
                raise LogError(self._what_is_missing(version))
            return self._known[version]

    def _read_on(self) -> None:
        """From where the last reading ended to everything that is written by now."""
        end = self._log.settled_end(self._topic, 0, self._seconds)
        if self._position is None:
            self._position = self._log.bounds(self._topic)[0].start
        deadline = time.monotonic() + self._seconds
        with self._log.reader(self._topic, {0: self._position}) as reader:
            while self._position < end:
                for batch in reader.poll(POLL_SECONDS):
                    for offset, record in batch:
                        self._keep(offset, record.value)
                self._position = reader.positions()[0]
                if time.monotonic() > deadline:
                    raise LogError(
                        f"{self._topic} can't be read beyond {self._position}, though it is "
                        f"written up to {end}: see what the log says"
                    )

    def _keep(self, offset: int, value: bytes | None) -> None:
        try:
            model = SegmentModel.from_json(value)
        except InvalidMessage as error:
            self._unreadable = f"; its record {offset} can't be read: {error}"
        else:
            self._known[model.version] = model

    def _what_is_missing(self, version: int) -> str:
        there = ", ".join(map(str, sorted(self._known))) or "none"
        return (
            f"{self._topic} has no model {version} (it has {there}{self._unreadable}): a partition "
            "has taken it up or is told to. Publish it again with that version, or use the "
            "topics.prefix that it was published under."
        )
