"""Where the sink writes, and how much at once."""

from typing import Annotated

from pydantic import Field, SecretStr

from stream.settings.section import Section, extra


class SinkSettings(Section):
    """What `shoal sink` goes by."""

    db: Annotated[
        SecretStr | None,
        Field(
            json_schema_extra=extra(
                flag="--db", form="sqlite:///FILE or postgresql+psycopg://HOST/DATABASE"
            )
        ),
    ] = None
    """The database: `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/DATABASE`. One prefix, one
    database, or one schema of it. A password is better left to `PGPASSWORD` or `PGPASSFILE`."""

    most_rows: Annotated[int, Field(ge=100, le=1_000_000)] = 50_000
    """About how many rows are written in one transaction, a checkpoint of profiles aside."""

    commit_ms: Annotated[int, Field(ge=1, le=60_000)] = 500
    """How often there is a transaction where the sink has caught up."""
