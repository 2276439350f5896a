"""Where `shoal api` listens, who may ask it what, and how much at once."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

from stream.settings.section import Section, extra


class ApiSettings(Section):
    """What `shoal api` goes by."""

    host: Annotated[str, Field(min_length=1, json_schema_extra=extra(flag="--host"))] = "127.0.0.1"
    """The address to listen on. Another than this machine's own needs keys, or `api.open`."""

    port: Annotated[int, Field(ge=0, le=65_535, json_schema_extra=extra(flag="--port"))] = 8000
    """The port; 0 takes any that is free."""

    keys: SecretStr | None = None
    """Who may ask, as `NAME:ROLES:KEY` with spaces between: `crm:read:… desk:read+erase:…`. Roles
    are `read`, `write` (hand something in) and `erase`. Only as a variable: in the settings file
    it is refused."""

    keys_file: Path | None = None
    """Or the file that holds them, one a line; lines with `#` are passed over."""

    open: bool = False
    """Let anybody who reaches it ask anything, on any address, where no keys are set. For where a
    gateway or the container's network keeps others out."""

    requests_per_second: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] = 100
    """How many requests a key (without keys: an address) may make, on average."""

    burst: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    """And how many at once, after a pause."""

    most_body_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = 1_000_000
    """The largest request body."""

    most_streams: Annotated[int, Field(ge=1, le=100_000)] = 100
    """How many may follow `/changes/stream` at once."""

    log_customers: bool = False
    """Write customers' ids into the access log. Else it has the route, not the path."""
