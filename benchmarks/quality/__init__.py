"""`make quality`: how good the segments are, on real data and on data with planted truth."""
