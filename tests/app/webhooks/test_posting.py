"""One request: what it may take, what it follows, whom it trusts, and what is said of it."""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING

import pytest
import trustme

from app.webhooks.posting import Post
from app.webhooks.retrying import Verdict
from tests.app.webhooks.receivers import answering, nobody, receiving

if TYPE_CHECKING:
    from pathlib import Path

HELLO = b'{"change_id": "c"}'


def test_a_connection_is_kept_and_the_whole_address_is_asked_for() -> None:
    with receiving() as receiver:
        post = Post(receiver.url, 5)
        assert [post.send(HELLO, {"A": "b"}).status for _ in range(3)] == [204] * 3
        post.close()
    assert receiver.connections == 1
    assert {one.path for one in receiver.requests} == {"/in/sesame?token=open"}
    assert {one.body for one in receiver.requests} == {HELLO}
    assert receiver.requests[0].headers["A"] == "b"


def test_a_kept_connection_that_was_closed_meanwhile_is_no_failure() -> None:
    with receiving() as receiver:
        post = Post(receiver.url, 5)
        assert post.send(HELLO, {}).status == 204
        port = receiver.port
        assert post._socket is not None
        post._socket._socket.shutdown(2)  # as seen from here when the other side has gone
        assert post.send(HELLO, {}).status == 204
        assert (receiver.connections, receiver.port) == (2, port)
        post.close()


def test_a_redirect_is_not_followed() -> None:
    with receiving() as elsewhere, receiving(status=lambda *_: 307) as receiver:
        receiver.headers["Location"] = elsewhere.url
        post = Post(receiver.url, 5)
        answer = post.send(HELLO, {})
        post.close()
    assert (answer.status, answer.verdict) == (307, Verdict.FAILED)
    assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("said", "heard"), [("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("nan", None)]
)
def test_how_long_the_target_wants_to_be_left_alone_is_heard(
    said: str, heard: float | None
) -> None:
    with receiving(status=lambda *_: 429, headers={"Retry-After": said}) as receiver:
        post = Post(receiver.url, 5)
        assert post.send(HELLO, {}).retry_after_seconds == heard
        post.close()


def test_nobody_there_is_said_without_the_path() -> None:
    with nobody() as port:
        answer = Post(f"http://127.0.0.1:{port}/sesame", 5).send(HELLO, {})
    assert answer.status is None
    assert "can't be reached (Connection refused)" in answer.reason
    assert "sesame" not in answer.reason


def test_an_answer_that_trickles_in_ends_with_the_time_out() -> None:
    with answering(*[b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 500], pause_seconds=0.02) as port:
        began = time.monotonic()
        answer = Post(f"http://127.0.0.1:{port}/", 0.3).send(HELLO, {})
        assert time.monotonic() - began < 8  # of the ten that it takes
    assert answer.reason == "did not answer within 0.3 s"


def test_a_body_without_end_does_not_matter() -> None:
    endless = [b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", *[b"x" * 65_536] * 3]
    with answering(*endless) as port:
        post = Post(f"http://127.0.0.1:{port}/", 5)
        assert post.send(HELLO, {}).verdict is Verdict.DELIVERED
        assert post._connection is None
        post.close()


@pytest.mark.parametrize("nonsense", [b"SSH-2.0\r\n", b"\x00\xff" * 70_000, b""])
def test_what_is_no_http_is_a_failure(nonsense: bytes) -> None:
    with answering(nonsense) as port:
        answer = Post(f"http://127.0.0.1:{port}/", 5).send(HELLO, {})
    assert answer.status is None
    assert answer.reason.isprintable()


def test_only_a_trusted_certificate_for_that_host_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    right, wrong = (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2))
    authority.issue_cert("localhost").configure_cert(right)
    authority.issue_cert("elsewhere.example").configure_cert(wrong)
    with receiving(right) as receiver, receiving(wrong) as other:
        assert "certificate that is not trusted" in Post(receiver.url, 5).send(HELLO, {}).reason
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert "certificate that is not trusted" in Post(other.url, 5).send(HELLO, {}).reason
        post = Post(receiver.url, 5)
        assert post.send(HELLO, {}).status == 204
        post.close()
    assert (len(receiver.taken), other.requests) == (1, [])
