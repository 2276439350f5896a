"""The shop of `docs/features.md`, prepared by the very lines that stand there."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import httpx

from tests.docs.typing_in import ROOT, Place, in_this_process
from tests.producers.workbooks import write_xls, write_xlsx
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.docs.features_page import Page

SERVERS = {"api": "/readyz", "dashboard": "/_stcore/health"}
READY_SECONDS = 120.0
SHOAL = (sys.executable, "-P", "-m", "app.cli")
ORDERS = (
    ("InvoiceNo", "StockCode", "CustomerID", "InvoiceDate", "Quantity", "UnitPrice"),
    ("536365", "85123A", "17850", "2010-12-01 08:26", 6, 2.55),
    ("536366", "22633", "13047", "2010-12-01 08:28", 2, 1.85),
)


@contextmanager
def prepared_shop(folder: Path, page: Page) -> Iterator[Place]:
    """What runs in the background ends with it, or when the page says so."""
    (folder / "shoal.toml").write_text(page.settings, "utf-8")
    write_xlsx(folder / "book.xlsx", {"Sheet1": ORDERS})
    write_xls(folder / "book.xls", ORDERS)
    place, running = Place(folder, {}), list[subprocess.Popen[bytes]]()
    try:
        for line in page.preparations:
            _prepare(line, place, running)
        made = [sys.executable, "-c", page.making]
        subprocess.run(made, cwd=folder, check=True, timeout=60)
        yield place
    finally:
        _end(running)


def _prepare(line: str, place: Place, running: list[subprocess.Popen[bytes]]) -> None:
    words = shlex.split(line)
    if words[0] == "kill":
        _end(running)
    elif words[-1] == "&":
        running.append(_begun(words[1:-1], place))
        _wait_for(words[1], place)
    else:
        seen = in_this_process(words, place.folder)
        assert seen.code == 0, seen.text


def _begun(words: list[str], place: Place) -> subprocess.Popen[bytes]:
    if words[0] in SERVERS:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        place.addresses[words[0]] = f"127.0.0.1:{port}"
        words = [*words, "--port", str(port)]
    command, environment = [*SHOAL, *words], os.environ | {"PYTHONPATH": str(ROOT)}
    with (place.folder / f"{words[0]}.log").open("wb") as said:
        return subprocess.Popen(
            command, cwd=place.folder, env=environment, stdout=said, stderr=said
        )


def _wait_for(name: str, place: Place) -> None:
    """A server, until it answers."""
    if name in SERVERS:
        url = f"http://{place.addresses[name]}{SERVERS[name]}"
        until(partial(_answers, url), f"{url} to answer", READY_SECONDS)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


def _end(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        process.wait(60)
    running.clear()
