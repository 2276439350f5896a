"""The signature as the document tells receivers to look at it: its own program is run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.app.webhooks.changes import change, publish
from tests.app.webhooks.conftest import SECRET
from tests.app.webhooks.receivers import receiving
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.app.webhooks.conftest import Threads

DOCUMENT = Path(__file__).parents[3] / "docs" / "webhooks.md"


def documented() -> Callable[..., bool]:
    """The function that the document tells receivers to use."""
    (program,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    made: dict[str, Any] = {}
    exec(program, made)
    is_from_shoal: Callable[..., bool] = made["is_from_shoal"]
    return is_from_shoal


def test_a_request_is_signed_as_the_document_says(
    url: str, webhook: Callable[..., None], within: Threads
) -> None:
    (change_id,) = publish(url, [change(0)])
    is_from_shoal = documented()
    with receiving() as receiver:
        webhook("crm", receiver.url)
        with within():
            until(lambda: len(receiver.taken) == 1, "the change")
    (request,) = receiver.taken
    header, body = request.headers["Shoal-Signature"], request.body
    sent_at = int(header[2:12])
    assert is_from_shoal(header, body, SECRET)
    assert is_from_shoal(header, body, SECRET, sent_at + 5)
    assert is_from_shoal(f"v2=abc,{header},v1=00", body, SECRET, sent_at)
    assert not is_from_shoal(header, body + b" ", SECRET, sent_at)
    assert not is_from_shoal(header, body, "another secret", sent_at)
    assert not is_from_shoal(header, body, SECRET, sent_at + 3600)
    assert not is_from_shoal(header.replace(f"t={sent_at}", f"t={sent_at + 1}"), body, SECRET)
    assert request.headers["Shoal-Change-Id"] == request.change_id == change_id
    assert request.headers["Shoal-Webhook"] == "crm"
    assert request.headers["Content-Type"] == "application/json"
    assert request.change["customer_id"] == "Zoë 0"


@pytest.mark.parametrize("header", ["", "t=,v1=", "t=x,v1=00", "v1=00", "t=1700000000", "=,="])
def test_a_header_that_is_none_is_refused_by_the_documented_program(header: str) -> None:
    assert not documented()(header, b"{}", SECRET, 1_700_000_000)
