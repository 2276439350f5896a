"""What follows from segments, for people: charts and reports.

Depends on `snapshot` and `stream`; reads no log and no clock.
"""
