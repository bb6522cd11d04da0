"""Bursts and lost hints: few packets, the first at once, and the last one true."""

import asyncio
from time import monotonic
from typing import Any

import pytest

from shinesmile.core import database
from shinesmile.realtime import bus, hub, log, presence, room
from shinesmile.realtime.views import EVERY_MINUTE
from tests.realtime.desk import LAKESIDE, Desk, Tally, viewer, visit, visits
from tests.watching import until


async def test_burst_ends_with_the_rows_of_the_database_in_few_packets(desk: Desk) -> None:
    await desk.open("Rita")
    await desk.open("Ravi", who=viewer(2))
    began = monotonic()
    await asyncio.gather(*(visit(times=10) for _ in range(100)))
    async with database.reading() as session:
        assert await visits(session) == 1000
    await until(desk.shows("Rita", 1000))
    await until(desk.shows("Ravi", 1000))
    at_most = (monotonic() - began) / room.CONFLATE_SECONDS + 2
    assert 1 <= len(desk.seen("Rita")) - 1 <= at_most < 500


async def test_first_refresh_is_immediate_and_the_next_waits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "CONFLATE_SECONDS", 60.0)
    await desk.open("Rita")
    await visit()
    await until(desk.shows("Rita", 1))
    await desk.open("Ravi", Tally(LAKESIDE), viewer(2))
    await visit()
    await visit(LAKESIDE)
    await until(desk.shows("Ravi", 2))
    assert desk.seen("Rita") == [0, 1], "the second of a burst is held back"


async def test_lost_hint_delays_but_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LOOK_EVERY_SECONDS", 0.01)
    await desk.open("Rita")
    await visit()
    await until(desk.shows("Rita", 1))
    hints: list[str] = []
    monkeypatch.setattr(bus, "wake", lambda: hints.append("lost"))
    for _ in range(5):
        await visit()
    await until(desk.shows("Rita", 6))
    assert hints == ["lost"] * 5


async def test_hint_is_enough_without_looking(desk: Desk) -> None:
    """The hub looks once a minute here, so only the hint can be what wakes it."""
    assert hub.LOOK_EVERY_SECONDS == 60.0
    await desk.open("Rita")
    for number in range(1, 6):
        await visit()
        await until(desk.shows("Rita", number), seconds=10)


async def test_log_that_cannot_be_read_is_read_later_and_hints_are_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(Tally):
        """Touched by a hint, not by the log."""

        @property
        def topics(self) -> frozenset[str]:
            return frozenset({EVERY_MINUTE})

    await desk.open("Rita")
    await desk.open("Ravi", Clock(), viewer(2))
    read, failures = log.read_after, iter([OSError("The database is away.")])

    async def read_after(*asked: Any) -> Any:
        if failure := next(failures, None):
            raise failure
        return await read(*asked)

    monkeypatch.setattr(log, "read_after", read_after)
    await visit()
    desk.bus.send(EVERY_MINUTE)
    await until(lambda: next(failures, None) is None)
    bus.wake()
    await until(desk.shows("Rita", 1))
    await until(desk.shows("Ravi", 1))


async def test_presence_touches_its_views(desk: Desk) -> None:
    class Online(Tally):
        @property
        def topics(self) -> frozenset[str]:
            return frozenset({presence.TOPIC})

        async def query(self, _session: Any) -> dict[str, Any]:
            return {"visits": len(await presence.online())}

    await desk.open("Rita", Online(), viewer(1))
    await desk.open("Rita's phone", Tally(), viewer(1))
    await desk.open("Ravi", Tally(), viewer(2))
    await until(desk.shows("Rita", 2))
    await desk.hub.disconnect("Ravi")
    await until(desk.shows("Rita", 1))
