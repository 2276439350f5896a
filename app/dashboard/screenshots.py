"""`python -m app.dashboard.screenshots FOLDER --demo DIR`: every page as a picture, for the README.

Drawn by a real Chromium from a dashboard that is served for it and ended after it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from app.dashboard.main import FIRST, PAGES
from stream.errors import InputError, ShoalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Request

    from app.dashboard.main import Listed

WIDTH, HEIGHT, MOST_PIXELS = 1440, 900, 2600
MILLISECONDS = 180_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START = (
    "import sys; from app.dashboarding import Wanted, run; run(Wanted(log=sys.argv[1], port=8599))"
)
ADDRESS = "http://127.0.0.1:8599"
TRIES = 5
"""Chromium drops what it fetches when a network interface comes or goes meanwhile."""

SETTLED = """() => document.querySelector('[data-testid="stMain"] h1')
  && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')
  && document.querySelector('[data-testid="stApp"]').dataset.testScriptState !== 'running'"""


def take(folder: Path, demo: Path) -> None:
    """Overwrites what is there under the same names."""
    folder.mkdir(parents=True, exist_ok=True)
    with _served(demo / "shoal.db"), _chromium() as browser:
        for listed in (one for part in PAGES.values() for one in part):
            _take(browser, listed, folder / f"dashboard-{listed.name.replace('_', '-')}.png")


def _take(browser: Browser, listed: Listed, file: Path) -> None:
    for _ in range(TRIES):
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        failed: list[str] = []
        page.on("requestfailed", _noting(failed))
        page.set_default_timeout(MILLISECONDS)
        try:
            _open(page, listed)
            if not failed:
                _picture(page, file)
                return
        except PlaywrightError:
            if not failed:
                raise
        finally:
            page.close()
    raise InputError(f"the page {listed.title} could not be fetched whole: {failed[0]}")


def _open(page: Page, listed: Listed) -> None:
    page.goto(ADDRESS)
    _settle(page)
    if listed.name != FIRST:
        page.locator('[data-testid="stSidebarNavLink"]', has_text=listed.title).first.click()
        heading = "title => document.querySelector('h1')?.innerText.trim() === title"
        page.wait_for_function(heading, arg=listed.title)
        _settle(page)
    if listed.name == "customer":  # a page about nobody shows nothing
        page.locator('[data-testid="stMain"] a[href^="customer?id="]').first.click()
        page.wait_for_selector("text=The whole profile")
        _settle(page)


def _noting(failed: list[str]) -> Callable[[Request], None]:
    return lambda request: failed.append(request.url)


def _picture(page: Page, file: Path) -> None:
    """All of it, up to a height that a README can bear."""
    tall = page.evaluate(
        "document.querySelector('[data-testid=\"stMainBlockContainer\"]').scrollHeight"
    )
    page.set_viewport_size({"width": WIDTH, "height": min(max(HEIGHT, int(tall)), MOST_PIXELS)})
    _settle(page)
    page.screenshot(path=str(file), animations="disabled")


def _settle(page: Page) -> None:
    page.wait_for_function(SETTLED)
    page.wait_for_load_state("networkidle")


@contextmanager
def _chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)), playwright.chromium.executable_path)
        if not Path(path).exists():
            raise InputError("there is no Chromium: apt install chromium, or `playwright install`")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def _served(log: Path) -> Iterator[None]:
    if not log.exists():
        raise InputError(f"there is no log at {log}: run `make demo` first")
    command = [sys.executable, "-c", START, f"sqlite:///{log}"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603 (ours)
        try:
            _wait(process)
            yield
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes]) -> None:
    ends_at = time.monotonic() + MILLISECONDS / 1000
    while time.monotonic() < ends_at and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{ADDRESS}/_stcore/health", timeout=2):  # noqa: S310 (ours)
                return
        except OSError:
            time.sleep(0.2)  # it doesn't say when it is ready: it is asked
    raise InputError(f"the dashboard didn't start at {ADDRESS}: is something else there?")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/images"))
    parser.add_argument("--demo", type=Path, default=Path("build/demo"))
    asked = parser.parse_args()
    try:
        take(asked.folder, asked.demo)
    except ShoalError as error:
        sys.stderr.write(f"shoal: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
