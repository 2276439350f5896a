"""When a snapshot is taken, when a model is renewed, and what holds a new one back."""

from typing import Annotated

from pydantic import Field

from stream.settings.section import Section, extra

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Days = Annotated[float, Field(ge=0, le=3650, allow_inf_nan=False)]


class SnapshotSettings(Section):
    """What `shoal snapshot` and `shoal backtest` go by. It holds from the next snapshot on."""

    every: Annotated[
        str,
        Field(
            pattern=r"^[1-9][0-9]{0,5}[smhdw]$",
            json_schema_extra=extra(flag="--every", form="a span such as 15m, 6h, 7d or 1w"),
        ),
    ] = "7d"
    """How often `shoal backtest` takes one, in event time, where no flag says it. `shoal snapshot`
    takes one, or goes on as its own flag says."""

    promote_every_days: Days = 7
    """A new model is published at most so often, in event time. Snapshots between two only
    compare."""

    least_customers: Annotated[int, Field(ge=1, le=1_000_000_000)] = 200
    """How many active customers a lens needs before it is fitted."""

    least_days: Days = 45
    """How many days of event time there have to be before the first model: earlier, those who come
    often are hardly told from those who came twice."""

    fresh_above: Annotated[float, Field(ge=1, le=1000, allow_inf_nan=False)] = 1.05
    """A fit that starts from the running segments is given up for one from scratch where its
    inertia is more than this many times the other's."""

    smallest_share: Share = 0.03
    """A model with a learned segment of fewer active customers than this share is not published."""

    least_separation: Annotated[float, Field(ge=-1, le=1)] = 0.1
    """Nor one whose segments have a smaller silhouette than this."""

    most_moved: Share = 0.3
    """Nor one that would move more than this share of active customers at once, unless the settings
    say another number of segments."""

    share_change: Positive = 0.10
    """An alert is raised where a segment's share changes by more than this within a week, as a
    logarithm of the ratio: 0.10 is a tenth more or less."""

    order_value_effect: Positive = 0.3
    """And where the order value of a segment's customers moves by more than this against all
    others' within 28 days, in standard deviations."""

    agreement_target: Share = 0.85
    """And where running centroids and batch clustering put less than this share of active
    customers in the same segment."""
