"""The database's schema: every table, the way to its newest migration, and starting over."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, exists, inspect, make_url, select, table, text
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import shinesmile
from shinesmile.core.settings import ROOT

TABLE_MODULES = ("models", "log")
START_LOCK = 7_446_237  # any number, the same for every server of one database


def tables() -> MetaData:
    """The metadata of every table, after importing each module that defines some."""
    for package in iter_modules(shinesmile.__path__, "shinesmile."):
        for module in TABLE_MODULES if package.ispkg else ():
            if find_spec(f"{package.name}.{module}"):
                import_module(f"{package.name}.{module}")
    return SQLModel.metadata


def sync_url(url: str) -> str:
    """The same database, reached through a driver that needs no event loop."""
    return url.replace("sqlite+aiosqlite", "sqlite", 1)


@contextmanager
def connection(url: str) -> Iterator[Connection]:
    """A connection of its own, outside the program's pool, closed at the end."""
    engine = create_engine(sync_url(url), poolclass=NullPool)
    with engine.connect() as opened:
        yield opened


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Take turns with other servers of the same database that start at the same time."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with Path(f"{parsed.database}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connection(url) as holder:
        holder.execution_options(isolation_level="AUTOCOMMIT")
        holder.execute(text("SELECT pg_advisory_lock(:key)"), {"key": START_LOCK})
        yield


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest migration."""
    config = Config(ROOT / "alembic" / "alembic.ini")
    config.attributes["url"] = url
    command.upgrade(config, "head")


def is_empty(url: str) -> bool:
    """Whether no table holds a row."""
    with connection(url) as opened:
        names = set(inspect(opened).get_table_names()) - {"alembic_version"}
        return not any(opened.scalar(select(exists().select_from(table(name)))) for name in names)


def erase(url: str) -> None:
    """Drop everything in the database at `url`."""
    with connection(url) as opened, opened.begin():
        if opened.dialect.name == "postgresql":
            opened.execute(text("DROP SCHEMA public CASCADE"))
            opened.execute(text("CREATE SCHEMA public"))
            return
        everything = MetaData()
        everything.reflect(opened)
        everything.drop_all(opened)
