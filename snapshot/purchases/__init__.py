"""Segments of a table with a row a purchase, for programs: folded and fitted as on the stream."""
