"""What all answers have in common: where they say what they are, and how they are sent."""

from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

CHAMPIONS = {"id": "value-3", "name": "Champions"}
LOYAL = {"id": "value-1", "name": "Loyal"}
"""The segments of all examples."""

TIME = "2011-06-06T00:00:00Z"
CLOCK = "2026-03-01T12:00:00.250000Z"
CURSOR = "WyI3MWUyNDliYTE5MzdhMjNhIiw1XQ"

ENCODER = msgspec.json.Encoder()


class Body(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


def with_example(example: dict[str, Any]) -> ConfigDict:
    """The settings of an answer that shows itself."""
    return ConfigDict(json_schema_extra={"examples": [example]})


def answer(body: BaseModel) -> Response:
    """As JSON. A route says what it answers with in `response_model`; sending it from here saves
    a check of what was just made, and a change of threads."""
    return _sent(body.model_dump_json())


def answer_told(told: Mapping[str, Any]) -> Response:
    """The same of a body as plain values, where making one would be a large part of the work."""
    return _sent(ENCODER.encode(told))


def _sent(body: str | bytes) -> Response:
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})
