"""How workers read, commit and keep their state; what they serve to a monitor."""

from typing import Annotated

from pydantic import Field

from stream.settings.section import Section, extra

NAME = r"^[a-zA-Z0-9._-]+$"
FORM = "made of letters, digits, dots, hyphens and underscores"


class ConsumeSettings(Section):
    """What `shoal consume` goes by."""

    group: Annotated[
        str | None,
        Field(
            pattern=NAME,
            max_length=100,
            json_schema_extra=extra(flag="--group", form=FORM),
        ),
    ] = None
    """The consumer group. One prefix has one: profiles say whose they are, and another group is
    refused. Unset: named for the prefix, so that several prefixes share a cluster."""

    worker: Annotated[
        str | None,
        Field(pattern=NAME, max_length=100, json_schema_extra=extra(flag="--name", form=FORM)),
    ] = None
    """This machine's name within the group; it has to outlive restarts, and no two may share it.
    Unset: the host's name."""

    commit_ms: Annotated[int, Field(ge=1, le=60_000)] = 100
    """How often is committed: about so long waits what was folded."""

    most_events: Annotated[int, Field(ge=1, le=10_000_000)] = 200_000
    """About how many records a commit stands for at most, and how many may wait for the next one
    meanwhile: it bounds memory."""

    grace_seconds: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 5
    """How far behind event time a line may lie without being late, and how long an order is left
    open for more lines, on a live stream. In a replay it is 0 by itself. Another value needs
    `shoal rebuild`."""

    tick_silence_ms: Annotated[int, Field(ge=10, le=60_000)] = 100
    """After how long a silence at the log's end a tick is written, so that the last orders are
    looked at."""

    checkpoint_factor: Annotated[float, Field(ge=1, le=1000, allow_inf_nan=False)] = 4
    """A task writes its whole state anew when what it has written since it last did is this many
    times as large."""

    erasure_checkpoint_minutes: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 15
    """How long an erased customer's older profiles stay on the log at most, before a checkpoint
    lets them be cut off."""

    too_late_dead_letters: Annotated[int, Field(ge=0, le=1_000_000_000)] = 1000
    """How many transactions that come too late are kept as dead letters, a partition, besides
    `too_late_share`. Those beyond are only counted."""

    too_late_share: Annotated[float, Field(ge=0, le=1)] = 0.01
    """And this share of all records that were read."""

    metrics_port: Annotated[
        int | None, Field(ge=0, le=65_535, json_schema_extra=extra(flag="--metrics-port"))
    ] = None
    """Where `/metrics`, `/healthz` and `/readyz` are served. Unset: nowhere."""

    metrics_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """The address to serve them on: `0.0.0.0` for all of this machine's."""

    @property
    def grace_ms(self) -> int:
        return round(self.grace_seconds * 1000)
