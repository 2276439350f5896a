"""A backtest: replay, tasks and snapshots in one process, in event time, always the same.

The tasks are those that workers run, and the records those that a replay sends; only the log
between them is left out.
"""
