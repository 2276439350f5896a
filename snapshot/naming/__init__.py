"""What segments are called, and what is said of them: by the profiles of their members."""

from snapshot.naming.ranks import names_by_rank, ranked, ranking_axis
from snapshot.naming.segments import name_segments

__all__ = ["name_segments", "names_by_rank", "ranked", "ranking_axis"]
