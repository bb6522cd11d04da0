"""A live engine for each test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from shinesmile.core.database import Database
from shinesmile.realtime import bus, hub, presence
from tests.realtime.desk import LAKESIDE, Desk, Wire, visit
from tests.watching import until


@pytest.fixture
async def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A hub that follows the log, in a process whose bus and presence are its own."""
    monkeypatch.setattr(bus, "_current", bus.Bus())
    monkeypatch.setattr(presence, "_current", presence.Presence())
    monkeypatch.setattr(hub, "LOOK_EVERY_SECONDS", 60.0)
    made = Desk(Wire(), bus.current(), presence.use(presence.Presence()))
    await visit(LAKESIDE)
    following = asyncio.create_task(made.hub.run())
    await until(lambda: made.hub.cursor > 0)
    yield made
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
