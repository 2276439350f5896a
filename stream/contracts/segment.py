"""A segment as every message points to it."""

from stream.contracts.base import Part, Text


class SegmentRef(Part):
    """A segment as it is pointed to: an identity that outlives models, and its name just then."""

    id: Text
    """For ever the same, such as `value-3`."""

    name: Text
    """For people, such as `Champions`."""
