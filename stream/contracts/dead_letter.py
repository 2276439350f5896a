"""What is said about a dead letter: in its headers, because its key and value stay as they came."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field, ValidationError, field_validator

from stream.contracts.base import Message, Text, explain
from stream.contracts.instant import Instant
from stream.contracts.refusal import RefusalReason
from stream.errors import InvalidMessage

PREFIX = "shoal-"
Headers = tuple[tuple[str, bytes], ...]
MAX_DETAIL = 2000


class DeadLetter(Message):
    """Why a record became nothing, and where it came from.

    Each field is a record header, `shoal-` and its name with hyphens, the value as text.
    """

    reason: RefusalReason
    """Why, as one word."""

    detail: str = ""
    """Why, as a sentence that names each field."""

    topic: Text
    """The topic that it came from."""

    partition: Annotated[int, Field(ge=0)]
    """The partition there."""

    offset: Annotated[int, Field(ge=0)]
    """The offset there."""

    refused_at: Instant
    """The clock when it was refused."""

    @field_validator("detail")
    @classmethod
    def _bounded(cls, detail: str) -> str:
        return detail[:MAX_DETAIL]

    def to_headers(self) -> Headers:
        """To go after the headers that the record came with."""
        fields = self.model_dump(mode="json")
        return tuple((header_name(name), str(value).encode()) for name, value in fields.items())

    @classmethod
    def from_headers(cls, headers: Sequence[tuple[str, bytes | None]]) -> Self:
        """From all of a dead letter's headers; where one is there twice the later one counts."""
        names = {header_name(name): name for name in cls.model_fields}
        found = {
            names[name]: value.decode(errors="replace")
            for name, value in headers
            if name in names and value is not None
        }
        try:
            return cls.model_validate_strings(found, strict=False)
        except ValidationError as error:
            raise InvalidMessage(f"no dead letter's headers: {explain(error)}") from None


def header_name(field: str) -> str:
    """A field's header.

    >>> header_name("refused_at")
    'shoal-refused-at'
    """
    return PREFIX + field.replace("_", "-")
