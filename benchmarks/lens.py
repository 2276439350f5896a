"""The lens that is measured with: eight features, five segments, fitted on what there is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from snapshot.active import needed_features
from snapshot.fitting import Enough, first_model
from snapshot.table import latest_instant, table_of
from stream.contracts.lens import Centroid, LensModel, ModelFeature, Transform, Transition
from stream.contracts.model import SegmentModel
from stream.contracts.segment import SegmentRef
from stream.settings import load_settings
from stream.settings.fingerprint import fingerprint
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stream.profile.state import Profiles
    from stream.settings import Settings

FEATURES = (
    "steady_orders_d90",
    "steady_spend_d90",
    "steady_lines_d90",
    "units",
    "basket_size",
    "distinct_products",
    "average_order_value",
    "orders_w30",
)
SEGMENTS = 5
SETTINGS = """
[log]
url = "{url}"

[topics]
prefix = "{prefix}"
partitions = {partitions}

[consume]
group = "{prefix}group"
worker = "bench"
grace_seconds = {grace_seconds}

[lenses.value]
features = {features}
k = {segments}
"""


def write_settings(
    file: Path, url: str, prefix: str, partitions: int, grace_seconds: float = 5
) -> Settings:
    """A file for `--config`, and what it says."""
    said = SETTINGS.format(
        url=url,
        prefix=prefix,
        partitions=partitions,
        grace_seconds=grace_seconds,
        features=list(FEATURES),
        segments=SEGMENTS,
    )
    file.write_text(said)
    return load_settings(file, {})


def fitted(profiles: Sequence[Profiles], settings: Settings) -> SegmentModel:
    """What `shoal models fit` would publish after these customers."""
    specs = lens_specs(settings)
    table = table_of(profiles, needed_features(specs), latest_instant(profiles))
    few_days = Enough(days=0.0)
    marks = fingerprint(settings)
    return first_model(table, specs, datetime.now(UTC), enough=few_days, fingerprint=marks)


def one_segment_an_order(settings: Settings, at: datetime) -> SegmentModel:
    """A model with a segment for each number of orders: every order moves its customer on."""
    refs = [SegmentRef(id=f"value-{orders}", name=f"{orders} orders") for orders in range(1, 51)]
    return SegmentModel(
        version=1,
        instant=at,
        created_at=at,
        fingerprint=fingerprint(settings),
        lenses=(
            LensModel(
                lens="value",
                features=(
                    ModelFeature(
                        name="orders", transform=Transform.IDENTITY, centre=0.0, scale=1.0
                    ),
                ),
                centroids=tuple(
                    Centroid(segment=ref, position=(float(orders),))
                    for orders, ref in enumerate(refs, start=1)
                ),
                pooled_variance=1.0,
                next_segment=len(refs) + 1,
                transition=Transition(margin=0.0, return_guard_days=0.0),
            ),
        ),
    )
