"""One run of `shoal api`: keys, database, application, and a server until it is told to stop.

1. What is wrong with settings shows before anything listens.
2. The database; or, beside an embedded log, tables of its own that a sink in this process writes.
3. The server, which ends with everything answered when it is told to stop.
"""

from __future__ import annotations

import importlib.util
import logging
from contextlib import ExitStack
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from app.observing.registry import process_registry
from app.saying import speaking
from app.stopping import Stopping
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from prometheus_client import CollectorRegistry

    from app.api.keys import Keys
    from app.api.state import ApiState
    from app.own_sink import OwnSink
    from app.wiring import Wiring
    from stream.settings.api import ApiSettings

NEEDED = ("fastapi", "uvicorn", "sse_starlette", "sqlalchemy")
ACCESS_LOG = "app.api.access_log"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    json_logs: bool = False
    own_tables: bool = False
    """Read the tables beside the log, though `sink.db` is set: --log was given, and no --db."""


def run(wiring: Wiring, wanted: Wanted) -> None:
    """Answers until it is told to stop."""
    _require_installed()
    from app.api.keys import load_keys
    from app.api.listening import listening, serve

    settings = wiring.settings.api
    keys = load_keys(settings)
    require_guarded(settings, has_keys=bool(keys))  # 1
    with ExitStack() as stack:
        stopping = stack.enter_context(Stopping())
        say = stack.enter_context(speaking(json_logs=wanted.json_logs))
        logging.getLogger(ACCESS_LOG).setLevel(logging.INFO)
        sockets = stack.enter_context(listening(settings.host, settings.port))
        state = _state(wiring, wanted, keys, stack, lambda: stopping.asked)  # 2
        say(f"answering on {sockets.url} (what there is: {sockets.url}/docs)")
        serve(state, sockets)  # 3


def require_guarded(settings: ApiSettings, *, has_keys: bool) -> None:
    """Whoever can reach it must not be anybody."""
    if not (has_keys or settings.open or is_this_machine(settings.host)):
        raise SettingsError(
            f"api.host {settings.host} can be reached from elsewhere, and no keys are set: set "
            "SHOAL_API__KEYS or api.keys_file, or api.open where others are kept out"
        )


def is_this_machine(host: str) -> bool:
    """Whether only this machine can reach it there.

    >>> [is_this_machine(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0")]
    [True, True, True, False]
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _state(
    wiring: Wiring, wanted: Wanted, keys: Keys, stack: ExitStack, is_ending: Callable[[], bool]
) -> ApiState:
    from app.api.erasing import Eraser
    from app.api.metrics import ApiMetrics
    from app.api.state import ApiState
    from app.queries.database import open_database

    registry = process_registry()
    chosen = None if wanted.own_tables else wiring.settings.sink.db
    own = _own_sink(wiring, registry, stack) if chosen is None else None
    url = own.url if own else chosen.get_secret_value() if chosen else ""
    return ApiState(
        database=stack.enter_context(open_database(url)),
        settings=wiring.settings.api,
        keys=keys,
        metrics=ApiMetrics(registry),
        eraser=Eraser(wiring),
        waits_for=(lambda: own.waits_for) if own else lambda: None,
        is_ending=is_ending,
    )


def _own_sink(wiring: Wiring, registry: CollectorRegistry, stack: ExitStack) -> OwnSink:
    from app.observing.health import Health
    from app.observing.sink_observed import SinkObserved
    from app.own_sink import OwnSink

    if not wiring.settings.log.url.startswith("sqlite:"):
        raise SettingsError(
            "what is to be read? Give --db with the database that `shoal sink` writes, or set "
            "sink.db; only an embedded log has tables beside it"
        )
    watching = SinkObserved(registry, Health(lambda: 0.0))
    return stack.enter_context(OwnSink(wiring, watching))


def _require_installed() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"the API needs {' and '.join(missing)}, which are not installed: "
            "pip install shoal[api,sql]"
        )
