"""Customers whose ids read like a path: `a/history`, which is sent as `a%2Fhistory`.

Servers decode a path before it is routed, and the end of such an id would be taken for what comes
behind one. So its last slash goes to the route as a mark that no id has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

OF_A_CUSTOMER = ("/history", "/recommendations")
"""What there is behind a customer's path."""

_ENDS = tuple(end.encode() for end in OF_A_CUSTOMER)
MARK, REFUSED = "\x00", "\x01"
"""Neither is in an id; whoever sends one of them is refused."""


class Paths:
    """Innermost, so that nobody but routes sees a mark."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if b"%" not in scope.get("raw_path", b""):
            await self._app(scope, receive, send)
            return
        scope["path"] = marked(path, scope["raw_path"])
        try:
            await self._app(scope, receive, send)
        finally:
            scope["path"] = path


def marked(path: str, raw: bytes) -> str:
    """
    >>> marked("/customers/a/history", b"/customers/a%2Fhistory")
    '/customers/a\\x00history'
    >>> marked("/customers/a/history", b"/customers/%61/history")
    '/customers/a/history'
    """
    path = path.replace(MARK, REFUSED)
    if not unquote_to_bytes(raw.rpartition(b"/")[2]).endswith(_ENDS):
        return path
    before, _, after = path.rpartition("/")
    return f"{before}{MARK}{after}"


def unmarked(customer_id: str) -> str:
    """
    >>> unmarked("a\\x00history")
    'a/history'
    """
    return customer_id.replace(MARK, "/")
