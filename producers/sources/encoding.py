"""Any text as UTF-8, decided as late as possible.

A file is ASCII until its first other byte, which may come after a million rows; only
then is it known whether it is UTF-8 or one of the single-byte encodings. So the bytes
are looked at as they pass, and nothing is read twice.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from producers.sources.stored import read_fully

if TYPE_CHECKING:
    from producers.sources.stored import Readable

BOMS = {
    codecs.BOM_UTF8: "UTF-8 with BOM",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
CODECS = {
    "UTF-8": "utf-8",
    "UTF-8 with BOM": "utf-8-sig",
    "UTF-16": "utf-16",
    "Latin-1 (cp1252)": "cp1252",
}
SINGLE_BYTE = "Latin-1 (cp1252)"
READ_BYTES = 1 << 18
ASCII = bytes(range(128))


# What each byte most likely is where it stands alone; cp1252 leaves five open.
_ALONE = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]


def _as_single_bytes(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    stray = error.object[error.start : error.end]
    return "".join(_ALONE[byte] for byte in stray), error.end


codecs.register_error("shoal-single-bytes", _as_single_bytes)


class Utf8Stream:
    """A readable that gives UTF-8 without a BOM; `encoding` is what was found so far."""

    closed = False

    def __init__(self, raw: Readable) -> None:
        self._raw = raw
        self._ready = b""
        self._at_start = True
        self._ended = False
        self._decoder: codecs.IncrementalDecoder | None = None
        self.encoding = "ASCII"

    def read(self, size: int = -1) -> bytes:
        """Exactly `size` bytes, fewer only at the end; everything for a negative size."""
        parts, missing = [self._ready], size - len(self._ready)
        while not self._ended and (size < 0 or missing > 0):
            part = self._next()
            parts.append(part)
            missing -= len(part)
        joined = b"".join(parts)
        cut = len(joined) if size < 0 else size
        self._ready = joined[cut:]
        return joined[:cut]

    def _next(self) -> bytes:
        block = read_fully(self._raw, READ_BYTES)
        if self._at_start and block:
            self._at_start = False
            self._look_for_bom(block)
        if not block:
            self._ended = True
            return self._decoder.decode(b"", final=True).encode() if self._decoder else b""
        if self._decoder is None:
            if block.isascii():
                return block
            self._decide(block)
        assert self._decoder is not None
        return self._decoder.decode(block).encode("utf-8", "replace")

    def _look_for_bom(self, block: bytes) -> None:
        for bom, encoding in BOMS.items():
            if block.startswith(bom):
                self._use(encoding)

    def _decide(self, block: bytes) -> None:
        """UTF-8 where most of what isn't ASCII can be it: by chance hardly any text can."""
        as_utf8 = block.decode("utf-8", "ignore").encode()
        others, stray = len(block.translate(None, ASCII)), len(block) - len(as_utf8)
        self._use("UTF-8" if stray <= others - stray else SINGLE_BYTE)

    def _use(self, encoding: str) -> None:
        self.encoding = encoding
        errors = "replace" if encoding == "UTF-16" else "shoal-single-bytes"
        self._decoder = codecs.getincrementaldecoder(CODECS[encoding])(errors)

    def close(self) -> None:
        self.closed = True
        self._raw.close()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False
