"""The sink: customers, changes, segments, models and drift as tables of a database.

Needs the extra `sql`; nothing outside of this package imports SQLAlchemy.
"""
