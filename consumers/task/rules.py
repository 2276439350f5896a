"""What a task is told: whose it is, and the settings it works by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from stream.profile.kept import Bounds
from stream.profile.products import NonProducts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.contracts.model import SegmentModel


@dataclass(frozen=True, slots=True)
class Identity:
    """Which partition of which topic a task reads, and for whom. In every block it writes."""

    group: str
    topic: str
    partitions: int
    partition: int


class LearnerChoice(NamedTuple):
    """Which of River's clusterers moves a lens' centroids."""

    name: str = "KMeans"
    parameters: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class TaskRules:
    """The settings of a task. What profiles and blocks are made with is in the fingerprint."""

    changes_topic: str
    fingerprint: str = ""
    bounds: Bounds = field(default_factory=Bounds)
    non_products: NonProducts = field(default_factory=NonProducts)
    learners: Mapping[str, LearnerChoice] = field(default_factory=dict)
    """By lens; KMeans where nothing is said."""

    message_bytes: int = 1_000_000
    """The largest record that the topics take."""

    too_late_free: int = 1_000
    """So many dead letters are written of lines that are too late, whatever comes …"""

    too_late_share: float = 0.01
    """… and for this share of all records beyond. The rest is only counted."""


class Models(Protocol):
    """Where models are looked up: by version, never by time.

    A version that a `Promote` names was published in the same transaction: that it isn't there is
    an error, raised.
    """

    def model(self, version: int) -> SegmentModel: ...
