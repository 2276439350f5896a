"""Keeps Arrow small in a process that streams: settled once, before its first array.

A replay's promise is a bound on memory, so these are settings of the command's process and
nothing that a library should do to its user.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


def keep_arrow_small() -> None:
    """Memory goes back to the system when it is freed, and pandas stays away.

    Arrow's own allocator keeps tens of megabytes of what was freed. Arrow also looks once
    whether pandas is installed, and imports all of it then: for nothing, here.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if "pandas" not in sys.modules:
        _settle_that_there_is_no_pandas()


def _settle_that_there_is_no_pandas() -> None:
    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([0])  # here Arrow looks, and never again
    finally:
        sys.meta_path.remove(hidden)


class _Hidden:
    """A finder of modules that finds no pandas, and leaves all others to the next one."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not used here", name=name)
        return None
