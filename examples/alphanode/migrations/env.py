"""Migrations run online, with the URL that the service itself uses."""

from alembic import context
from sqlalchemy import create_engine

from alphanode.settings import settings
from alphanode.tables import Table

engine = create_engine(settings.database_url)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Table.metadata)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
