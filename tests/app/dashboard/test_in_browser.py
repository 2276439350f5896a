"""Every page in a real browser: no complaint, readable, reachable by keyboard, wide or narrow.

The dashboard is served as the command serves it. Contrast and names are judged by axe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.dashboard.main import PAGES, Listed
from tests.app.dashboard.browsing import chromium, look, settle
from tests.app.dashboard.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.app.dashboard.small_shop import SmallShop

WIDE, NARROW = 1440, 390
LISTED: list[Listed] = [one for part in PAGES.values() for one in part]
TITLES = [one.title for one in LISTED]
TABS = 60
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]},
    # Streamlit puts each part of its navigation in a <div> between <ul> and <li>.
    "rules": {"list": {"enabled": False}, "listitem": {"enabled": False}},
}

REACHED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return '';
  const said = one.getAttribute('aria-label') || one.innerText || one.value || one.tagName;
  return said.trim().split('\\n').pop();
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(
    browser: Browser, small_shop: SmallShop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    said = tmp_path_factory.mktemp("dashboard") / "said.txt"
    with served(small_shop.database, small_shop.log, said) as url:
        yield url
    assert "dashboard_script.py" not in said.read_text()  # where every page's own failure begins


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("listed", LISTED, ids=lambda one: one.name)
def test_a_page_is_drawn_and_read_without_trouble(
    browser: Browser, address: str, listed: Listed, width: int
) -> None:
    with look(browser, address, listed.title, width) as seen:
        assert seen.complaints == []
        assert seen.elsewhere == []
        assert seen.page.locator('[data-testid="stException"]').count() == 0
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(seen.page) == []


def test_every_page_can_be_reached_by_keyboard(browser: Browser, address: str) -> None:
    with look(browser, address, None, WIDE) as seen:
        page, reached = seen.page, []
        for _ in range(TABS):
            page.keyboard.press("Tab")
            title = page.evaluate(REACHED)
            if title not in TITLES:
                continue
            reached.append(title)
            page.keyboard.press("Enter")
            page.wait_for_function(
                "title => document.querySelector('h1')?.innerText.trim() === title", arg=title
            )
            settle(page)
            if len(reached) == len(TITLES):
                break
    assert reached == TITLES


def faults(page: Page) -> list[str]:
    """What axe finds against the first two levels of WCAG, contrast among it."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for one in found
        for node in one["nodes"]
    ]
