"""Texts that were met before, by their hashes, each with the answer that it was given.

Apart because products (does it count?) and words (was it named?) are remembered alike. Bounded:
when too many were met, all are forgotten, and asked about again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.borrowing import borrowed
from stream.compiled import compiled
from stream.profile.hash_index import FREE, find, indexed
from stream.profile.span_texts import SpanTexts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from stream.log.batch import Bytes, Spans
    from stream.profile.hash_index import Slots
    from stream.profile.layout import Hashes, Rows

MOST_REMEMBERED = 65_536
SMALLEST_ROOM = 1024


SIGHTING = np.dtype([("key", np.uint64), ("answer", np.bool_)], align=True)


class Sightings:
    """Asks about a text when it is met first, and has the same answer from then on."""

    def __init__(self, ask: Callable[[int, str], bool], most: int = MOST_REMEMBERED) -> None:
        self._ask, self._most = ask, most
        self._entries = np.zeros(min(SMALLEST_ROOM, most), SIGHTING)
        self._slots, self._used = indexed(self._entries, 0), 0

    def answers(self, keys: Hashes, buffer: Bytes, spans: Spans) -> NDArray[np.bool_]:
        """Of each text, by its key; yes where there is no text, and the key 0."""
        answers, texts, at = np.ones(len(keys), np.bool_), SpanTexts(buffer, spans), 0
        while (at := _recall(self._slots, self._entries, keys, answers, at)) < len(keys):
            self._meet(keys[at], texts[at])
        return answers

    def _meet(self, key: np.uint64, text: str) -> None:
        if self._used == len(self._entries):
            self._make_room()
        self._entries[self._used] = key, self._ask(int(key), text)
        self._slots[find(self._slots, self._entries, key)] = self._used
        self._used += 1

    def _make_room(self) -> None:
        if 2 * self._used <= self._most:
            self._entries = np.concatenate([self._entries, np.zeros(self._used, SIGHTING)])
        else:
            self._used = 0
        self._slots = indexed(self._entries, self._used)


@compiled
def _recall(slots: Slots, entries: Rows, keys: Hashes, answers: NDArray[np.bool_], at: int) -> int:
    """Fills in answers from `at` on, up to the first text that was not met before."""
    quick_slots, quick_entries = borrowed(slots), borrowed(entries)
    for i in range(at, len(keys)):
        if keys[i] != 0:
            slot = find(quick_slots, quick_entries, keys[i])
            if quick_slots[slot] == FREE:
                return i
            answers[i] = quick_entries[quick_slots[slot]].answer
    return len(keys)
