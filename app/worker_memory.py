"""Memory of a worker: what was freed stays with the process for the next batch.

Columns come and go with each batch. By default the allocator gives each back to the system, which
hands it out again page by page, zeroed: a tenth of a worker's time. It keeps this much, no more.
"""

from __future__ import annotations

import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # as <malloc.h> numbers them
KEPT_BYTES = 64 << 20
LARGEST_BYTES = 32 << 20
"""The largest that glibc takes; larger arrays, such as a million profiles, are the system's."""


def keep_freed_memory() -> None:
    """Tells glibc; any other allocator does as it does."""
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    tell(MMAP_THRESHOLD, LARGEST_BYTES)
    tell(TRIM_THRESHOLD, KEPT_BYTES)
