"""How large a request's body may be: counted as it comes in, whatever its headers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.api.problems import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Answers 413 where a body is too large, and reads no more of it."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app, self._most = app, most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced = _announced(scope)
        if announced is None:
            await self._app(scope, receive, send)
            return
        answering = _Answering(send)
        try:
            self._check(announced)
            await self._app(scope, self._counted(receive), answering)
        except _TooLarge:
            if answering.has_begun:
                raise
            await self._problem().response()(scope, receive, send)

    def _counted(self, receive: Receive) -> Receive:
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            self._check(came)
            return message

        return counted

    def _check(self, came: int) -> None:
        if came > self._most:
            raise _TooLarge

    def _problem(self) -> Problem:
        return Problem(
            413,
            "body-too-large",
            f"the body has more than {self._most:,} bytes: send less at once",
            headers={"Connection": "close"},
        )


class _TooLarge(BaseException):
    """Passes by the frameworks' handlers, which would call it a body that can't be read."""


class _Answering:
    def __init__(self, send: Send) -> None:
        self._send, self.has_begun = send, False

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        await self._send(message)


def _announced(scope: Scope) -> int | None:
    """The length that was said, 0 where none was; None where there is no body, as HTTP/1.1 has it
    of a request without either header."""
    if scope["type"] != "http":
        return None
    found = None
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
        if name == b"transfer-encoding":
            found = 0
    return found
