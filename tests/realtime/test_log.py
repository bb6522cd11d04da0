"""The log: what is in it, when it becomes visible, and in which order."""

import asyncio

import pytest
from sqlmodel import col, select

from shinesmile.core import database
from shinesmile.core.database import Database
from shinesmile.core.scope import Role, Scope
from shinesmile.notifications.service import Message, notify
from shinesmile.realtime import log
from shinesmile.realtime.log import Event, record
from tests.databases import kinds
from tests.realtime.desk import LAKESIDE, Desk, Tally, viewer, visit
from tests.watching import until

WRITERS, EACH = 20, 25


# SQLite has one writer at a time: there is no order to get wrong.
with_several_writers = pytest.mark.parametrize(
    "database", [kind for kind in kinds() if kind != "sqlite"], indirect=True
)


async def after(seq: int) -> list[int]:
    async with database.reading() as session:
        return [each.seq or 0 for each in await log.read_after(session, seq)]


async def test_event_keeps_what_was_said(database: Database) -> None:
    scope = Scope(7, Role.MANAGER)
    async with database.unit_of_work() as work:
        record(
            work,
            "visit.moved",
            ("visit", 3),
            ["b", "a", "a"],
            actor=scope,
            version=4,
            data={"n": 1},
        )
    async with database.reading() as session:
        (kept,) = await log.read_after(session, 0)
    assert (kept.type, kept.subject_kind, kept.subject_id) == ("visit.moved", "visit", "3")
    assert (kept.topics, kept.actor_id, kept.version, kept.data) == (["a", "b"], 7, 4, {"n": 1})


async def visit_that_fails() -> None:
    async with database.unit_of_work() as work:
        record(work, "visit.created", ("visit", 1), ["branch.1"])
        await work.flush()
        raise RuntimeError("The act failed.")


async def test_rolled_back_event_is_never_seen(desk: Desk) -> None:
    await desk.open("Rita")
    await desk.open("Ravi", Tally(LAKESIDE), viewer(2))
    with pytest.raises(RuntimeError):
        await visit_that_fails()
    await visit(LAKESIDE)
    await until(desk.shows("Ravi", 2))
    assert desk.seen("Rita") == [0]
    assert len(await after(0)) == 2, "Lakeside's two visits"


async def test_event_is_not_seen_before_its_commit(database: Database) -> None:
    async with database.unit_of_work() as work:
        record(work, "visit.created", ("visit", 1), ["branch.1"])
        await work.flush()
        assert await after(0) == []
    assert await after(0) == [1]


@with_several_writers
async def test_transactions_that_commit_in_reverse_order_are_both_read(database: Database) -> None:
    """Two people tell a channel: the second begins later and commits first."""
    async with database.unit_of_work() as first:
        record(first, "visit.created", ("visit", 1), ["branch.1"])
        await first.flush()
        async with database.unit_of_work() as second:
            record(second, "visit.created", ("visit", 2), ["branch.1"])
        (seen,) = await after(0)
    (later,) = await after(seen)
    assert later > seen


async def tail(until_number: int) -> list[int]:
    """Everything a reader meets who asks only for what follows the last number seen."""
    met: list[int] = []
    while len(met) < until_number:
        newer = await after(met[-1] if met else 0)
        assert newer == sorted(newer)
        met += newer
        if not newer:
            stored = await stored_numbers()
            assert len(stored) < until_number or stored == met, "a number below one that was seen"
    return met


async def stored_numbers() -> list[int]:
    async with database.reading() as session:
        return [
            each or 0 for each in await session.exec(select(Event.seq).order_by(col(Event.seq)))
        ]


async def test_reader_never_meets_a_number_below_one_it_has_seen(database: Database) -> None:
    async def write(number: int) -> None:
        for _ in range(EACH):
            async with database.unit_of_work() as work:
                record(work, "visit.created", ("visit", number), ["branch.1"])

    reader = asyncio.create_task(tail(WRITERS * EACH))
    await asyncio.gather(*(write(number) for number in range(WRITERS)))
    assert await reader == await stored_numbers()


@with_several_writers
async def test_notifications_are_numbered_in_commit_order_too(database: Database) -> None:
    """The bell's watermark says `all up to`: nothing may appear below it afterwards."""
    holding, told = asyncio.Event(), asyncio.Event()

    async def tell_slowly() -> None:
        async with database.unit_of_work() as work:
            await notify(work, ["user.1"], Message("visit.created", "info", "First"))
            holding.set()
            await told.wait()

    async def tell() -> None:
        await holding.wait()
        async with database.unit_of_work() as work:
            asyncio.get_running_loop().call_soon(told.set)
            await notify(work, ["user.1"], Message("visit.created", "info", "Second"))
            assert await after(0) == [1], "the first has committed before the second is numbered"

    await asyncio.gather(tell_slowly(), tell())
    assert await after(0) == [1, 2]
