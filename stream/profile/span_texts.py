"""Texts that stay bytes in their buffer until somebody looks.

Apart because a batch names every event's customer, and only those of new customers are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import numpy as np

from stream.log.batch import Spans
from stream.profile.texts import laid_together

if TYPE_CHECKING:
    from stream.log.batch import Bytes, Ints


class SpanTexts(Sequence[str]):
    """Texts over a buffer of UTF-8, which they keep alive; what is null is empty.

    >>> import numpy as np
    >>> spans = Spans(np.array([0, 3]), np.array([3, 3]))
    >>> texts = SpanTexts(np.frombuffer(b"annbob", np.uint8), spans)
    >>> list(texts), texts[-1]
    (['ann', 'bob'], 'bob')
    """

    def __init__(self, buffer: Bytes, spans: Spans) -> None:
        self._buffer, self._spans = buffer, spans

    def __len__(self) -> int:
        return len(self._spans.starts)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> SpanTexts: ...

    def __getitem__(self, place: int | slice) -> str | SpanTexts:
        starts, lengths = self._spans
        if isinstance(place, slice):
            return SpanTexts(self._buffer, Spans(starts[place], lengths[place]))
        start, length = int(starts[place]), max(int(lengths[place]), 0)
        return str(self._buffer[start : start + length].tobytes(), "utf-8")

    def take(self, rows: Ints) -> SpanTexts:
        """The texts of these rows, in this order."""
        return SpanTexts(self._buffer, self._spans.take(rows))

    def together(self) -> tuple[Bytes, Ints]:
        """All of them one after the other, and the length of each."""
        return laid_together(self._buffer, self._spans), np.maximum(self._spans.lengths, 0)
