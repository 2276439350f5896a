"""One server of a kind for all workers of a parallel run.

The process that controls the workers starts it, when the first of them asks, and stops it when
the run is over: a worker may end long before the others, and could not keep it for them.
"""

from __future__ import annotations

from contextlib import ExitStack
from multiprocessing.connection import Client, Listener
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    Start = Callable[[], AbstractContextManager[str]]

THERE, NOT_HERE, BROKEN, OVER = b"+", b"-", b"!", b""


class NoServer(Exception):
    """Why there is none on this machine."""


class Lender:
    """Knows how each kind of server is started; `address` says where to ask for one.

    >>> from contextlib import nullcontext
    >>> lender = Lender({"kafka": lambda: nullcontext("localhost:9092")})
    >>> borrow(lender.address, "kafka")
    'localhost:9092'
    >>> lender.close()
    """

    def __init__(self, kinds: Mapping[str, Start]) -> None:
        self._kinds = kinds
        self._answers: dict[str, bytes] = {}
        self._listener = Listener()
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        address = self._listener.address
        assert isinstance(address, str)  # of a socket that is a file
        return address

    def close(self) -> None:
        """Stops what was started."""
        with Client(self.address) as asking:
            asking.send_bytes(OVER)
        self._thread.join()

    def _serve(self) -> None:
        with self._listener, ExitStack() as started:
            while True:
                with self._listener.accept() as asked:
                    kind = asked.recv_bytes()
                    if kind == OVER:
                        return
                    asked.send_bytes(self._answer(kind.decode(), started))

    def _answer(self, kind: str, started: ExitStack) -> bytes:
        """Where it is, or why there is none: that is not tried again for the next who asks."""
        if kind not in self._answers:
            try:
                where = started.enter_context(self._kinds[kind]())
                self._answers[kind] = THERE + where.encode()
            except NoServer as reason:
                self._answers[kind] = NOT_HERE + str(reason).encode()
            except Exception as error:  # it is told to who asked
                self._answers[kind] = BROKEN + repr(error).encode()
        return self._answers[kind]


def borrow(address: str, kind: str) -> str:
    """Where the shared server is; `NoServer` says why there is none."""
    with Client(address) as asking:
        asking.send_bytes(kind.encode())
        answer = asking.recv_bytes()
    sort, said = answer[:1], answer[1:].decode()
    if sort == NOT_HERE:
        raise NoServer(said)
    assert sort == THERE, said
    return said
