"""A dataset behind an http address, brought to disk first: it is read more than once."""

from __future__ import annotations

import urllib.request
from http.client import HTTPException
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from producers.sources.stored import OnDisk, Stored, on_disk, unzipped
from stream.errors import SourceError

if TYPE_CHECKING:
    from producers.sources.limits import Limits
    from producers.sources.stored import Readable

SCHEMES = ("http://", "https://")
TIMEOUT_SECONDS = 30


def downloaded(url: str, limits: Limits) -> Stored:
    """What `url` gives, on disk, and gone again when nothing refers to it."""
    name = PurePosixPath(unquote(urlsplit(url).path)).name or "download"

    # As large as allowed: what comes over the wire isn't unpacked, so it has no ratio.
    file = on_disk(Stored(name, lambda: Download(url), limits.unpacked_bytes), limits)
    return unzipped(_kept(name, file))


class Download:
    """The bytes of one answer; an answer that ends early is an OSError."""

    def __init__(self, url: str) -> None:
        try:
            # Only http and https come here: see SCHEMES.
            self._answer = urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS)  # noqa: S310
        except (OSError, HTTPException, ValueError) as error:
            raise SourceError(
                f"{url} can't be fetched: {error}. Is the address right, and reachable from here?"
            ) from error

    def read(self, size: int, /) -> bytes:
        chunk: bytes = self._answer.read(size)
        if not chunk and self._answer.length:
            raise OSError(f"the download ended {self._answer.length:,} bytes early")
        return chunk

    def close(self) -> None:
        self._answer.close()


def _kept(name: str, file: OnDisk) -> Stored:
    def opened() -> Readable:
        return file.path.open("rb")

    return Stored(name, opened, file.path.stat().st_size, file)
