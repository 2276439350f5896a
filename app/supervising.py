"""Worker processes kept alive: started, restarted with back-off, and ended together.

Of what its workers do it knows nothing but how they ended. Each has the other end of a pipe as
its input: when the supervisor dies, in whatever way, the pipe closes and they leave by
themselves (`end_with_supervisor`), so none is ever orphaned.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Protocol

from app.worker_ends import DONE, FAILED, Fate, Patience, Place, how
from stream.errors import Fenced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LOOKS_SECONDS = 0.1


class Clock(Protocol):
    """What `app.stopping.Stopping` is."""

    @property
    def asked(self) -> bool: ...
    def wait(self, seconds: float) -> bool: ...
    def seconds(self) -> float: ...


class Supervisor:
    """Keeps `workers` processes of `command(slot)` alive until somebody wants to stop.

    With `ends` a worker that exits with 0 is done, and so is the supervisor when all are; what
    they print is then kept, and to be had from `printed`. Run it on the main thread.
    """

    def __init__(
        self,
        command: Callable[[int], Sequence[str]],
        workers: int,
        say: Callable[[str], None],
        patience: Patience | None = None,
        *,
        ends: bool = False,
    ) -> None:
        self._command, self._say, self._ends = command, say, ends
        self._patience = patience or Patience()
        self._places = [Place(slot) for slot in range(workers)]

    def run(self, stopping: Clock) -> int:
        """The exit code: 0 where all workers left in peace."""
        try:
            while not stopping.asked and not all(place.is_over for place in self._places):
                for place in self._places:
                    self._look_at(place, stopping.seconds())
                stopping.wait(LOOKS_SECONDS)
            return self._leave(stopping)
        except KeyboardInterrupt:  # a second Ctrl-C: at once
            self._say("killing the workers: what was not committed is done again next time")
            return FAILED
        finally:
            self._kill()

    def printed(self) -> Iterator[str]:
        """What each worker that ended had written to its output."""
        for place in self._places:
            yield from place.printed

    def _look_at(self, place: Place, now: float) -> None:
        if place.process is None:
            if place.due is not None and now >= place.due:
                self._start(place, now)
        elif place.process.poll() is not None:
            self._bury(place, place.process, now)

    def _start(self, place: Place, now: float) -> None:
        place.started = now
        place.process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            list(self._command(place.slot)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if self._ends else None,
            text=True,
            # The terminal's Ctrl-C is the supervisor's to hear: workers get one signal, not two.
            process_group=0,
        )

    def _bury(self, place: Place, process: subprocess.Popen[str], now: float) -> None:
        code, back_off = self._ended(place, process), self._patience.back_off
        lived = now - place.started
        fate = place.leave(code, lived, back_off.steady_seconds, ends=self._ends)
        if fate is Fate.AGAIN:
            pause = back_off.pause(place.deaths)
            place.due = now + pause
            self._say(f"worker {place.slot} {how(code)}: starting it again in {pause:g} s")
        elif fate is Fate.DOWN:
            why = (
                "twice in a row another process took its name: it stays down. Give each "
                "`shoal consume` on the group a --name of its own"
                if code == Fenced.exit_code
                else "it stays down, because starting it again would not help"
            )
            self._say(f"worker {place.slot} {how(code)}: {why}")

    def _ended(self, place: Place, process: subprocess.Popen[str]) -> int:
        """How it ended; closes what was shared with it."""
        if process.stdin is not None:
            process.stdin.close()
        if process.stdout is not None:
            place.printed.append(process.stdout.read())
            process.stdout.close()
        return process.wait()

    def _leave(self, stopping: Clock) -> int:
        """Asks all to go, waits for them, and says who would not."""
        failed = any(place.failed for place in self._places)
        for _, process in self._alive():
            process.send_signal(signal.SIGTERM)
        until = stopping.seconds() + self._patience.leaving_seconds
        for place, process in list(self._alive()):
            try:
                process.wait(max(0.0, until - stopping.seconds()))
            except subprocess.TimeoutExpired:
                waited = self._patience.leaving_seconds
                self._say(f"worker {place.slot} did not leave within {waited:g} s: killed")
                process.kill()
            code = self._ended(place, process)
            place.process, place.due = None, None
            failed |= code not in {DONE, -signal.SIGTERM}  # which is before it could listen
        return FAILED if failed else DONE

    def _alive(self) -> Iterator[tuple[Place, subprocess.Popen[str]]]:
        for place in self._places:
            if place.process is not None:
                yield place, place.process

    def _kill(self) -> None:
        for place, process in list(self._alive()):
            process.kill()
            self._ended(place, process)
            place.process = None


def end_with_supervisor(leaving_seconds: float = 20.0) -> None:
    """In a worker: once the supervisor is gone, leave as on SIGTERM, and soon at all costs."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(leaving_seconds)
        os._exit(FAILED)

    threading.Thread(target=watch, name="supervisor", daemon=True).start()
