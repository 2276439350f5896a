from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROWS = 5_000_000
READ = """
import re, sys
from pathlib import Path
from producers.reading.dataset import Dataset
rows = sum(lines.num_rows for lines in Dataset.open(sys.argv[1]).lines())
# Not getrusage: its peak is handed down from the process that started this one.
peak_kb = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text()).group(1)
print(rows, int(peak_kb) // 1024)
"""


def test_five_million_rows_go_through_in_less_than_400_mb(tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc to see another process's peak")
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.write(b"customer,date,amount\n")
        for _ in range(ROWS // 100_000):
            file.write(b"17850,2010-12-01 08:26,2.55\n" * 100_000)
    read = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True
    )
    rows, peak_mb = map(int, read.stdout.split())
    assert rows == ROWS
    assert peak_mb < 400
