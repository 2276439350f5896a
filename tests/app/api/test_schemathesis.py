"""The whole document, tried with made-up requests: nothing fails, and nothing is undocumented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.api.assembling import create_api
from app.api.document import METHODS
from app.api.erasing import Eraser
from app.generate_docs.openapi import openapi
from app.queries.database import open_database
from app.wiring import Wiring
from stream.log.embedded import EmbeddedLog
from stream.settings import load_settings
from stream.topics import Topics
from tests.app.api.made import made_state

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "k" * 16
OPERATIONS = [
    (method.upper(), path)
    for path, methods in openapi()["paths"].items()
    for method in METHODS
    if method in methods
]


@pytest.fixture(scope="module")
def whole(lived_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """With keys, and a log that takes erasures; a stream ends with what there is."""
    file = tmp_path_factory.mktemp("log") / "shoal.db"
    with EmbeddedLog(str(file)) as log:
        log.create_topics(Topics().specs())
    wiring = Wiring(load_settings(None, {"log": {"url": f"sqlite:///{file}"}}))
    with open_database(lived_url) as database:
        state = made_state(
            database,
            [f"all:read+write+erase:{KEY}"],
            {"most_body_bytes": 100_000_000},
            eraser=Eraser(wiring),
            is_ending=lambda: True,
        )
        yield schemathesis.openapi.from_asgi("/openapi.json", create_api(state))


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_answers_as_it_says(whole: Any, method: str, path: str) -> None:
    """Made-up requests, and such as the document doesn't allow. That all of the former are accepted
    is not asked: no document can say which segments, features and cursors there are just now."""
    operation = whole[path][method]
    modes = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
    strategies = [operation.as_strategy(generation_mode=mode) for mode in modes]

    @settings(
        max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategies[0] | strategies[1])
    def tried(case: Any) -> None:
        headers = {"Authorization": f"Bearer {KEY}"}
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    tried()
