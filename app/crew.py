"""`shoal consume --workers N`: what the supervisor is given, and what it says at the end."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.saying import speaking
from app.stopping import Stopping
from app.supervising import Supervisor
from stream.errors import SettingsError

if TYPE_CHECKING:
    from app.wiring import Wiring

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Crew:
    """Several workers of one machine, in slots from `first_slot` on."""

    workers: int
    first_slot: int
    command: tuple[str, ...]
    """To which each one's slot is added."""

    until_end: bool
    as_json: bool
    json_logs: bool

    def of(self, place: int) -> list[str]:
        account = ["--json"] if self.until_end else []
        return [*self.command, *account, "--slot", str(self.first_slot + place)]


def run_crew(wiring: Wiring, crew: Crew) -> int:
    """The exit code: 0 where all left in peace."""
    url = wiring.settings.log.url
    if url.startswith("sqlite:"):
        raise SettingsError(
            f"{url} is an embedded log, which takes one worker: leave --workers out, or use "
            "kafka://HOST:PORT"
        )
    with Stopping() as stopping, speaking(json_logs=crew.json_logs) as say:
        say(f"starting {crew.workers} workers")
        supervisor = Supervisor(crew.of, crew.workers, say, ends=crew.until_end)
        began = stopping.seconds()
        code = supervisor.run(stopping)
        if crew.until_end:
            _account(supervisor, stopping.seconds() - began, as_json=crew.as_json)
            return code or (INTERRUPTED if stopping.asked else 0)
    return code


def _account(supervisor: Supervisor, seconds: float, *, as_json: bool) -> None:
    """Of all workers together; one that was killed has told nothing, and those after it went on."""
    from app.consume_account import Account

    lines = [line for text in supervisor.printed() for line in text.splitlines()]
    account = Account.of(line for line in lines if line.startswith("{"))
    told = account.as_json(seconds) if as_json else account.in_words(seconds)
    sys.stdout.write(f"{told}\n")
