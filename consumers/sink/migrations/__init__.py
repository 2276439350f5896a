"""The schema's history, as Alembic has it: a file a step, never changed once it was released."""
