"""What Shoal remembers of each customer: columnar, of fixed size, free of the order of arrival.

Pure: events in, outcomes and features out; no clock, no input or output.
"""
