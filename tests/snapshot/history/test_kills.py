"""Whenever a writer is killed, every snapshot there is can be read, and the next one tidies up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from snapshot.history import History
from snapshot.history.folders import folder_name
from tests.snapshot.history.moments import JUNE_MS, WEEK_MS, fit_of, reconciled, same
from tests.snapshot.history.moments import moment as any_moment
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest

    from snapshot.moment import Moment

IDS = ("ann", "bob", "eve")
FEATURES = ("spend", "orders")
NEXT_MS = JUNE_MS + WEEK_MS
STEPS = ("fsync", "replace", "unlink", "mkdir", "rmdir")
"""Everything that a writer does to the disk, but for the content that `fsync` makes last."""


class Killed(BaseException):
    """Nothing catches it: what was done is done, what was not is not."""


def moment(instant_ms: int = JUNE_MS, ids: Sequence[str] = IDS, seed: int = 0) -> Moment:
    return any_moment(instant_ms, ids, seed=seed, features=FEATURES)


def written(history: History, *moments: Moment) -> None:
    for each in moments:
        history.write(each, reconciled(each, fit_of(each)))


def killed_at(step: int, work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the work came as far as this step; without one it is done."""
    steps = count()

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: Any, **named: Any) -> Any:
            if next(steps) == step:
                raise Killed
            return original(*arguments, **named)

        return stepped

    with monkeypatch.context() as patches:
        for name in STEPS:
            patches.setattr(os, name, counted(getattr(os, name)))
        try:
            work()
        except Killed:
            return True
    return False


def each_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Callable[[History], object]
) -> list[History]:
    """A history after the kill at each step of the work, and one where it was done last."""
    made = []
    for step in count():
        history = History(tmp_path / f"{step}", patience_seconds=1)
        written(history, moment())
        made.append(history)
        if not killed_at(step, partial(work, history), monkeypatch):
            return made
    raise AssertionError


def tidy(history: History) -> None:
    """The next writer leaves nothing but what the manifests name."""
    written(history, moment(NEXT_MS + WEEK_MS))
    snapshots = history.directory / "snapshots"
    instants = history.instants()
    assert sorted(each.name for each in snapshots.iterdir()) == [folder_name(at) for at in instants]
    for at in instants:
        named = {file.name for file in history.manifest(at).files()}
        there = {file.name for file in (snapshots / folder_name(at)).iterdir()}
        assert there == {"manifest.json", *named}


def test_a_new_snapshot_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = moment(NEXT_MS, seed=3)
    histories = each_kill(tmp_path, monkeypatch, lambda history: written(history, new))
    assert len(histories) > 10
    for history in histories:
        same(history.read(JUNE_MS), moment())
        if len(history.instants()) > 1:
            same(history.read(NEXT_MS), new)
        tidy(history)
    assert {len(history.instants()) for history in histories} == {2, 3}
    assert histories[-1].instants()[:2] == (JUNE_MS, NEXT_MS)


def test_a_snapshot_that_is_written_again_is_the_old_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = moment(), moment(ids=("zoe",), seed=4)
    histories = each_kill(tmp_path, monkeypatch, lambda history: written(history, new))
    found = []
    for history in histories:
        read = history.read(JUNE_MS)
        found.append(read.table.ids)
        same(read, new if read.table.ids == ("zoe",) else old)
        tidy(history)
    assert set(found) == {IDS, ("zoe",)}
    assert found == sorted(found, key=lambda ids: ids == ("zoe",))


def test_an_erasure_is_done_or_not_and_done_when_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(history: History) -> None:
        history.erase("bob")

    for history in each_kill(tmp_path, monkeypatch, work):
        assert history.read(JUNE_MS).table.ids in {IDS, ("ann", "eve")}
        history.erase("bob")
        assert history.read(JUNE_MS).table.ids == ("ann", "eve")
        assert b"bob" not in everything(history)
        tidy(history)


def test_what_is_let_go_is_there_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(history: History) -> None:
        written(history, moment(NEXT_MS))
        history.retain(count=1)

    for history in each_kill(tmp_path, monkeypatch, work):
        for instant_ms in history.instants():
            same(history.read(instant_ms), moment(instant_ms))
        tidy(history)


def test_a_process_that_is_really_killed(tmp_path: Path) -> None:
    script = (
        "import sys; from snapshot.history import History; "
        "from tests.snapshot.history.test_kills import *\n"
        "history = History(sys.argv[1])\n"
        "for seed in range(10**6):\n"
        "    of = moment(JUNE_MS, [str(seed)] * 50, seed)\n"
        "    history.write(of, reconciled(of)); print(seed, flush=True)\n"
    )
    history = History(tmp_path / "history", patience_seconds=5)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(history.directory)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        last = 0
        for line in process.stdout:
            last = int(line)
            if last == 10:
                process.send_signal(signal.SIGKILL)
        until(lambda: process.poll() is not None, "the end of the writer")
    read = history.read(JUNE_MS)
    seed = int(read.table.ids[0])
    assert seed in {last, last + 1}
    same(read, moment(JUNE_MS, [str(seed)] * 50, seed))
    tidy(history)


def everything(history: History) -> bytes:
    return b"".join(file.read_bytes() for file in history.directory.rglob("*") if file.is_file())
