"""Time and waiting in tests: a clock that stands still, and patience with a deadline."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import event

from shinesmile.core import clock, database

PATIENCE_SECONDS = 15.0


class Now:
    """The clinic's clock, held still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        clock.set_source(lambda: self.moment)

    def move(self, **by: float) -> None:
        """Let this much time pass, as in `now.move(minutes=5)`."""
        self.moment += timedelta(**by)


@contextmanager
def held_clock(moment: datetime) -> Iterator[Now]:
    """Hold the clock at a moment; the system's clock comes back afterwards."""
    try:
        yield Now(moment)
    finally:
        clock.set_source(None)


async def until(
    condition: Callable[[], bool | Awaitable[bool]], seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait for something to become true; fails when it has not in time."""
    deadline = monotonic() + seconds
    while True:
        answer = condition()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert monotonic() < deadline, "It did not happen in time."
        await asyncio.sleep(0.002)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collects the SQL statements that the current database is asked to run."""
    run: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        run.append(statement)

    engine = database.current().engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(engine, "before_cursor_execute", note)
