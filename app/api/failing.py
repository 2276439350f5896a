"""What becomes of everything that a route, or the framework before it, raises."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.api.problems import Problem, Slip
from stream.errors import DatabaseError, DatabaseUnavailable, InputError, LogError, ShoalError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    Handlers = dict[int | type[Exception], Callable[[Request, Any], Any]]

RETRY_SECONDS = "5"
MOST_SLIPS = 20
SAID: Mapping[int, tuple[str, str]] = {
    400: ("unreadable-request", "the request can't be read: see whether its body is what it says"),
    404: ("no-such-path", "there is nothing at this path: /docs lists what there is"),
    405: ("no-such-method", "this path has not that method: Allow says which it has"),
}


def handlers() -> Handlers:
    """For the application: a problem of everything."""
    return {
        Problem: _problem,
        RequestValidationError: _slips,
        HTTPException: _framework,
        ShoalError: _ours,
        Exception: _unforeseen,
    }


async def _problem(_: Request, problem: Problem) -> Response:
    return problem.response()


async def _slips(_: Request, error: RequestValidationError) -> Response:
    """What is wrong, parameter by parameter; never what was sent."""
    details = error.errors()
    slips = [Slip(where=_where(one), what=_what(one)) for one in details[:MOST_SLIPS]]
    if any(one["type"] == "json_invalid" for one in details):
        return Problem(400, *SAID[400], errors=slips).response()
    said = "; ".join(f"{slip.where} {slip.what}" for slip in slips)
    return Problem(422, "unusable-request", said, errors=slips).response()


async def _framework(_: Request, error: HTTPException) -> Response:
    status = error.status_code
    phrase = HTTPStatus(status).phrase
    kind, detail = SAID.get(status, (phrase.lower().replace(" ", "-"), phrase))
    return Problem(status, kind, detail, headers=error.headers).response()


async def _ours(_: Request, error: ShoalError) -> Response:
    return problem_of(error).response()


async def _unforeseen(_: Request, __: Exception) -> Response:
    """The server logs it, with its traceback; whoever asked has no use for that."""
    detail = "something that should not happen did: the API's log says what"
    return Problem(500, "unforeseen", detail).response()


def problem_of(error: ShoalError) -> Problem:
    """What Shoal raises on purpose."""
    if isinstance(error, InputError):
        return Problem(422, "unusable-request", str(error))
    retry = {"Retry-After": RETRY_SECONDS}
    if isinstance(error, DatabaseUnavailable):
        return Problem(503, "database-unavailable", str(error), headers=retry)
    if isinstance(error, DatabaseError):
        return Problem(503, "database-unusable", str(error), headers=retry)
    if isinstance(error, LogError):
        return Problem(503, "log-unavailable", str(error), headers=retry)
    return Problem(500, "failed", str(error))


def _where(error: Any) -> str:
    steps: Sequence[Any] = error["loc"]
    return ".".join(str(step) for step in steps) or "the request"


def _what(error: Any) -> str:
    """Some of pydantic's words quote the value; those are left out."""
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "json_invalid":
        return "is no JSON"
    message: str = error["msg"]
    message = message.removeprefix("Value error, ").removeprefix("Input ")
    return message.partition(", unable to")[0].partition(", got")[0]
