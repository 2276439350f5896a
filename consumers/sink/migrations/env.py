"""What Alembic runs for each command: on the connection that it is handed, in its transaction."""

from alembic import context

from consumers.sink.schema import metadata

if hasattr(context, "config"):  # not where somebody imports this file to look for doctests
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=context.config.attributes["version_table"],
        transactional_ddl=False,  # whoever hands in the connection commits
    )
    context.run_migrations()
