"""What all messages have in common: frozen, exact about types, blind to what they don't know.

A new field comes with a default, so that an old message stays readable; a field nobody
knows is passed over, so that a new one is, too.
"""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stream.contracts.bounds import MAX_TEXT, MAX_VERSION, PLAIN_TEXT
from stream.errors import InvalidMessage


def _without_default(schema: dict[str, Any]) -> None:
    del schema["default"]


Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT, pattern=PLAIN_TEXT)]
"""An id or a name: 1 to 256 characters, none of them a control character."""

Made = Annotated[Text, Field(json_schema_extra=_without_default)]
"""A text that is filled in where it is left out."""

Version = Annotated[int, Field(ge=1, le=MAX_VERSION)]


class Part(BaseModel):
    """A piece of a message."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="ignore",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


class Message(Part):
    """A message of its own, as JSON on a topic."""

    schema_version: Version = 1
    """The version of this message's form; readers pass over fields that they don't know."""

    def to_json(self) -> bytes:
        return self.model_dump_json().encode()

    @classmethod
    def from_json(cls, value: bytes | None) -> Self:
        """The message, or `InvalidMessage` that names each field and what is wrong with it."""
        try:
            return cls.model_validate_json(value or b"")
        except ValidationError as error:
            raise InvalidMessage(f"no {cls.__name__}: {explain(error)}") from None


def explain(error: ValidationError) -> str:
    """Every invalid field by its name and what it should be; never what it was.

    Left out on purpose: values may be customers' ids, and this goes to logs.
    """
    problems = [_problem(details) for details in error.errors(include_input=False)]
    return "; ".join(problems[:10]) + (" …" if len(problems) > 10 else "")


def _problem(details: Any) -> str:
    field = ".".join(str(step) for step in details["loc"])
    message = details["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if details["type"] == "missing":
        message = "is missing"
    return f"{field} {message}".strip()
