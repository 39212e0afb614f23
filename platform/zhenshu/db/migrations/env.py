"""Alembic's environment: runs the scripts on the connection that `zhenshu.db.migrations` hands over."""

from alembic import context

from zhenshu.db.migrations.compare import options

config = context.config
context.configure(connection=config.attributes["connection"], transactional_ddl=True, **options())
with context.begin_transaction():
    context.run_migrations()
