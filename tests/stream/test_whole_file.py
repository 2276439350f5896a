"""A file is all of what was written, or what it was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stream.errors import InputError
from stream.whole_file import whole_file, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_there_stays_until_all_of_the_new_is_there(tmp_path: Path) -> None:
    file = tmp_path / "week.html"
    write_whole(file, "before")
    with whole_file(file) as aside:
        aside.write_text("after")
        assert file.read_text() == "before"
    assert file.read_text() == "after"
    assert list(tmp_path.iterdir()) == [file]


def test_what_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    def half_way(aside: Path) -> None:
        aside.write_text("half")
        raise ValueError

    file = tmp_path / "week.html"
    write_whole(file, "before")
    with pytest.raises(ValueError), whole_file(file) as aside:  # noqa: PT011 - ours, from above
        half_way(aside)
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_what_the_system_refuses_is_said_with_what_to_do(tmp_path: Path) -> None:
    lost = tmp_path / "no" / "week.html"
    told = r"week\.html can't be written: No such file.*: name another"
    with pytest.raises(InputError, match=told), whole_file(lost, ": name another") as aside:
        aside.write_text("text")
