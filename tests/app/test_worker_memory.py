"""Columns that come and go are not fetched from the system again each time."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

MEGABYTES_KEPT = """
import sys
from pathlib import Path
import numpy as np
from app.worker_memory import keep_freed_memory

if sys.argv[1] == "kept":
    keep_freed_memory()

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

before = resident()
batch = np.ones(24_000_000, np.uint8)
del batch
print(resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told to keep memory")
def test_what_was_freed_is_there_for_the_next_batch() -> None:
    assert _megabytes("given back") < 5 < 20 < _megabytes("kept")


def _megabytes(how: str) -> float:
    words = [sys.executable, "-c", MEGABYTES_KEPT, how]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
