"""The OpenAPI document: what FastAPI says of the routes, and what holds for all of them.

Which answers the frame itself gives (no key, too often, too large) is said here once, so that
routes say only what is their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from app.api.gate import FREE
from app.api.problems import MEDIA_TYPE, ProblemBody
from app.api.routes import ROUTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    Document = dict[str, Any]

SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer KEY`"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
ROLE_OF = {"get": "read", "post": "write", "delete": "erase"}
METHODS = ("get", "post", "delete", "put", "patch", "head", "options")
FOR_ALL = {
    "401": "No valid key.",
    "403": "The key has not the role, or without keys the host is another than localhost.",
    "429": "Too many requests: wait as long as `Retry-After` says.",
    "500": "Something that should not happen did.",
    "503": "Database or log don't answer just now.",
}
BAD_INPUT = "What was asked for makes no sense; `errors` says which parameter or field."
UNREADABLE = "The request can't be read."
TOO_LARGE = "The body is too large."
DESCRIPTION = """\
What Shoal knows of customers and segments, as its SQL sink has written it. Every answer that is
no success is an [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem. Lists are handed out
page by page: `next` of one is the `after` of the following. Where keys are set, each request has
one, and its role: `read` for GET, `write` for POST, `erase` for DELETE.
"""


def described(api: FastAPI) -> None:
    """Has the application answer with the whole document."""

    def openapi() -> Document:
        if api.openapi_schema is None:
            api.openapi_schema = _document(api)
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation has it


def _document(api: FastAPI) -> Document:
    document = get_openapi(
        title=api.title,
        version=api.version,
        summary=api.summary,
        description=DESCRIPTION,
        routes=api.routes,
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for name, examples in _examples():
        schemas[name]["examples"] = examples
    schemas |= _problem_schemas()
    components["securitySchemes"] = SECURITY
    for path, method, operation in _operations(document):
        _complete(operation, method, is_free=path in FREE)
    return document


def _examples() -> Iterator[tuple[str, Any]]:
    """Of whole answers, as they were written: FastAPI leaves out whatever is null in them."""
    for router in ROUTERS:
        for route in router.routes:
            model = getattr(route, "response_model", None)
            if isinstance(model, type) and issubclass(model, BaseModel):
                extra = model.model_config.get("json_schema_extra")
                if isinstance(extra, dict) and "examples" in extra:
                    yield model.__name__, extra["examples"]


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def _complete(operation: Document, method: str, *, is_free: bool) -> None:
    responses = operation["responses"]
    if "422" in responses or operation.get("parameters"):
        responses["422"] = {"description": BAD_INPUT}
    if "requestBody" in operation:
        responses.setdefault("400", {"description": UNREADABLE})
        responses.setdefault("413", {"description": TOO_LARGE})
    if is_free:
        operation["security"] = []
    else:
        operation["security"] = [{"bearer": []}, {"header": []}]
        operation["x-role"] = ROLE_OF[method]
        for status, says in FOR_ALL.items():
            responses.setdefault(status, {"description": says})
    for status, response in responses.items():
        if status >= "400" and "content" not in response:
            reference = {"$ref": "#/components/schemas/Problem"}
            response["content"] = {MEDIA_TYPE: {"schema": reference}}
    operation["responses"] = dict(sorted(responses.items()))


def _problem_schemas() -> Document:
    schema = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "Problem": schema}
