"""A room: snapshots and refreshes never leave a browser with older rows."""

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.core import database
from shinesmile.realtime import room as module
from shinesmile.realtime.room import Connection, Room
from shinesmile.realtime.views import LiveView
from tests.realtime.desk import Wire, viewer, watching
from tests.watching import until

AT_MOST = 2.0


@dataclass(eq=False)
class Board(LiveView):
    """A number on a board, read somewhere in the course of the query."""

    number: int = 0
    broken: int = 0
    queries: int = 0
    random: Random = field(default_factory=Random)

    @property
    def topics(self) -> frozenset[str]:
        return frozenset()

    async def query(self, _session: AsyncSession) -> dict[str, Any]:
        self.queries += 1
        await others_go_first(self.random)
        number = self.number
        await others_go_first(self.random)
        if self.broken:
            self.broken -= 1
            raise ConnectionError("The database is away.")
        return {"number": number}


async def others_go_first(random: Random) -> None:
    for _ in range(random.randrange(4)):
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONFLATE_SECONDS", 0.0)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(database, "reading", nullcontext)


def opened(board: Board) -> tuple[Room, Wire]:
    wire = Wire()
    return Room("view:1", watching(board), wire, asyncio.Semaphore(2)), wire


def numbers(wire: Wire, sid: str) -> list[int]:
    return [each["number"] for each in wire.screens[sid]]


async def a_busy_moment(random: Random) -> None:
    """Sockets come, go and come back while the board changes."""
    board = Board(random=random)
    room, wire = opened(board)
    sids = [f"socket {number}" for number in range(4)]

    async def between(_step: str) -> None:
        await others_go_first(random)

    async def come_and_go(sid: str) -> None:
        connection = Connection(sid, viewer())
        for _ in range(random.randrange(3)):
            await others_go_first(random)
            assert await room.admit(connection)
            await others_go_first(random)
            await room.dismiss(sid)
        wire.screens[sid].clear()
        assert await room.admit(connection)

    async def write() -> None:
        for _ in range(random.randrange(1, 6)):
            await others_go_first(random)
            board.number += 1
            room.touch()

    wire.between = between
    await asyncio.gather(write(), *(come_and_go(sid) for sid in sids))
    await until(lambda: all(numbers(wire, sid)[-1] == board.number for sid in sids), AT_MOST)
    assert all(numbers(wire, sid) == sorted(numbers(wire, sid)) for sid in sids)


async def test_every_screen_ends_with_the_newest_rows_whatever_the_order() -> None:
    for seed in range(400):
        try:
            await a_busy_moment(Random(seed))
        except AssertionError as wrong:
            wrong.add_note(f"seed {seed}")
            raise


async def test_socket_that_joins_before_a_refresh_does_not_swallow_it() -> None:
    board = Board()
    room, wire = opened(board)
    await room.admit(Connection("Rita", viewer()))
    board.number = 7
    room.touch()
    await room.admit(Connection("Ravi", viewer()))
    assert numbers(wire, "Ravi")[-1] == 7
    await until(lambda: numbers(wire, "Rita")[-1] == 7, AT_MOST)


async def test_failing_query_is_retried() -> None:
    board = Board()
    room, wire = opened(board)
    await room.admit(Connection("Rita", viewer()))
    board.number, board.broken = 5, 3
    room.touch()
    await until(lambda: numbers(wire, "Rita") == [0, 5], AT_MOST)
    assert board.broken == 0


async def test_query_that_fails_for_a_newcomer_is_retried_for_the_others() -> None:
    board = Board()
    room, wire = opened(board)
    await room.admit(Connection("Rita", viewer()))
    board.number, board.broken = 5, 1
    room.touch()
    with pytest.raises(ConnectionError):
        await room.admit(Connection("Ravi", viewer()))
    await until(lambda: numbers(wire, "Rita") == [0, 5], AT_MOST)


async def test_packet_that_could_not_be_sent_is_sent_again() -> None:
    board = Board()
    room, wire = opened(board)
    await room.admit(Connection("Rita", viewer()))
    failures = iter([ConnectionError("The wire is cut.")])

    async def between(step: str) -> None:
        if step == "show" and (failure := next(failures, None)):
            raise failure

    wire.between = between
    board.number = 5
    room.touch()
    await until(lambda: numbers(wire, "Rita") == [0, 5], AT_MOST)


async def test_socket_that_is_gone_is_not_admitted() -> None:
    room, wire = opened(Board())
    wire.gone.add("Rita")
    assert not await room.admit(Connection("Rita", viewer()))
    assert not room.members
    assert not wire.packets
