"""Numbers and commits come in one order: a reader never meets a number below one it has seen."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from shinesmile.core import database
from shinesmile.core.database import Database, UnitOfWork
from shinesmile.notifications.models import Notification
from shinesmile.notifications.service import Message, notify
from shinesmile.realtime.log import Event, record
from tests.databases import kinds
from tests.realtime.desk import after
from tests.watching import until

WRITERS, EACH = 20, 25
QUEUEING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
Write = Callable[[UnitOfWork], Awaitable[None]]

# SQLite has one writer at a time: there is no order to get wrong.
with_several_writers = pytest.mark.parametrize(
    "database", [kind for kind in kinds() if kind != "sqlite"], indirect=True
)


async def somebody_comes(work: UnitOfWork) -> None:
    record(work, "visit.created", ("visit", 1), ["branch.1"])


async def somebody_is_told(work: UnitOfWork) -> None:
    await notify(work, ["user.1"], Message("visit.created", "info", "Your turn"))


async def numbers() -> tuple[list[int], list[int]]:
    """The numbers of the events and of the notifications that can be seen."""
    async with database.reading() as session:
        told = await session.exec(select(Notification.id).order_by(col(Notification.id)))
        return await after(0), [each or 0 for each in told]


@with_several_writers
async def test_transactions_that_commit_in_reverse_order_are_both_read(database: Database) -> None:
    """The second begins later and commits first."""
    async with database.unit_of_work() as first:
        await somebody_comes(first)
        await first.flush()
        async with database.unit_of_work() as second:
            await somebody_comes(second)
        (seen,) = await after(0)
    (later,) = await after(seen)
    assert later > seen


@with_several_writers
@pytest.mark.parametrize("write", [somebody_comes, somebody_is_told])
async def test_nobody_overtakes_who_has_a_number_already(database: Database, write: Write) -> None:
    """The first has its number and takes its time to commit; the second does not."""
    numbered, commit = asyncio.Event(), asyncio.Event()

    async def take_time() -> None:
        numbered.set()
        await commit.wait()

    async def begin() -> None:
        async with database.unit_of_work() as work:
            await write(work)
            work.before_commit.append(take_time)

    async def follow() -> None:
        async with database.unit_of_work() as work:
            await write(work)

    async def second_has_finished_or_queues() -> bool:
        async with database.reading() as session:
            return second.done() or bool(await session.scalar(QUEUEING))

    first = asyncio.create_task(begin())
    await numbered.wait()
    second = asyncio.create_task(follow())
    await until(second_has_finished_or_queues)
    seen = await numbers()
    commit.set()
    await asyncio.gather(first, second)
    for before, all_of_them in zip(seen, await numbers(), strict=True):
        assert all_of_them[: len(before)] == before, "a number below one that was seen"
    assert len(await after(0)) == 2


async def stored_numbers() -> list[int]:
    async with database.reading() as session:
        stored = await session.exec(select(Event.seq).order_by(col(Event.seq)))
        return [each or 0 for each in stored]


async def tail(number: int) -> list[int]:
    """Everything a reader meets who asks only for what follows the last number seen."""
    met: list[int] = []
    while len(met) < number:
        newer = await after(met[-1] if met else 0)
        assert newer == sorted(newer)
        met += newer
        stored = [] if newer else await stored_numbers()
        assert len(stored) < number or stored == met, "a number below one that was seen"
    return met


async def test_reader_never_meets_a_number_below_one_it_has_seen(database: Database) -> None:
    random = Random(5)

    async def dawdle() -> None:
        for _ in range(random.randrange(12)):
            await asyncio.sleep(0)

    async def write() -> None:
        for _ in range(EACH):
            async with database.unit_of_work() as work:
                await somebody_comes(work)
                work.before_commit.append(dawdle)

    reader = asyncio.create_task(tail(WRITERS * EACH))
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    assert await reader == await stored_numbers()
