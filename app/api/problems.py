"""What goes wrong, as RFC 9457 problems: one form for every answer that is no success.

A problem names the fact and the remedy, and never says again what was sent: it may be a
customer's id, and answers go to logs.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:shoal:problem:"


class Slip(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    where: str = Field(examples=["query.limit"])
    """Which parameter or field."""

    what: str = Field(examples=["should be less than or equal to 1000"])
    """What is wrong with it."""


class ProblemBody(BaseModel):
    """A problem as RFC 9457 has it."""

    model_config = ConfigDict(use_attribute_docstrings=True, title="Problem")

    type: str = Field(examples=["urn:shoal:problem:unknown-customer"])
    """What kind of problem; docs/api.md lists them."""

    title: str = Field(examples=["Unknown customer"])
    """The same in words."""

    status: int = Field(examples=[404], ge=400, le=599)
    """The status of the answer."""

    detail: str = Field(examples=["there is no such customer: look the id up in your own system"])
    """What happened, and what to do about it."""

    errors: list[Slip] | None = None
    """Each slip, where the request is what is wrong."""


class Problem(Exception):
    """Raised anywhere below a route; becomes the answer.

    >>> Problem(404, "unknown-customer", "there is none").body.title
    'Unknown customer'
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: list[Slip] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.headers = headers
        self.body = ProblemBody(
            type=f"{TYPE_PREFIX}{kind}",
            title=kind.replace("-", " ").capitalize(),
            status=status,
            detail=detail,
            errors=errors,
        )
        super().__init__(detail)

    def response(self) -> Response:
        return Response(
            self.body.model_dump_json(exclude_none=True),
            status_code=self.body.status,
            headers={"Cache-Control": "no-store", **(self.headers or {})},
            media_type=MEDIA_TYPE,
        )


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route says in `responses=` of the problems that are its own.

    >>> list(problems(404))
    [404]
    """
    return {status: {"description": HTTPStatus(status).phrase} for status in statuses}
