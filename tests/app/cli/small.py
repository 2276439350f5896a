"""The settings of a shop that is small and young, in a file."""

SMALL = """
[topics]
partitions = 2
[lenses.value]
k = 3
[snapshot]
least_customers = 20
least_days = 15
"""
