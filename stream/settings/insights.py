"""What snapshots expect of customers, and how far they look for it."""

from typing import Annotated

from pydantic import Field

from stream.settings.section import Section


class InsightsSettings(Section):
    """What `shoal snapshot` works out of each customer besides the segments. It holds from the
    next snapshot on."""

    enabled: bool = True
    """Whether snapshots say what is to be expected: lifetime value, churn risk, recommendations.
    Segments are the same without it, and a snapshot takes some seconds less."""

    clv_weeks: Annotated[float, Field(ge=1, le=520, allow_inf_nan=False)] = 52
    """How many weeks ahead `clv` looks: what a customer is expected to spend in them. Beyond a
    year or two nobody knows what a shop is like then."""

    recommend: bool = True
    """Whether products are recommended: it needs purchases with product ids, which are read from
    the topic of transactions."""

    recommend_days: Annotated[int, Field(ge=1, le=3650)] = 365
    """How many days of purchases recommendations learn from, before the snapshot: a year has every
    season once."""

    recommend_lines: Annotated[int, Field(ge=1, le=1_000_000_000)] = 5_000_000
    """And how many lines of purchases at most, the newest: 32 bytes each are kept, and some five
    times that is used while they are learned from."""
