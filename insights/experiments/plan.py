"""An experiment as it is planned: what may not change once the first customer is in it."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


def _named(name: str) -> str:
    if not NAME.fullmatch(name):
        raise PydanticCustomError(
            "name", "should be small letters and digits, with hyphens or underscores between them"
        )
    return name


Name = Annotated[str, Field(max_length=60), AfterValidator(_named)]


class Arm(BaseModel):
    """One of the things that customers get; the first arm is what the others are held against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    share: Annotated[float, Field(gt=0, le=1)]


class Plan(BaseModel):
    """Which arms, for whom, and which lift it is to find.

    >>> Plan(name="spring", lens="value").arms[1].name
    'treatment'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    lens: str
    segments: tuple[str, ...] = ()
    """Their ids; none: all of the lens."""

    arms: Annotated[tuple[Arm, ...], Field(min_length=2, max_length=10)] = (
        Arm(name="control", share=0.5),
        Arm(name="treatment", share=0.5),
    )
    lift: Annotated[float, Field(gt=0, le=10)] = 0.1
    """The relative lift that it is made to find; intervals are narrowest about there."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if abs(sum(arm.share for arm in self.arms) - 1) > 1e-9:
            raise PydanticCustomError("shares", "arms: their shares should add up to 1")
        if len({arm.name for arm in self.arms}) < len(self.arms):
            raise PydanticCustomError("arms", "arms: each should have a name of its own")
        return self
