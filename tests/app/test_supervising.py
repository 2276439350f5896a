"""The supervisor with small real processes, which die in every way there is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest

from app.stopping import Stopping
from app.supervising import Supervisor
from app.worker_ends import BackOff, Fate, Patience, Place
from stream.errors import Fenced, InputError, StateDiffers
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from stream.errors import ShoalError

QUICK = Patience(BackOff(0.01, 0.04, steady_seconds=60), leaving_seconds=20)
LIVES = "import signal, sys, threading; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); "
WAITS = "threading.Event().wait(60)"
STUBBORN = "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN); "


class Crew:
    """Children that note their starts in a file each, then do what they are told to."""

    def __init__(self, folder: Path, program: str) -> None:
        self._folder, self._program = folder, program
        self.said: list[str] = []

    def command(self, slot: int) -> list[str]:
        noting = f"import os; open({str(self._file(slot))!r}, 'a').write(f'{{os.getpid()}}\\n'); "
        return [sys.executable, "-c", self._program.replace("NOTE;", noting), str(slot)]

    def supervisor(
        self, workers: int, patience: Patience = QUICK, *, ends: bool = False
    ) -> Supervisor:
        return Supervisor(self.command, workers, self.said.append, patience, ends=ends)

    def starts(self, slot: int) -> list[int]:
        file = self._file(slot)
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def _file(self, slot: int) -> Path:
        return self._folder / f"starts-{slot}"


@pytest.fixture
def crew(tmp_path: Path) -> Callable[[str], Crew]:
    return partial(Crew, tmp_path)


@pytest.fixture
def stopping() -> Iterator[Stopping]:
    with Stopping() as listening:
        yield listening


def meanwhile(*moments: tuple[Callable[[], bool], int]) -> threading.Thread:
    """Sends this process each signal once its condition holds, and in any case in the end."""

    def act() -> None:
        for condition, number in moments:
            with suppress(AssertionError, OSError):
                until(condition, "the moment for a signal")
            os.kill(os.getpid(), number)

    thread = threading.Thread(target=act)
    thread.start()
    return thread


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return zombie(pid)


def zombie(pid: int) -> bool:
    words = ["ps", "-o", "stat=", "-p", str(pid)]
    told = subprocess.run(words, check=False, capture_output=True, text=True)
    return told.stdout.strip().startswith("Z") or not told.stdout.strip()


def test_a_dead_worker_is_started_again_with_ever_longer_pauses(
    crew: Callable[[str], Crew], stopping: Stopping
) -> None:
    dying = crew("NOTE; import sys; sys.exit(7)")
    thread = meanwhile((lambda: len(dying.starts(0)) >= 4, signal.SIGTERM))
    dying.supervisor(1).run(stopping)
    thread.join()
    pauses = [line.rpartition(" in ")[2] for line in dying.said]
    assert pauses[:4] == ["0.01 s", "0.02 s", "0.04 s", "0.04 s"][: len(pauses)]
    assert "worker 0 ended with exit code 7: starting it again" in dying.said[0]


def test_one_that_is_killed_is_replaced_and_the_others_go_on(
    crew: Callable[[str], Crew], stopping: Stopping
) -> None:
    living = crew(f"{LIVES} NOTE; {WAITS}")

    def one_was_replaced() -> bool:
        until(lambda: bool(living.starts(0) and living.starts(1)), "both workers")
        os.kill(living.starts(0)[0], signal.SIGKILL)
        until(lambda: len(living.starts(0)) == 2, "another worker in that place")
        return True

    thread = meanwhile((one_was_replaced, signal.SIGTERM))
    assert living.supervisor(2).run(stopping) == 0
    thread.join()
    assert living.said == ["worker 0 was killed by SIGKILL: starting it again in 0.01 s"]
    assert len(living.starts(1)) == 1


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_every_worker_and_all_leave_in_peace(
    crew: Callable[[str], Crew], stopping: Stopping, by: int
) -> None:
    living = crew(f"{LIVES} NOTE; {WAITS}")
    thread = meanwhile((lambda: all(living.starts(slot) for slot in range(3)), by))
    assert living.supervisor(3).run(stopping) == 0
    thread.join()
    assert all(is_gone(living.starts(slot)[0]) for slot in range(3))
    assert living.said == []


def test_one_that_was_fenced_twice_in_a_row_stays_down(
    crew: Callable[[str], Crew], stopping: Stopping
) -> None:
    fenced = crew(f"NOTE; import sys; sys.exit({Fenced.exit_code})")
    assert fenced.supervisor(1).run(stopping) == 1
    assert len(fenced.starts(0)) == 2
    assert "stays down" in fenced.said[-1]
    assert "--name" in fenced.said[-1]


@pytest.mark.parametrize("error", [InputError, StateDiffers])
def test_what_only_a_person_can_put_right_is_not_tried_again(
    crew: Callable[[str], Crew], stopping: Stopping, error: type[ShoalError]
) -> None:
    mistaken = crew(f"NOTE; import sys; sys.exit({error.exit_code})")
    assert mistaken.supervisor(2).run(stopping) == 1
    assert [len(mistaken.starts(slot)) for slot in (0, 1)] == [1, 1]


def test_one_that_will_not_leave_is_killed_in_the_end(
    crew: Callable[[str], Crew], stopping: Stopping
) -> None:
    stubborn = crew(f"{STUBBORN} NOTE; {WAITS}")
    thread = meanwhile((lambda: bool(stubborn.starts(0)), signal.SIGTERM))
    assert stubborn.supervisor(1, Patience(leaving_seconds=0.2)).run(stopping) == 1
    thread.join()
    assert stubborn.said == ["worker 0 did not leave within 0.2 s: killed"]
    assert is_gone(stubborn.starts(0)[0])


def test_a_second_signal_kills_at_once(crew: Callable[[str], Crew], stopping: Stopping) -> None:
    stubborn = crew(f"{STUBBORN} NOTE; {WAITS}")
    thread = meanwhile(
        (lambda: bool(stubborn.starts(0)), signal.SIGINT), (lambda: stopping.asked, signal.SIGINT)
    )
    assert stubborn.supervisor(1, Patience(leaving_seconds=1e4)).run(stopping) == 1
    thread.join()
    assert is_gone(stubborn.starts(0)[0])


def test_where_work_can_end_it_is_over_when_all_are_done_and_what_they_printed_is_kept(
    crew: Callable[[str], Crew], stopping: Stopping
) -> None:
    done = crew("import sys; print('did', sys.argv[1])")
    supervisor = done.supervisor(2, ends=True)
    assert supervisor.run(stopping) == 0
    assert list(supervisor.printed()) == ["did 0\n", "did 1\n"]


def test_no_worker_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    child = (
        "from app.supervising import end_with_supervisor; end_with_supervisor(); "
        "import signal, sys, threading; "
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); "
        "import os; os.write(1, b'%d\\n' % os.getpid()); threading.Event().wait(60)"
    )
    program = (
        "import sys; from app.supervising import Supervisor; from app.stopping import Stopping\n"
        f"with Stopping() as stopping: Supervisor(lambda slot: [sys.executable, '-c', {child!r}],"
        " 2, print).run(stopping)"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdout=pipe, text=True) as supervisor:
        assert supervisor.stdout is not None
        children = [int(supervisor.stdout.readline()) for _ in range(2)]
        assert not any(map(is_gone, children))
        supervisor.kill()
        until(lambda: all(map(is_gone, children)), "the workers to leave")


def test_a_life_that_was_long_enough_wipes_the_slate() -> None:
    place = Place(0)
    ends = [(Fenced.exit_code, 1.0), (Fenced.exit_code, 100.0), (Fenced.exit_code, 1.0)]
    fates = [place.leave(code, lived, 60.0, ends=False) for code, lived in ends]
    assert fates == [Fate.AGAIN, Fate.AGAIN, Fate.DOWN]
    assert place.deaths == 2
