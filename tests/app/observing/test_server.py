"""The server as a scraper and a probe meet it, over real sockets."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

import pytest
from prometheus_client import CollectorRegistry, Gauge

from app.observing.health import Health
from app.observing.server import CONNECTIONS, THIS_MACHINE, served
from stream.errors import SettingsError
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

THREAD = "shoal-http"


class Got(NamedTuple):
    status: int
    content_type: str
    body: bytes


class Running(NamedTuple):
    port: int
    health: Health

    def ask(self, path: str, method: str = "GET", accept: str = "*/*") -> Got:
        connection = http.client.HTTPConnection(THIS_MACHINE, self.port, timeout=30)
        try:
            connection.request(method, path, headers={"Accept": accept})
            response = connection.getresponse()
            return Got(response.status, response.headers["Content-Type"], response.read())
        finally:
            connection.close()

    def say(self, raw: bytes) -> bytes:
        with socket.create_connection((THIS_MACHINE, self.port), timeout=30) as connection:
            connection.sendall(raw)
            return b"".join(iter(lambda: received(connection), b""))


def received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65_536)
    except ConnectionResetError:  # hung up on before everything said was read
        return b""


@pytest.fixture
def seconds() -> list[float]:
    return [0.0]


@pytest.fixture
def running(seconds: list[float]) -> Iterator[Running]:
    registry = CollectorRegistry()
    Gauge("shoal_test", "A gauge.", registry=registry).set(42)
    health = Health(lambda: seconds[0], stalled_after=60)
    with served(registry, health, port=0) as port:
        assert port
        yield Running(port, health)


def test_metrics_are_in_the_format_that_the_scraper_asks_for(running: Running) -> None:
    plain = running.ask("/metrics")
    assert plain.status == 200
    assert plain.content_type.startswith("text/plain")
    assert b"\nshoal_test 42.0\n" in plain.body
    other = running.ask("/metrics?debug=1", accept="application/openmetrics-text; version=1.0.0")
    assert other.content_type.startswith("application/openmetrics-text")
    assert other.body.endswith(b"# EOF\n")


def test_a_worker_that_restores_is_alive_not_ready_and_says_what_it_waits_for(
    running: Running,
) -> None:
    running.health.turned(waits_for=["partition 3 to be restored"])
    assert running.ask("/healthz").status == 200
    answer = running.ask("/readyz")
    assert (answer.status, answer.content_type) == (503, "application/json")
    waiting = {"ready": False, "waits_for": ["partition 3 to be restored"]}
    assert json.loads(answer.body) == waiting
    running.health.turned(waits_for=[])
    answer = running.ask("/readyz")
    assert (answer.status, json.loads(answer.body)) == (200, {"ready": True, "waits_for": []})


def test_a_worker_that_stands_still_is_neither_alive_nor_ready(
    running: Running, seconds: list[float]
) -> None:
    running.health.turned(waits_for=[])
    seconds[0] = 61.0
    answer = running.ask("/healthz")
    assert answer.status == 503
    assert json.loads(answer.body) == {"alive": False, "seconds_since_last_turn": 61.0}
    assert running.ask("/readyz").status == 503
    assert running.ask("/metrics").status == 200


def test_any_other_path_says_which_there_are(running: Running) -> None:
    answer = running.ask("/metric")
    assert answer.status == 404
    assert b"/metrics\n/healthz\n/readyz\n" in answer.body
    assert running.ask("/").body == b"/metrics\n/healthz\n/readyz\n"


def test_head_is_get_without_the_body(running: Running) -> None:
    assert running.ask("/readyz", "HEAD") == (503, "application/json", b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_nothing_but_get_and_head_is_taken(running: Running, method: str) -> None:
    assert running.ask("/metrics", method).status == 405


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        (b"GET / HTTP/9.9\r\n\r\n", b"Version Not Supported"),
        (b"nonsense\r\n\r\n", b"Bad Request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"Bad Request"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b" 200 "),
    ],
)
def test_what_is_no_request_is_told_so(running: Running, raw: bytes, answer: bytes) -> None:
    assert answer in running.say(raw)


@pytest.mark.parametrize(
    "raw", [b"GET /" + b"x" * 20_000, b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5_000 + b"\r\n"]
)
def test_who_says_too_much_is_hung_up_on_and_the_next_is_answered(
    running: Running, raw: bytes
) -> None:
    assert running.say(raw) == b""
    assert running.ask("/healthz").status == 200


def test_who_trickles_is_hung_up_on() -> None:
    health = Health(lambda: 0.0)
    with (
        served(CollectorRegistry(), health, port=0, request_seconds=0.1) as port,
        socket.create_connection((THIS_MACHINE, port or 0), timeout=30) as connection,
    ):
        connection.sendall(b"GET / HT")
        assert received(connection) == b""


def test_connections_beyond_the_bound_are_hung_up_on_and_places_come_free_again(
    running: Running,
) -> None:
    with ExitStack() as held:
        for _ in range(CONNECTIONS):
            held.enter_context(socket.create_connection((THIS_MACHINE, running.port), timeout=30))
        until(lambda: workers() == CONNECTIONS, "all places to be taken")
        with socket.create_connection((THIS_MACHINE, running.port), timeout=30) as one_more:
            assert received(one_more) == b""
    until(lambda: workers() == 0, "the places to come free")
    assert running.ask("/healthz").status == 200


def workers() -> int:
    return sum("process_request_thread" in thread.name for thread in threading.enumerate())


def test_afterwards_nobody_listens_and_no_thread_is_left() -> None:
    with served(CollectorRegistry(), Health(lambda: 0.0), port=0) as port:
        assert THREAD in {thread.name for thread in threading.enumerate()}
    assert THREAD not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((THIS_MACHINE, port or 0), timeout=30)
    with served(CollectorRegistry(), Health(lambda: 0.0), port=port) as again:
        assert again == port


def test_without_a_port_nothing_listens() -> None:
    with served(CollectorRegistry(), Health(lambda: 0.0), port=None) as port:
        assert port is None
        assert THREAD not in {thread.name for thread in threading.enumerate()}


def test_a_port_that_is_taken_is_named_with_the_remedy(running: Running) -> None:
    said = rf"127\.0\.0\.1:{running.port} \(Address already in use\).*consume\.metrics_port"
    with (
        pytest.raises(SettingsError, match=said),
        served(CollectorRegistry(), running.health, port=running.port),
    ):
        pass


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7", "a" * 300, "\ud800"])
def test_an_address_that_is_not_ours_is_named_with_the_remedy(host: str) -> None:
    with (
        pytest.raises(SettingsError, match=r"consume\.metrics_host"),
        served(CollectorRegistry(), Health(lambda: 0.0), port=0, host=host),
    ):
        pass


def test_it_listens_on_ipv6_where_there_is_any() -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    with served(CollectorRegistry(), Health(lambda: 0.0), port=0, host="::1") as port:
        connection = http.client.HTTPConnection("::1", port, timeout=30)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
