"""One connection of the HTTP server: one request, of bounded size, within bounded time."""

from __future__ import annotations

import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import TYPE_CHECKING, ClassVar

from app.observing.answers import TEXT, Answer

if TYPE_CHECKING:
    from app.observing.answers import Answers

REQUEST_BYTES = 8192
REQUEST_SECONDS = 5.0
"""For the whole of a request, however slowly its bytes trickle in."""


def handler(
    answers: Answers, request_seconds: float = REQUEST_SECONDS
) -> type[BaseHTTPRequestHandler]:
    """A class, because that is what the standard library's server wants."""

    class Handler(_Handler):
        _answers: ClassVar[Answers] = answers
        seconds: ClassVar[float] = request_seconds

    return Handler


class _Handler(BaseHTTPRequestHandler):
    _answers: ClassVar[Answers]
    seconds: ClassVar[float]

    def handle(self) -> None:
        """Who is too slow, says too much or goes away gets no answer."""
        try:
            head = self._read_head()
            if head is not None:
                self.rfile.close()
                self.rfile = BytesIO(head)
                self.handle_one_request()
        except (TimeoutError, ConnectionError):
            self.close_connection = True

    def _read_head(self) -> bytes | None:
        """Up to the empty line, where it comes: no request that is taken here has a body."""
        ends_at = time.monotonic() + self.seconds
        head = b""
        while len(head) < REQUEST_BYTES:
            self.connection.settimeout(max(ends_at - time.monotonic(), 0.001))
            more: bytes = self.connection.recv(REQUEST_BYTES - len(head))
            head += more
            if b"\r\n\r\n" in head:
                self.connection.settimeout(self.seconds)
                return head
            if not more:
                break
        return None

    def do_GET(self) -> None:
        answer = self._answers.of(self.path, self.headers.get("Accept", ""))
        self._send(answer, with_body=self.command != "HEAD")

    do_HEAD = do_GET  # noqa: N815 (the standard library's name for it)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Short and plain, where the standard library would write a page of HTML."""
        status = HTTPStatus(code)
        if status is HTTPStatus.NOT_IMPLEMENTED:  # what it says of every other method
            status = HTTPStatus.METHOD_NOT_ALLOWED
        self._send(Answer(status, TEXT, f"{status.phrase}\n".encode()))

    def _send(self, answer: Answer, *, with_body: bool = True) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        if answer.status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body)

    def version_string(self) -> str:
        return "shoal"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Nothing: probes ask several times a minute."""
