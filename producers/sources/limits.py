"""How much an archive may unpack to: a few kilobytes can hold terabytes of zeros."""

from __future__ import annotations

from dataclasses import dataclass

from stream.errors import SourceError

GIB = 1024**3
SMALL_BYTES = 64 * 1024**2  # below this no ratio is suspicious


@dataclass(frozen=True, slots=True)
class Limits:
    """Ratio is unpacked over packed size; ordinary tables pack 5 to 20 times smaller.

    >>> Limits().check_unpacked("sales.zip", packed=1_000, unpacked=50_000)
    >>> Limits(unpacked_bytes=10).check_unpacked("sales.zip", packed=5, unpacked=11)
    Traceback (most recent call last):
      ...
    stream.errors.SourceError: sales.zip unpacks to more than 0.0 GiB: if you trust it, allow \
more with --max-unpacked-gib
    """

    unpacked_bytes: int = 16 * GIB
    ratio: int = 200
    excel_cells: int = 20_000_000

    def check_unpacked(self, name: str, *, packed: int, unpacked: int) -> None:
        if unpacked > self.unpacked_bytes:
            raise SourceError(
                f"{name} unpacks to more than {self.unpacked_bytes / GIB:.1f} GiB: "
                "if you trust it, allow more with --max-unpacked-gib"
            )
        if unpacked > SMALL_BYTES and unpacked > packed * self.ratio:
            raise SourceError(
                f"{name} unpacks to more than {self.ratio} times its size, which no ordinary "
                "table does: if you trust it, allow more with --max-unpack-ratio"
            )

    def check_cells(self, name: str, cells: int) -> None:
        if cells > self.excel_cells:
            raise SourceError(
                f"{name} spans {cells:,} cells, and a sheet has to be held in memory whole: save "
                "it as CSV, which is streamed, or allow more with --max-excel-cells"
            )
