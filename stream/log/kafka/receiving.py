"""Bytes from a broker straight to where they are read.

kafka-python takes 4 KiB at a time and gives the interpreter away each time, then copies a response
three times before anybody sees it. This leans on its inside too; `whole.misfit` checks it.
"""

from __future__ import annotations

from ssl import SSLWantReadError, SSLWantWriteError
from typing import Any

from kafka import errors
from kafka.protocol.frame import KafkaBytes

SCRATCH_BYTES = 64 * 1024
NOTHING_THERE = (BlockingIOError, InterruptedError, SSLWantReadError, SSLWantWriteError)


class Response(KafkaBytes):  # type: ignore[misc]  # kafka-python has no types
    """A response that hands out its content without copying it."""

    _idx: int

    def read(self, nbytes: int | None = None) -> Any:
        if nbytes is not None:
            return super().read(nbytes)
        rest = memoryview(self)[self._idx :]
        self._idx = len(self)
        return rest


def receive_in_place(manager: Any) -> None:
    """The manager's connections, those yet to be made, receive this way."""
    build = manager._build_transport

    async def built(*args: Any, **options: Any) -> Any:
        transport = await build(*args, **options)
        transport._sock_recv = Receiving(transport)
        return transport

    manager._build_transport = built


class Receiving:
    """Stands for a transport's `_sock_recv`: what came, and what went wrong.

    The length of a response and its last byte take kafka-python's own way, which notices that it
    is whole; all that lies between is received in place. What is handed out is good until the
    next call, and used up by then.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._scratch = bytearray(SCRATCH_BYTES)

    def __call__(self) -> tuple[memoryview | bytes, Exception | None]:
        sock = self._transport._sock
        try:
            _fill(sock, self._transport._protocol.parser)
            size = sock.recv_into(self._scratch)
        except NOTHING_THERE:
            return b"", None
        except OSError as error:
            return b"", errors.KafkaConnectionError(error)
        if not size:
            return b"", errors.KafkaConnectionError("socket disconnected")
        return memoryview(self._scratch)[:size], None


def _fill(sock: Any, parser: Any) -> None:
    """The response under way, if it is a large one, but for its last byte."""
    response = parser._rbuffer
    if not parser._receiving or len(response) <= SCRATCH_BYTES:
        return
    response.__class__ = Response
    rest = memoryview(response)[:-1]
    while response._idx < len(rest):
        size = sock.recv_into(rest[response._idx :])
        if not size:
            return
        response._idx += size
