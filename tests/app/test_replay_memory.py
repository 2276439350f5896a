from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from app.replay_memory import keep_arrow_small

keep_arrow_small()
import pyarrow as pa
import pyarrow.compute as pc

pc.equal(pa.array([1.0, 2.0]), 1.0).to_pylist()
print(pa.default_memory_pool().backend_name, "pandas" in sys.modules)
import pandas

print(pandas.Series([1, 2]).sum())
"""


def test_arrow_gives_memory_back_and_brings_no_pandas() -> None:
    """In a process of its own, because Arrow looks for pandas only once."""
    pytest.importorskip("pandas", reason="where it isn't installed nothing has to keep it away")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["system", "False", "3"]
