"""The sink: customers, changes, segments, models, drift and insights as a database's tables.

Needs the extra `sql`; nothing outside of this package imports SQLAlchemy.
"""
