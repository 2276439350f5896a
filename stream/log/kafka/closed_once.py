"""Things that hold connections: given back once, and of no use afterwards.

kafka-python's own clients answer a call after their end with silence, or never.
"""

from stream.errors import LogError
from stream.log.closing import ClosingMixin


class ClosedOnce(ClosingMixin):
    _is_closed = False

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._release()

    def _release(self) -> None:
        raise NotImplementedError

    def _has_to_be_open(self) -> None:
        if self._is_closed:
            raise LogError(f"this {type(self).__name__} is closed: open another one")
