"""Where customers lie, which segment that is, when they move, and how the segments' shapes learn.

Pure: numbers in, numbers out; no clock, no input or output.
"""
