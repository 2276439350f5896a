"""A real browser without a window, and a page of the dashboard as it shows it.

Chromium gives up what it is fetching when a network interface comes or goes, as containers make
them: such a look counts for nothing and is taken again.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MILLISECONDS = 60_000
LOOKS = 6
SIDEBAR_OPEN_FROM = 768
"""Pixels: in a narrower window it opens over the page, and closes once a page is chosen."""

INTERRUPTED = ("ERR_NETWORK_CHANGED", "Failed to fetch dynamically imported module")
ASKED_AT_FIRST = ("/_stcore/health", "/_stcore/host-config")
"""What Streamlit asks for below a page's address before it asks where it is: a 404 is an answer."""

SETTLED = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return main && main.querySelector('h1')
    && !main.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')
    && document.querySelector('[data-testid="stApp"]').dataset.testScriptState !== 'running';
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Skips where there is none; one that is there has to work in CI."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        path = next(filter(None, map(shutil.which, NAMES)), started.chromium.executable_path)
        if not Path(path).exists():
            pytest.skip("there is no Chromium: apt install chromium, or `playwright install`")
        try:
            browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except playwright.Error as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"{path} doesn't start: {error}")
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Look:
    """A page in a window of some width, and what the browser complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    """What it fetched from others than the dashboard."""

    @property
    def is_interrupted(self) -> bool:
        return any(sign in one for one in self.complaints for sign in INTERRUPTED)

    def heard(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type == "error" and not where.endswith(ASKED_AT_FIRST):
            self.complaints.append(f"{message.text} ({where})")

    def failed(self, error: Error) -> None:
        self.complaints.append(str(error))

    def fetched(self, request: Request) -> None:
        root = "/".join(self.address.split("/")[:3])
        ours = (root, root.replace("http", "ws", 1), "data:", "blob:")
        if not request.url.startswith(ours):
            self.elsewhere.append(request.url)


@contextmanager
def look(browser: Browser, address: str, title: str | None, width: int) -> Iterator[Look]:
    """Opens the address and, where one is named, the page of that title by its link."""
    for _ in range(LOOKS):
        page = browser.new_page(viewport={"width": width, "height": 900})
        seen = Look(page, address)
        page.set_default_timeout(MILLISECONDS)
        page.on("console", seen.heard)
        page.on("pageerror", seen.failed)
        page.on("request", seen.fetched)
        try:
            _open(page, address, title)
        except Exception:
            if not seen.is_interrupted:
                page.close()
                raise
        if not seen.is_interrupted:
            break
        page.close()
    try:
        yield seen
    finally:
        page.close()


def settle(page: Page) -> None:
    """Until it has drawn all that it is going to draw for now."""
    page.wait_for_function(SETTLED)
    page.wait_for_load_state("networkidle")


def _open(page: Page, address: str, title: str | None) -> None:
    page.goto(address)
    settle(page)
    if title is None:
        return
    is_narrow = page.viewport_size is not None and page.viewport_size["width"] < SIDEBAR_OPEN_FROM
    if is_narrow:  # the links lie outside the window until they are asked for
        page.locator('[data-testid="stExpandSidebarButton"]').click()
    page.locator('[data-testid="stSidebarNavLink"]', has_text=title).first.click()
    page.wait_for_function(
        "title => document.querySelector('h1')?.innerText.trim() === title", arg=title
    )
    settle(page)
