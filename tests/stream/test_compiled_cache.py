"""Compiled code is found again by the sources that went into it, and by nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stream.compiled_cache import UNUSED_SECONDS, folder_for, key_of

MODULES = {
    "stream/kernel.py": """
from stream.compiled import compiled
from stream.steps import (
    step,
)

@compiled
def run(n):
    return step(n)
""",
    "stream/steps.py": """
from stream import constants
from stream.compiled import compiled

@compiled
def step(n):
    return n + constants.STEP
""",
    "stream/constants.py": "STEP = 1\n",
    "stream/beside.py": "STEP = 3\n",
}
ASKED = """
from stream import kernel
print(kernel.run(1), sum(kernel.run.stats.cache_hits.values()))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A package with a kernel in three files, and the real module that compiles it."""
    (tmp_path / "stream").mkdir()
    for name in ("compiled", "compiled_cache"):
        code = Path(__file__).parents[2].joinpath("stream", f"{name}.py").read_text("utf-8")
        (tmp_path / "stream" / f"{name}.py").write_text(code, "utf-8")
    for file, code in MODULES.items():
        (tmp_path / file).write_text(code, "utf-8")
    return tmp_path


def run(tree: Path, **environment: str) -> str:
    """What the kernel gives, and how often its code was there already."""
    known = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    asked = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(tree)!r})\n{ASKED}"]
    done = subprocess.run(
        asked, env=known | environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_constant_two_files_away_is_never_stale(tree: Path) -> None:
    assert run(tree) == "2 0"
    assert run(tree) == "2 1"
    (tree / "stream" / "constants.py").write_text("STEP = 9\n", "utf-8")
    assert run(tree) == "10 0"
    (tree / "stream" / "beside.py").write_text("STEP = 4\n", "utf-8")
    assert run(tree) == "10 1"


def test_the_code_is_kept_with_the_user_where_the_package_can_not_be_written(tree: Path) -> None:
    (tree / "stream" / "__pycache__").write_text("a file, so no folder can be made", "utf-8")
    there = {"XDG_CACHE_HOME": str(tree / "cache"), "LOCALAPPDATA": str(tree / "cache")}
    assert run(tree, **there) == "2 0"
    assert run(tree, **there) == "2 1"
    assert list((tree / "cache" / "shoal").rglob("*.nbc"))


def test_with_no_place_at_all_it_compiles_each_time(tree: Path) -> None:
    blocked = tree / "a-file"
    blocked.write_text("", "utf-8")
    nowhere = {"NUMBA_CACHE_DIR": str(blocked / "cache")}
    assert [run(tree, **nowhere), run(tree, **nowhere)] == ["2 0", "2 0"]


def test_code_of_other_sources_is_forgotten_after_a_week_and_not_before(tmp_path: Path) -> None:
    other, recent = (
        tmp_path / "stream.compiled_cache" / name / "sub" / "f.nbc" for name in ("old", "recent")
    )
    for file in (other, recent):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"")
    last_week = time.time() - UNUSED_SECONDS - 60
    os.utime(other.parents[1], (last_week, last_week))
    code = Path(__file__).parents[2] / "stream" / "compiled_cache.py"
    folder = folder_for(str(code), tmp_path)
    assert folder == tmp_path / "stream.compiled_cache" / key_of(code)
    assert folder.is_dir()
    assert not other.exists()
    assert recent.exists()


def test_the_key_of_every_kernel_is_made_quickly() -> None:
    """A process makes them all once."""
    kernels = sorted((Path(__file__).parents[2] / "stream" / "profile").glob("*.py"))
    began = time.process_time()
    keys = {key_of(file) for file in kernels}
    assert len(keys) == len(kernels)
    assert time.process_time() - began < 1.0
