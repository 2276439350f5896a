from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from producers.replaying.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = """
import sys
from pathlib import Path
from producers.replaying.scratch import scratch_folder

with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "run-0.arrow").write_bytes(b"large")
    print(folder, flush=True)
    sys.stdin.read()
"""


@contextmanager
def owner(place: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process with a folder of its own, until its standard input ends."""
    command = [sys.executable, "-c", OWNER, str(place)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    with owner(tmp_path) as (process, left):
        process.kill()  # SIGKILL: it can't tidy up
        process.wait()
        assert (left / "run-0.arrow").exists()
        with scratch_folder(tmp_path) as mine:
            assert sorted(tmp_path.glob("shoal-sort-*")) == [mine, mine.with_suffix(".lock")]
    assert list(tmp_path.iterdir()) == []


def test_what_belongs_to_a_living_process_stays(tmp_path: Path) -> None:
    with owner(tmp_path) as (process, theirs):
        for _ in range(2):
            with scratch_folder(tmp_path) as mine:
                assert mine != theirs
        assert (theirs / "run-0.arrow").read_bytes() == b"large"
        process.communicate()
        assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_two_folders_of_one_process_live_side_by_side(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as first, scratch_folder(tmp_path) as second:
        assert first.is_dir()
        assert second.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_nothing_else_is_touched(tmp_path: Path) -> None:
    others = tmp_path / "shoal-sort-of-mine"
    others.mkdir()
    target = tmp_path / "precious"
    target.mkdir()
    (target / "file").touch()
    if hasattr(os, "symlink"):
        (tmp_path / "shoal-sort-link.lock").touch()
        (tmp_path / "shoal-sort-link").symlink_to(target)
    with scratch_folder(tmp_path):
        pass
    assert others.is_dir()
    assert (target / "file").exists()


def test_no_folder_to_be_in_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), scratch_folder(tmp_path / "gone"):
        pass
