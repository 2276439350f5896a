from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.backtest.folder import OURS, Folder
from stream.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_made_and_a_backtest_before_is_taken_out(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "a" / "b")
    folder.clear()
    folder.write_summary({"changes": 1})
    (folder.path / "snapshots" / "T").mkdir(parents=True)
    folder.profiles.write_bytes(b"old")
    folder.clear()
    assert {each.name for each in folder.path.iterdir()} <= OURS
    assert not folder.profiles.exists()
    assert not (folder.path / "snapshots").exists()
    assert not (folder.path / "summary.json").exists()


@pytest.mark.parametrize("name", ["notes.txt", "snapshots", "profiles.parquet"])
def test_what_no_backtest_left_is_not_touched(tmp_path: Path, name: str) -> None:
    """A folder with snapshots alone is a history."""
    (tmp_path / name).mkdir()
    with pytest.raises(SettingsError, match=name):
        Folder(tmp_path).clear()
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match="can't be a folder"):
        Folder(tmp_path / "file").clear()
