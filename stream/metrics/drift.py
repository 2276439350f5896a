"""What a drift report shows as metrics: rows of the table, for `app.observing.drift_metrics`.

All are of the last report; what a lens or a segment has no measurement of has no sample.
"""

from __future__ import annotations

from stream.metrics.table import Kind, Metric

LENS, SEGMENT, FEATURE = ("lens",), ("lens", "segment"), ("lens", "feature")

ALERTS = Metric(
    "shoal_drift_alerts",
    Kind.GAUGE,
    "alerts",
    "1 for each alert of the last report, by kind and segment id; `none`: it is about the lens.",
    ("lens", "kind", "segment"),
    alert="any: `shoal drift` says what it is about, in words.",
)
ACTIVE = Metric(
    "shoal_drift_active_customers",
    Kind.GAUGE,
    "customers",
    "Active customers, whom no rule takes, as they were compared.",
    LENS,
)
AGREEMENT = Metric(
    "shoal_drift_agreement_share",
    Kind.GAUGE,
    "share",
    "Active customers whom running centroids put where the batch clustering does.",
    LENS,
    alert="under `snapshot.agreement_target`.",
)
AGREEMENT_ARI = Metric(
    "shoal_drift_agreement_ari",
    Kind.GAUGE,
    "adjusted Rand index",
    "How alike the two are whatever segments are called; 1 is the same, 0 is chance.",
    LENS,
)
PUBLISHED_AGREEMENT = Metric(
    "shoal_drift_published_agreement_share",
    Kind.GAUGE,
    "share",
    "Active customers whose published segment, margin and guard included, is the batch's.",
    LENS,
)
INERTIA = Metric(
    "shoal_drift_inertia_ratio",
    Kind.GAUGE,
    "ratio",
    "The inertia of the running centroids by that of the batch's.",
    LENS,
)
SILHOUETTE = Metric(
    "shoal_drift_silhouette",
    Kind.GAUGE,
    "-1 to 1",
    "How well separated the batch's segments are.",
    LENS,
)
TRACKING_GAIN = Metric(
    "shoal_drift_tracking_gain",
    Kind.GAUGE,
    "share",
    "Agreement of the running centroids less that of the ones as published.",
    LENS,
    alert="below 0 three models running: learning goes off by itself then.",
)
PARTITION_SPREAD = Metric(
    "shoal_drift_partition_spread",
    Kind.GAUGE,
    "distance",
    "The largest distance between two partitions' running centroids of one segment.",
    LENS,
)
RELABELLED = Metric(
    "shoal_drift_relabelled_share",
    Kind.GAUGE,
    "share",
    "Active customers whom promoting the batch's model would move.",
    LENS,
)
FLAPS = Metric(
    "shoal_drift_flaps",
    Kind.GAUGE,
    "round trips",
    "A to B to A within 7 days, per 100 active customers in 30 days.",
    LENS,
)
LEARNING = Metric(
    "shoal_drift_learning",
    Kind.GAUGE,
    "0 or 1",
    "Whether the centroids were learning.",
    LENS,
)
SEGMENT_CUSTOMERS = Metric(
    "shoal_drift_segment_customers",
    Kind.GAUGE,
    "customers",
    "Customers in a segment at the snapshot.",
    SEGMENT,
)
SEGMENT_SHARE = Metric(
    "shoal_drift_segment_share",
    Kind.GAUGE,
    "share",
    "Their share of active customers; of all customers for a segment made by a rule.",
    SEGMENT,
)
SHARE_LOG_RATIO = Metric(
    "shoal_drift_segment_share_log_ratio",
    Kind.GAUGE,
    "logarithm",
    "The logarithm of that share by the one a week earlier, what a new model did included.",
    SEGMENT,
)
ORDER_VALUE = Metric(
    "shoal_drift_order_value_effect",
    Kind.GAUGE,
    "standard deviations",
    "How far order value in the segment as of 28 days ago moved against everybody else's.",
    SEGMENT,
)
CENTROID_DISTANCE = Metric(
    "shoal_drift_centroid_distance",
    Kind.GAUGE,
    "distance",
    "How far the running centroid lies from the batch's.",
    SEGMENT,
)
FEATURE_PSI = Metric(
    "shoal_drift_feature_psi",
    Kind.GAUGE,
    "index",
    "The population stability index of a feature since the model was fitted.",
    FEATURE,
)
FEATURE_WASSERSTEIN = Metric(
    "shoal_drift_feature_wasserstein",
    Kind.GAUGE,
    "distance",
    "How far a feature's distribution moved since then, in the model's scale.",
    FEATURE,
)

DRIFT_METRICS = (
    ALERTS,
    ACTIVE,
    AGREEMENT,
    AGREEMENT_ARI,
    PUBLISHED_AGREEMENT,
    INERTIA,
    SILHOUETTE,
    TRACKING_GAIN,
    PARTITION_SPREAD,
    RELABELLED,
    FLAPS,
    LEARNING,
    SEGMENT_CUSTOMERS,
    SEGMENT_SHARE,
    SHARE_LOG_RATIO,
    ORDER_VALUE,
    CENTROID_DISTANCE,
    FEATURE_PSI,
    FEATURE_WASSERSTEIN,
)
"""What a snapshot job shows besides its own."""
