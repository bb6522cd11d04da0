"""Runs migrations on SQLite and PostgreSQL; `-x url=...` names another database."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator
from sqlalchemy.engine import Connection

from shinesmile import schema
from shinesmile.core.settings import settings

metadata = schema.tables()


def address() -> str:
    """The database asked for by the caller, on the command line, or in the settings."""
    asked: str | None = context.config.attributes.get("url")
    return asked or context.get_x_argument(as_dictionary=True).get("url", settings.database_url)


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """A migration names the database's own types, so that it outlives the program's."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run(connection: Connection | None = None, url: str | None = None) -> None:
    """Migrate through a connection, or print the SQL for a database at `url`."""
    context.configure(
        connection=connection,
        url=url,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=bool(connection and connection.dialect.name == "sqlite"),
        render_item=render_item,
        literal_binds=url is not None,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run(url=schema.sync_url(address()))
else:
    with schema.connection(address()) as open_connection:
        run(open_connection)
