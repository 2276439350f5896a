"""Pages drawn without a browser, and what they say."""

from __future__ import annotations

import re
from html import unescape

from streamlit.testing.v1 import AppTest

SECONDS = 60.0
KINDS = ("title", "header", "subheader", "markdown", "caption", "warning", "success", "error")
TAG = re.compile(r"<style>.*?</style>|<[^>]+>", re.DOTALL)


def drawn(name: str, **query: str) -> AppTest:
    """The page of that name as a visit has it, its frame around it, with nothing gone wrong."""
    test = AppTest.from_function(_visit, default_timeout=SECONDS, kwargs={"name": name})
    test.query_params.update(query)
    return fine(test.run())


def fine(test: AppTest) -> AppTest:
    assert not list(test.exception), [one.value for one in test.exception]
    assert not list(test.error), [one.value for one in test.error]
    return test


def words(test: AppTest) -> str:
    """All text that is to be read on it."""
    told = [str(getattr(one, "value", "")) for kind in KINDS for one in test.get(kind)]
    told += [unescape(TAG.sub(" ", one.proto.body)) for one in test.get("html")]
    told += [f"{one.label} {one.value}" for one in test.metric]
    return re.sub(r"[ \n]+", " ", "\n".join(told))


def _visit(name: str) -> None:
    """Its source becomes the script that is run."""
    from app.dashboard.main import PAGES, open_page

    open_page(next(one for part in PAGES.values() for one in part if one.name == name))
