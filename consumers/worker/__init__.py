"""A worker: one process that runs the tasks of the partitions it is given.

Reads, folds, commits and restores; what a task makes of its records is the task's own affair.
"""
