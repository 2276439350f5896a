"""Groups of one worker: a hold that ends with its process, and a generation that fences.

The hold is an exclusive lock on a small file beside the log, one for each group. The
operating system lets go of it when the process ends in whatever way: no clock is asked.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxhash import xxh3_128_hexdigest

from stream.errors import GroupBusy, GroupMovedOn
from stream.log.closing import ClosingMixin
from stream.log.embedded.database import Database
from stream.log.embedded.faults import explain

if TYPE_CHECKING:
    from stream.log.embedded.place import Place

HOLD_SECONDS = 0.1  # two that come at the same instant would else refuse each other


@dataclass(frozen=True, slots=True)
class EmbeddedMembership:
    """Which of a group's workers, one after the other, this one is."""

    group: str
    topic: str
    generation: int

    @property
    def member(self) -> str:
        return f"{self.group}-{self.generation}"

    def check(self, connection: sqlite3.Connection) -> None:
        """`GroupMovedOn` where the group has gone on without it."""
        row = connection.execute(
            "SELECT generation FROM groups WHERE name = ?", (self.group,)
        ).fetchone()
        if row is None or row[0] != self.generation:
            raise GroupMovedOn(
                f"group {self.group!r} has gone on without this worker: "
                "drop what it holds, and subscribe again"
            )


class GroupPlace(ClosingMixin):
    """The one place of a group, taken from the start until closed."""

    def __init__(self, place: Place, group: str, topic: str, member: str) -> None:
        self._group, self._member = group, member
        self._database = Database(place, f"the subscription of group {group!r}")
        self._hold: sqlite3.Connection | None = None
        try:
            self._hold = self._take_hold(place)
            self.membership = EmbeddedMembership(group, topic, self._next_generation())
        except BaseException:
            self._let_go()
            raise

    def close(self) -> None:
        """Leaves: what is still sent under the membership is fenced."""
        if self._hold is not None:
            try:
                self._next_generation()
            finally:
                self._let_go()

    def _take_hold(self, place: Place) -> sqlite3.Connection:
        log = place.file()
        # A digest, because a group's name may be longer than a file's, or differ by case alone.
        file = log.with_name(f"{log.name}-group-{xxh3_128_hexdigest(self._group.encode())}")
        hold = sqlite3.connect(
            file, timeout=HOLD_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            hold.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            hold.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise GroupBusy(self._who_has_it()) from None
            raise explain(error, f"sqlite:///{file}") from error
        return hold

    def _who_has_it(self) -> str:
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT member, process_id FROM groups WHERE name = ?", (self._group,)
            ).fetchone()
        who = "another" if row is None else f"{row[0]!r} (process {row[1]})"
        return (
            f"group {self._group!r} has its worker, {who}: the embedded log takes one a group. "
            "Stop that one, or use kafka://HOST:PORT for several"
        )

    def _next_generation(self) -> int:
        with self._database.writing() as connection:
            row = connection.execute(
                "INSERT INTO groups VALUES (?, 1, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                " generation = generation + 1,"
                " member = excluded.member, process_id = excluded.process_id"
                " RETURNING generation",
                (self._group, self._member, os.getpid()),
            ).fetchall()
        return int(row[0][0])

    def _let_go(self) -> None:
        hold, self._hold = self._hold, None
        if hold is not None:
            hold.close()
        self._database.close()
