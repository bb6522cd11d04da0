"""The unit of work: together or not at all, and its hooks in order."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlmodel import select

from shinesmile.branches.models import Branch
from shinesmile.core import database
from shinesmile.core.database import Database, UtcDateTime

Hook = Callable[[], Awaitable[None]]


def branch(name: str) -> Branch:
    return Branch(slug=name.lower(), name=name, timezone="Europe/London")


async def names() -> list[str]:
    async with database.reading() as session:
        return sorted(each.name for each in await session.exec(select(Branch)))


async def test_changes_are_committed_together(database: Database) -> None:
    async with database.unit_of_work() as work:
        work.add(branch("Downtown"))
        await work.flush()
        work.add(branch("Lakeside"))
        assert await names() == []
    assert await names() == ["Downtown", "Lakeside"]


async def open_downtown(ran: list[str], hook: Hook | None = None, *, fail: bool = False) -> None:
    """An act that may fail half way or in its last hook."""
    async with database.unit_of_work() as work:
        work.before_commit += [hook] if hook else []
        work.after_commit.append(lambda: ran.append("after"))
        work.add(branch("Downtown"))
        await work.flush()
        if fail:
            raise RuntimeError("half way")


async def test_changes_are_rolled_back_together_and_hooks_after_commit_never_run(
    database: Database,
) -> None:
    ran: list[str] = []
    with pytest.raises(RuntimeError, match="half way"):
        await open_downtown(ran, fail=True)
    assert (await names(), ran) == ([], [])
    await open_downtown(ran)
    assert (await names(), ran) == (["Downtown"], ["after"])


async def test_hooks_run_in_order_around_the_commit(database: Database) -> None:
    ran: list[str] = []

    async def first() -> None:
        ran.append(f"first, {len(await names())} committed")
        work.add(branch("Lakeside"))

    async def second() -> None:
        ran.append("second")

    async with database.unit_of_work() as work:
        work.before_commit += [first, second]
        work.after_commit += [lambda: ran.append("third"), lambda: ran.append("fourth")]
        work.add(branch("Downtown"))
        ran.append("act")
    assert ran == ["act", "first, 0 committed", "second", "third", "fourth"]
    assert await names() == ["Downtown", "Lakeside"]


async def test_hook_that_fails_takes_the_changes_with_it(database: Database) -> None:
    ran: list[str] = []

    async def fail() -> None:
        raise RuntimeError("The event could not be written.")

    with pytest.raises(RuntimeError, match="could not be written"):
        await open_downtown(ran, fail)
    assert (await names(), ran) == ([], [])


async def test_next_unit_of_work_starts_after_one_that_failed(database: Database) -> None:
    for _ in range(30):
        with pytest.raises(RuntimeError):
            await open_downtown([], fail=True)
    await open_downtown([])
    assert await names() == ["Downtown"]


@pytest.mark.parametrize("offset", [timedelta(0), timedelta(hours=5, minutes=45)])
async def test_moments_come_back_in_utc(database: Database, offset: timedelta) -> None:
    moment = datetime(2026, 11, 23, 9, 30, tzinfo=timezone(offset))
    kept = UtcDateTime()
    stored = kept.process_bind_param(moment, database.engine.dialect)
    assert stored is not None and stored.tzinfo is UTC
    assert kept.process_result_value(stored.replace(tzinfo=None), database.engine.dialect) == moment
