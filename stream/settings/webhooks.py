"""One address that changes are sent to, as it is set up: `[webhooks.NAME]`.

Nothing here asks whether the secret is there: other commands read the same settings, and are
not to be handed it.
"""

import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from stream.contracts.change import Cause
from stream.settings.names import SEGMENT_ID
from stream.settings.section import Section, extra

WEBHOOK_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 40
PRINTABLE = re.compile(r"[!-~]+")
SEGMENT_FORM = "a segment's id, such as value-3 or value-dormant"
LENS_FORM = "a lens' name, such as value"


def _web_address(url: str) -> str:
    """None of what is wrong is said again: an address may hold a token."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_address &= parts.port != 0 and not parts.fragment
    except ValueError:
        is_address = False
    if not is_address or not PRINTABLE.fullmatch(url):
        raise PydanticCustomError(
            "web_address",
            "should be https://HOST/PATH, or http://HOST:PORT/PATH, in ASCII without spaces "
            "and without #",
        )
    if "@" in parts.netloc:
        raise PydanticCustomError(
            "credentials",
            "should hold no user and no password: the signature says who sends",
        )
    return url


class WebhookSettings(Section):
    """Where changes are sent to, and which."""

    url: Annotated[str, AfterValidator(_web_address)]
    """Where changes are sent to, `https://…` or `http://…`. Only its host is ever shown."""

    secret: SecretStr | None = None
    """What requests are signed with, 16 characters or more. Only as a variable: in the settings
    file it is refused."""

    secret_file: Path | None = None
    """Or the file that holds it, and nothing else."""

    segment: Annotated[
        str | None,
        Field(pattern=f"^{SEGMENT_ID.pattern}$", json_schema_extra=extra(form=SEGMENT_FORM)),
    ] = None
    """Only changes that enter or leave this segment (its id). Unset: of all."""

    cause: Cause | None = None
    """Only changes with this cause, such as `moved`. Unset: with any."""

    lens: Annotated[
        str | None,
        Field(pattern=f"^{WEBHOOK_NAME.pattern}$", json_schema_extra=extra(form=LENS_FORM)),
    ] = None
    """Only changes in this lens. Unset: in all."""

    begin: Literal["start", "end"] = "start"
    """Where a webhook begins that never ran: with all changes that there are (`start`), or with
    those from now on (`end`)."""

    timeout_seconds: Annotated[float, Field(ge=0.1, le=60, allow_inf_nan=False)] = 10
    """How long a request may take, answer included."""

    most_tries: Annotated[int, Field(ge=1, le=1000)] = 5
    """How often a change that the target says it can't take is tried before it is given up. A
    target that doesn't answer, or takes none, is tried for ever."""

    @model_validator(mode="after")
    def _has_one_secret(self) -> Self:
        if self.secret is not None and self.secret_file is not None:
            raise PydanticCustomError(
                "two_secrets", "has a secret and a secret_file: leave one of them out"
            )
        return self


def simply_named(webhooks: dict[str, WebhookSettings]) -> dict[str, WebhookSettings]:
    """Refuses names that could not be part of a variable and of a consumer group's name."""
    for name in webhooks:
        if not WEBHOOK_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            raise PydanticCustomError(
                "webhook_name",
                "{name} should be one word of lower-case letters, digits and single underscores, "
                "of {longest} characters at most: its place on the log is named for it",
                {"name": repr(name), "longest": LONGEST_NAME},
            )
    return webhooks
