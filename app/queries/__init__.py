"""What API and dashboard ask of the sink's tables: the one way to read customers and segments.

Read-only, parameterised, the same on SQLite and PostgreSQL; answers are frozen dataclasses.
"""
