"""What changed, how much, why, and whether somebody should be told: moments compared.

Pure: moments, a model and a fit come in, a `LensDrift` and alerts go out. Sizes of effects raise
alerts, never p-values; what was not seen to find planted drifts is a gauge.
"""

from snapshot.drift.alerting import alerts_of
from snapshot.drift.lenses import lens_drift, relabelled
from snapshot.drift.thresholds import Targets

__all__ = ["Targets", "alerts_of", "lens_drift", "relabelled"]
