"""What segments are like: profiles of their members, what makes them, how sure they differ.

Below `snapshot.naming`, which puts it into words.
"""
