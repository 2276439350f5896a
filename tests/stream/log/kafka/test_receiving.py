"""Responses arrive whole, however the network cuts them."""

from __future__ import annotations

import socket
import struct
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.errors import KafkaConnectionError
from kafka.protocol.parser import KafkaProtocol

from stream.log.kafka.receiving import SCRATCH_BYTES, Receiving

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE = 100_000
SIZES = st.integers(0, 40) | st.integers(SCRATCH_BYTES - 2, SCRATCH_BYTES + 3) | st.just(200_000)


class Parser(KafkaProtocol):  # type: ignore[misc]  # kafka-python has no types
    """Takes each response for what its bytes are."""

    def _process_response(self, read_buffer: object) -> bytes:
        return bytes(read_buffer.read())  # type: ignore[attr-defined]  # a KafkaBytes


class Connection:
    """Both ends of a connection, and the receiving one's parser."""

    def __init__(self) -> None:
        self.far, near = socket.socketpair()
        near.setblocking(False)
        self._parser = Parser()
        protocol = SimpleNamespace(parser=self._parser)
        self._near = near
        self._receive = Receiving(SimpleNamespace(_sock=near, _protocol=protocol))

    def close(self) -> None:
        self.far.close()
        self._near.close()

    def received(self) -> list[bytes]:
        """All that is there."""
        responses: list[bytes] = []
        while True:
            data, error = self._receive()
            if error is not None:
                raise error
            if not len(data):
                return responses
            responses += self._parser.receive_bytes(data)


@pytest.fixture
def connection() -> Iterator[Connection]:
    made = Connection()
    yield made
    made.close()


@given(st.lists(SIZES, min_size=1, max_size=4), st.lists(st.floats(0, 1), max_size=8))
def test_responses_are_what_was_sent_wherever_they_are_cut(
    sizes: list[int], cuts: list[float]
) -> None:
    connection = Connection()
    sent = [bytes([65 + place]) * size for place, size in enumerate(sizes)]
    stream = b"".join(struct.pack(">i", len(one)) + one for one in sent)
    fine = range(0, len(stream), AT_ONCE)  # a socket holds no more
    places = sorted({*fine, *(round(cut * len(stream)) for cut in cuts), len(stream)})
    received: list[bytes] = []
    for begin, end in pairwise(places):
        connection.far.sendall(stream[begin:end])
        received += connection.received()
    connection.close()
    assert received == sent


@pytest.mark.parametrize("begun", [b"", struct.pack(">i", 200_000) + b"x" * 100])
def test_a_broker_that_hangs_up_is_an_error(connection: Connection, begun: bytes) -> None:
    connection.far.sendall(begun)
    connection.far.close()
    with pytest.raises(KafkaConnectionError, match="disconnected"):
        while True:
            connection.received()
