"""The log: what is in it, when it becomes visible, and in which order."""

import pytest

from shinesmile.core import database
from shinesmile.core.database import Database
from shinesmile.core.scope import Role, Scope
from shinesmile.realtime import log
from shinesmile.realtime.log import record
from tests.realtime.desk import LAKESIDE, Desk, Tally, after, viewer, visit
from tests.watching import until


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
