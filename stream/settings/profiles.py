"""What a profile remembers, and which events still count: what the fold goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from stream.profile.products import NON_PRODUCTS
from stream.settings.section import Section

if TYPE_CHECKING:
    from stream.profile.kept import Bounds

MINUTE_MS = 60 * 1000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class ProfileSettings(Section):
    """What profiles are folded with. Another value needs `shoal rebuild`."""

    horizon_days: Annotated[int, Field(ge=1, le=366)] = 7
    """How late a transaction may come, how long its id is remembered so that a repeated one
    changes nothing, and for how long a return comes off the order it undoes."""

    half_life_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """After how long an order, its money and its lines count half in the features that decay.
    Their names end in it: `orders_d90`."""

    ahead_minutes: Annotated[float, Field(ge=0, le=1440, allow_inf_nan=False)] = 10
    """A transaction that says it happened more than this after its record was written is
    counted, but moves no event time."""

    future_hours: Annotated[float, Field(gt=0, le=8784, allow_inf_nan=False)] = 24
    """One further ahead of its record than this is a dead letter, `in_the_future`."""

    non_products: tuple[str, ...] = NON_PRODUCTS
    """Product ids that are no products (postage, charges, corrections by hand): their money
    counts, their behaviour doesn't. `*` stands for any text; upper and lower case differ."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.ahead_minutes > self.future_hours * 60:
            raise ValueError(
                f"ahead_minutes {self.ahead_minutes:g} should not be beyond future_hours "
                f"{self.future_hours:g}: what lies further ahead than that is refused anyway"
            )
        return self

    def bounds(self, grace_ms: int = 5000) -> Bounds:
        """As the fold takes them. `grace_ms` is `ConsumeSettings.grace_ms`."""
        from stream.profile.kept import Bounds  # brings numba: not for every command

        return Bounds(
            horizon_ms=self.horizon_days * DAY_MS,
            half_life_ms=self.half_life_days * DAY_MS,
            ahead_ms=round(self.ahead_minutes * MINUTE_MS),
            future_ms=round(self.future_hours * HOUR_MS),
            grace_ms=grace_ms,
        )
