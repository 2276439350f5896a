"""Products by number: the one place where their texts are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.profile.layout import Hashes
    from stream.profile.span_texts import SpanTexts

    Codes = NDArray[np.int32]

MOST_PRODUCTS = 200_000
"""Whatever else comes is not known by name, and so can't be recommended."""

UNKNOWN = -1


class Products:
    """Numbers in the order in which products were met first."""

    def __init__(self, most: int = MOST_PRODUCTS) -> None:
        self.texts: list[str] = []
        self._codes: dict[int, int] = {}
        self._most = most

    @property
    def is_full(self) -> bool:
        return len(self.texts) >= self._most

    def codes(self, hashes: Hashes, texts: SpanTexts) -> Codes:
        """The number of each; `UNKNOWN` where there was no room for it."""
        distinct, first, place = np.unique(hashes, return_index=True, return_inverse=True)
        pairs = zip(distinct.tolist(), first.tolist(), strict=True)
        codes = [self._code(key, texts, at) for key, at in pairs]
        return np.array(codes, np.int32)[place]

    def _code(self, key: int, texts: SpanTexts, at: int) -> int:
        found = self._codes.get(key, UNKNOWN)
        if found == UNKNOWN and not self.is_full:
            found = self._codes[key] = len(self.texts)
            self.texts.append(texts[at])
        return found
