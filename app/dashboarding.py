"""One run of `shoal dashboard`: what is read, the tables where nobody else writes them, the server.

Streamlit's server listens to Ctrl-C and SIGTERM itself and ends cleanly; whatever was opened
before it is closed after it.
"""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import webbrowser
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

from app.saying import speaking
from app.wiring import Wiring
from stream.errors import InputError, SettingsError
from stream.settings import load_settings

if TYPE_CHECKING:
    from app.dashboard.place import Place
    from stream.settings import Settings

SCRIPT = Path(__file__).with_name("dashboard_script.py")
NEEDED = ("streamlit", "plotly", "pandas", "sqlalchemy", "alembic")
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 (compared with, not bound to)
UNTIL_THERE_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; None: as the settings have it."""

    db: str | None = None
    log: str | None = None
    config: Path | None = None
    host: str | None = None
    port: int | None = None
    open_browser: bool = False
    demo: Path | None = None
    """The folder of a demonstration, whose shop goes on meanwhile."""


def run(wanted: Wanted) -> None:
    """Serves until it is told to stop."""
    settings = load_settings(wanted.config, _flags(wanted))
    _require_installed()
    host, port = settings.dashboard.host, settings.dashboard.port
    _require_free(host, port)
    import_module("streamlit.web.bootstrap")  # first: pandas, half imported, trips other threads
    with ExitStack() as stack:
        say = stack.enter_context(speaking(json_logs=False))
        only_log = wanted.db is None and (wanted.log or wanted.demo) is not None
        place = _place(settings, stack, only_log=only_log)
        if wanted.demo is not None:
            stack.callback(_end, _going_on(wanted.demo))
        url = f"http://{'localhost' if host in EVERYWHERE else host}:{port}"
        say(f"the dashboard is at {url} (Ctrl-C ends it)")
        if wanted.open_browser:
            opening = Timer(UNTIL_THERE_SECONDS, webbrowser.open, [url])
            opening.start()
            stack.callback(opening.cancel)
        _serve(place)


def _place(settings: Settings, stack: ExitStack, *, only_log: bool) -> Place:
    """A log that is named says where to read, unless a database is named too."""
    from app.dashboard.lag import LagWatch
    from app.dashboard.place import Place
    from app.own_sink import OwnSink
    from app.queries.database import open_database

    wiring, database = Wiring(settings), settings.sink.db
    if database is not None and not only_log:
        url, has_log = database.get_secret_value(), _has_log(settings)
    else:
        url, has_log = stack.enter_context(OwnSink(wiring)).url, True
    opened = stack.enter_context(open_database(url))
    lag = stack.enter_context(LagWatch(wiring)) if has_log else None
    return Place(opened, settings, has_log, lag)


def _has_log(settings: Settings) -> bool:
    """An embedded one is there or it isn't; one on Kafka is asked when it is needed."""
    file = settings.log.url.removeprefix("sqlite:///").partition("?")[0]
    return not settings.log.url.startswith("sqlite:") or Path(file).exists()


def _serve(place: Place) -> None:
    from streamlit.web import bootstrap

    from app.dashboard.place import hand_over

    hand_over(place)
    options = streamlit_options(place.settings)
    bootstrap.load_config_options(options)
    bootstrap.run(str(SCRIPT), False, [], options)


def streamlit_options(settings: Settings) -> dict[str, Any]:
    """Streamlit's switches: it watches no files, tells nobody anything, asks no other server."""
    from app.dashboard.theme import STREAMLIT

    return {
        "server_address": settings.dashboard.host,
        "server_port": settings.dashboard.port,
        "server_headless": True,
        "server_fileWatcherType": "none",
        "server_maxUploadSize": settings.dashboard.upload_megabytes,
        "browser_gatherUsageStats": False,
        "client_toolbarMode": "viewer",
        "client_showErrorDetails": "none",
        "logger_hideWelcomeMessage": True,
        **STREAMLIT,
    }


def _going_on(demo: Path) -> subprocess.Popen[bytes]:
    """A process of its own: what it does must not hold pages up."""
    command = [sys.executable, "-m", "app.demo.living", str(demo)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 (ours)


def _end(process: subprocess.Popen[bytes]) -> None:
    """At any moment: it goes on from there the next time."""
    process.kill()
    process.wait()


def _demo_log(demo: Path) -> str:
    file = demo / "shoal.db"
    if not file.exists():
        raise InputError(
            f"there is no demonstration in {demo}: run `make demo`, or `shoal demo --dir {demo}`"
        )
    return f"sqlite:///{file}"


def _flags(wanted: Wanted) -> dict[str, dict[str, Any]]:
    said: dict[str, dict[str, Any]] = {
        "sink": {"db": wanted.db},
        "log": {"url": _demo_log(wanted.demo) if wanted.demo else wanted.log},
        "dashboard": {"host": wanted.host, "port": wanted.port},
    }
    kept = {
        part: {name: value for name, value in values.items() if value is not None}
        for part, values in said.items()
    }
    return {part: values for part, values in kept.items() if values}


def _require_installed() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"the dashboard needs {' and '.join(missing)}, not installed: "
            "pip install shoal[dashboard,sql]"
        )


def _require_free(host: str, port: int) -> None:
    """Said before Streamlit takes the next port that is free, where nobody looks."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":  # there it would let two listen on one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"the dashboard can't listen on {host}:{port} ({error.strerror}): stop what is "
                "there, or give --port another"
            ) from None
