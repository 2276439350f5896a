"""One partition's work, pure: records in, changes, dead letters and profile blocks out.

No clock, no input or output: what comes of a partition follows from its records alone.
"""
