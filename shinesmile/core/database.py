"""The database of this process and its unit of work: one act, one transaction."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, String, TypeDecorator, event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

BUSY_TIMEOUT_MS = 10_000


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and read back with its zone on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def text_enum(kind: type[StrEnum]) -> type[TypeDecorator[Any]]:
    """A column type that stores an enumeration as plain text, so that new members need no DDL."""

    class TextEnum(TypeDecorator[Any]):
        impl = String(40)
        cache_ok = True

        def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
            return None if value is None else str(kind(value))

        def process_result_value(self, value: Any, dialect: Dialect) -> Any:
            return None if value is None else kind(value)

    return TextEnum


class UnitOfWork(AsyncSession):
    """A session whose changes are committed together, or not at all.

    `before_commit` hooks run inside the transaction, last of all; `after_commit` hooks run
    once the changes are durable and visible, and never when they were rolled back.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.before_commit: list[Callable[[], Awaitable[None]]] = []
        self.after_commit: list[Callable[[], None]] = []


class Database:
    """An engine and the two ways to use it: reading, and a unit of work."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = create_async_engine(url, **self._engine_options())
        self._write_engine = self.engine.execution_options(writes=True)
        # SQLite has one writer: queueing here is fair and costs no busy-waiting.
        self._writer: asyncio.Lock | None = asyncio.Lock() if self.is_sqlite else None
        if self.is_sqlite:
            _prepare_sqlite(self.engine)

    def _engine_options(self) -> dict[str, Any]:
        if self.is_sqlite:
            return {"pool_size": 8, "max_overflow": 0}
        return {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for queries only."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        work = UnitOfWork(self._write_engine, expire_on_commit=False)
        async with self._writer or nullcontext(), work:
            yield work
            for hook in work.before_commit:
                await hook()
            await work.commit()
        for done in work.after_commit:
            done()

    async def close(self) -> None:
        """Give back every connection."""
        await self.engine.dispose()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    sync_engine = engine.sync_engine

    @event.listens_for(sync_engine, "connect")
    def set_pragmas(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver's own implicit BEGIN would come too late for BEGIN IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


_current: Database | None = None


def connect(url: str) -> Database:
    """Open the database at `url` and make it the one that this process uses."""
    global _current
    _current = Database(url)
    return _current


def current() -> Database:
    """The database of this process."""
    if _current is None:
        raise RuntimeError("No database is connected.")
    return _current


def reading() -> AbstractAsyncContextManager[AsyncSession]:
    """A session for queries on the current database, as an async context manager."""
    return current().reading()


def unit_of_work() -> AbstractAsyncContextManager[UnitOfWork]:
    """A transaction on the current database, as an async context manager."""
    return current().unit_of_work()
