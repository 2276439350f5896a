"""A way to a server that can be cut: to be without a database while others go on using it."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread

from sqlalchemy import make_url

from stream.log.closing import ClosingMixin


class Relay(ClosingMixin):
    """Hands on what comes to a port of this machine; while it is cut nobody listens there."""

    def __init__(self, url: str) -> None:
        there = make_url(url)
        self._target = (there.host or "localhost", there.port or 5432)
        self._open: set[socket.socket] = set()
        self._listening = self._listen(0)
        self._port: int = self._listening.getsockname()[1]
        made = there.set(host="127.0.0.1", port=self._port)
        self.url = made.render_as_string(hide_password=False)

    def cut(self) -> None:
        """At once, whatever is under way."""
        for one in (self._listening, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def mend(self) -> None:
        self._listening = self._listen(self._port)

    def close(self) -> None:
        self.cut()

    def _listen(self, port: int) -> socket.socket:
        listening = socket.create_server(("127.0.0.1", port))
        Thread(target=self._accept, args=(listening,), daemon=True).start()
        return listening

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(self._target)
                self._open |= {near, far}
                for one, other in ((near, far), (far, near)):
                    Thread(target=_hand_on, args=(one, other), daemon=True).start()


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while found := source.recv(65_536):
            target.sendall(found)
    for one in (source, target):
        one.close()
