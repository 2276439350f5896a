"""One line a request: who asked which route, what the answer was, how long it took.

The route, not the path, and no query: a path may hold a customer's id.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from app.api.gate import CALLER

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.api.metrics import ApiMetrics

logger = logging.getLogger(__name__)

NO_ROUTE = "-"
LINE = "%s %s %s %d %.1f ms"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


class AccessLog:
    """Outermost, so that every answer is seen."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: ApiMetrics,
        *,
        with_paths: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._metrics = app, metrics
        self._with_paths, self._clock = with_paths, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = self._clock(), 500

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, seen)
        finally:
            self._note(scope, status, self._clock() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", NO_ROUTE)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.answered(route, method, status, seconds)
        if logger.isEnabledFor(logging.INFO):
            shown = scope["path"] if self._with_paths else route
            shown = shown.encode("unicode_escape").decode()  # a path may hold an end of line
            said = (scope.get(CALLER, NO_ROUTE), method, shown, status, seconds * 1000)
            # Without looking for who calls, which takes longer than the line itself.
            record = logger.makeRecord(logger.name, logging.INFO, __file__, 0, LINE, said, None)
            logger.handle(record)
