"""Ways to find segments, behind one protocol; k-means is the one that a lens has by default.

Each file is one way. All are deterministic: a seed, one thread, and above a stated number of
customers a sample, so that memory and time are bounded whatever the table.
"""

from snapshot.clusterers.clusters import Clusterer, Clusters, as_on_the_stream, centres_of, nearest
from snapshot.clusterers.known import CLUSTERERS, clusterer_of

__all__ = [
    "CLUSTERERS",
    "Clusterer",
    "Clusters",
    "as_on_the_stream",
    "centres_of",
    "clusterer_of",
    "nearest",
]
