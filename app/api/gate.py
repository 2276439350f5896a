"""Who gets in: the host that was asked, the key, its role, and how often.

Plain ASGI before all routes, so that a request that is not allowed costs next to nothing.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from app.api.keys import ANYBODY, Caller, Role
from app.api.problems import Problem
from app.api.rates import Rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.api.keys import Keys
    from app.api.metrics import ApiMetrics
    from stream.settings.api import ApiSettings

FREE = frozenset({"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"})
"""What says nothing about anybody: for probes, scrapers, and whoever writes a client."""

ROLES = {"GET": Role.READ, "HEAD": Role.READ, "POST": Role.WRITE, "DELETE": Role.ERASE}
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})
CALLER = "shoal.caller"
"""Where in the scope the caller is, for the access log."""


class Gate:
    """Lets a request through, or answers with the problem."""

    def __init__(
        self,
        app: ASGIApp,
        keys: Keys,
        settings: ApiSettings,
        metrics: ApiMetrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._keys, self._settings = app, keys, settings
        self._metrics, self._clock = metrics, clock
        self._rates = Rates(per_second=settings.requests_per_second, burst=settings.burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in FREE:
            try:
                self._let_in(scope)
            except Problem as problem:
                self._metrics.refused(problem.body.type)
                await problem.response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _let_in(self, scope: Scope) -> None:
        headers = dict(scope["headers"])
        if not self._keys and not self._settings.open:
            _require_this_machine(headers.get(b"host", b""))
        address = (scope.get("client") or ("nobody", 0))[0]
        caller = self._caller(headers)
        scope[CALLER] = caller.name if caller and caller is not ANYBODY else address
        # A wrong key is counted by its address, so that keys can't be tried in a hurry.
        self._spend(f"key {caller.name}" if caller and self._keys else address)
        if caller is None:
            raise Problem(
                401,
                "no-valid-key",
                "the request has no key that is known here: send it as `Authorization: Bearer "
                "KEY` or `X-API-Key: KEY`",
                headers={"WWW-Authenticate": 'Bearer realm="shoal"'},
            )
        _require_role(caller, scope["method"])

    def _caller(self, headers: dict[bytes, Any]) -> Caller | None:
        if not self._keys:
            return ANYBODY
        scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() != b"bearer":
            key = headers.get(b"x-api-key", b"")
        return self._keys.caller(key.strip())

    def _spend(self, caller: str) -> None:
        wait = self._rates.take(caller, self._clock())
        if wait:
            raise Problem(
                429,
                "too-many-requests",
                f"more than {self._settings.requests_per_second:g} requests a second: wait as "
                "long as Retry-After says, or have api.requests_per_second raised",
                headers={"Retry-After": str(math.ceil(wait))},
            )


def _require_this_machine(host: bytes) -> None:
    """Without keys a page in a browser must not get in by having its own name point here."""
    name = host.decode("latin-1").rpartition(":")[0] or host.decode("latin-1")
    name = host.decode("latin-1") if host.endswith(b"]") else name
    if name.lower() not in THIS_MACHINE:
        raise Problem(
            403,
            "unknown-host",
            "without keys only requests to localhost are answered: set api.keys, or api.open",
        )


def _require_role(caller: Caller, method: str) -> None:
    role = ROLES.get(method)  # any other method has no route, and says so itself
    if role is not None and role not in caller.roles:
        raise Problem(
            403,
            "role-missing",
            f"the key {caller.name!r} has not the role {role.value!r}: use one that has",
        )
