"""Where the dashboard answers, and how much may be handed to it."""

from typing import Annotated

from pydantic import Field

from stream.settings.section import Section, extra


class DashboardSettings(Section):
    """What `shoal dashboard` goes by. It reads the tables of `sink.db`."""

    host: Annotated[str, Field(min_length=1, json_schema_extra=extra(flag="--host"))] = "127.0.0.1"
    """The address it listens on. It asks nobody who they are: beyond this machine put a proxy that
    does in front."""

    port: Annotated[int, Field(ge=1, le=65_535, json_schema_extra=extra(flag="--port"))] = 8501
    """The port."""

    upload_megabytes: Annotated[int, Field(ge=1, le=2_000)] = 200
    """The largest file that a visitor may try."""
