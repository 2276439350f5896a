"""`DELETE /customers/{id}`, and how far an erasure has come."""

import time
from enum import StrEnum
from typing import Annotated

import sqlalchemy as sa
from fastapi import HTTPException, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.erasing import Eraser, Place, UnknownErasure
from app.api.paths import OF_A_CUSTOMER
from app.api.problems import Problem, problems
from app.api.routes.asking import CustomerId
from app.api.routes.router import router_for
from app.api.state import Database, State
from consumers.sink import schema

router = router_for("erasure")

ErasureId = Annotated[
    str,
    Path(
        pattern=r"^[0-9]{1,5}-[0-9]{1,18}$",
        description="As `DELETE` answered it.",
        examples=["3-184220"],
    ),
]
LINK = {
    "Erasure": {
        "operationId": "erasure",
        "parameters": {"erasure_id": "$response.body#/erasure_id"},
        "description": "How far it has come.",
    }
}


class Stage(StrEnum):
    """How far an erasure has come."""

    REQUESTED = "requested"
    FORGOTTEN = "forgotten"
    ERASED = "erased"
    ENDED = "ended"


class ErasureBody(BaseModel):
    """An erasure and how far it has come."""

    model_config = ConfigDict(use_attribute_docstrings=True, title="Erasure")

    erasure_id: str = Field(examples=["3-184220"])
    """By which it is followed; it says nothing about the customer."""

    status: Stage = Field(examples=["requested"])
    """`requested`: written to the log. `forgotten`: the task that owns the customer has forgotten
    them. `erased`: these tables have, too. `ended`: the log holds no profile of theirs any more."""

    href: str = Field(examples=["/erasures/3-184220"])
    """Where to ask again."""


@router.delete(
    "/customers/{customer_id:path}",
    status_code=202,
    summary="Forget a customer for good",
    response_model=ErasureBody,
    responses={
        202: {
            "description": "Written to the log; follow it by `href`.",
            "headers": {"Location": {"schema": {"type": "string"}, "description": "`href` again."}},
            "links": LINK,
        }
    },
)
def erase(
    customer_id: CustomerId, state: State, request: Request, response: Response
) -> ErasureBody:
    """Whoever is not known is forgotten all the same: their transactions may still be on the way.
    The transactions themselves stay until their topic expires."""
    if request.scope["path"].endswith(OF_A_CUSTOMER):  # other paths, which have no DELETE
        raise HTTPException(405, headers={"Allow": "GET"})
    place = _eraser(state).erase(customer_id, time.time_ns() // 1_000_000)
    body = _body(place, Stage.REQUESTED)
    response.headers["Location"] = body.href
    return body


@router.get(
    "/erasures/{erasure_id}",
    summary="How far an erasure has come",
    responses=problems(404),
)
def erasure(erasure_id: ErasureId, state: State, database: Database) -> ErasureBody:
    """Told from the log and the tables as they are now, whichever process took the erasure."""
    partition, _, position = erasure_id.partition("-")
    place = Place(int(partition), int(position))
    eraser = _eraser(state)
    there = schema.positions.c
    row = database.first(
        sa.select(there.position).where(
            there.topic == eraser.profiles, there.partition == place.partition
        )
    )
    try:
        progress = eraser.progress(place, row.position if row else None)
    except UnknownErasure:
        raise Problem(404, "unknown-erasure", "there is no such erasure on this log") from None
    if not progress.profile:
        return _body(place, Stage.REQUESTED)
    if not progress.tables:
        return _body(place, Stage.FORGOTTEN)
    return _body(place, Stage.ENDED if progress.blocks else Stage.ERASED)


def _eraser(state: State) -> Eraser:
    if state.eraser is None:
        raise Problem(
            503, "no-log", "this API has no log to write to: start it with --log as well as --db"
        )
    return state.eraser


def _body(place: Place, stage: Stage) -> ErasureBody:
    erasure_id = f"{place.partition}-{place.position}"
    return ErasureBody(erasure_id=erasure_id, status=stage, href=f"/erasures/{erasure_id}")
