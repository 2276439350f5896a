"""What a snapshot found, kept as Parquet, so that any past instant can be read again.

Each snapshot is a folder with a manifest that names its files. Files are never changed and the
manifest is put in place last, so that a reader sees a snapshot whole or not at all.
"""

from snapshot.history.history import History, history_of
from snapshot.history.manifest import Manifest
from snapshot.history.migrating import Migrations
from snapshot.history.summing import LensSummary, SegmentSummary

__all__ = [
    "History",
    "LensSummary",
    "Manifest",
    "Migrations",
    "SegmentSummary",
    "history_of",
]
