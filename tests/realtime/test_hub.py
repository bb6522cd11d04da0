"""The hub: who is sent what, and nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.core import database
from shinesmile.realtime.log import Event
from shinesmile.realtime.views import Toast
from tests.realtime.desk import LAKESIDE, Bell, Desk, Tally, viewer, visit, visits, watching
from tests.watching import statements, until


async def test_every_screen_ends_equal_to_the_database(desk: Desk) -> None:
    """Sockets join at random moments while three people write."""
    random = Random(7)

    async def write() -> None:
        for _ in range(20):
            await visit()
            await asyncio.sleep(0)

    async def come(sid: str) -> None:
        for _ in range(random.randrange(300)):
            await asyncio.sleep(0)
        await desk.open(sid)

    sids = [f"socket {number}" for number in range(12)]
    await asyncio.gather(write(), write(), write(), *(come(sid) for sid in sids))
    async with database.reading() as session:
        number = await visits(session)
    assert number == 60
    await until(lambda: all(desk.seen(sid)[-1] == number for sid in sids))
    assert all(desk.seen(sid) == sorted(desk.seen(sid)) for sid in sids)


async def test_outsider_receives_nothing(desk: Desk) -> None:
    await desk.open("Rita")
    await desk.open("Ravi", Tally(LAKESIDE), viewer(2))
    assert desk.seen("Ravi") == [1], "the outsider is connected and has a screen"
    await visit()
    await until(desk.shows("Rita", 1))
    await visit(LAKESIDE)
    await until(desk.shows("Ravi", 2))
    assert desk.seen("Ravi") == [1, 2]
    assert desk.seen("Rita") == [0, 1]
    assert not desk.wire.rooms_of("Ravi") & desk.wire.rooms_of("Rita") - {
        "channel:role.receptionist",
        "channel:role.receptionist.branch.1",
    }


async def test_toast_reaches_its_channel_only(desk: Desk) -> None:
    await desk.open("Rita", who=viewer(1))
    await desk.open("Ravi", who=viewer(2))
    await desk.hub.toast("user.1", Toast("info", "Your turn"))
    assert [toast.title for toast in desk.wire.toasts["Rita"]] == ["Your turn"]
    assert not desk.wire.toasts["Ravi"]
    await desk.hub.toast("role.receptionist.branch.1", Toast("info", "Lunch"))
    assert desk.wire.toasts["Ravi"] == [Toast("info", "Lunch")]


async def turn_the_page(desk: Desk) -> None:
    await desk.hub.turn_page("Rita")


async def change_the_filter(desk: Desk) -> None:
    await desk.hub.join("Rita", watching(Tally(LAKESIDE)))


async def close_the_browser(desk: Desk) -> None:
    await desk.hub.disconnect("Rita")


async def end_the_session(desk: Desk) -> None:
    await desk.hub.end_session(viewer(1).session_id)
    assert desk.wire.signed_out == ["Rita"]


@pytest.mark.parametrize(
    "leave", [turn_the_page, change_the_filter, close_the_browser, end_the_session]
)
async def test_socket_that_left_a_room_receives_nothing_more_of_it(
    desk: Desk, leave: Callable[[Desk], Awaitable[None]]
) -> None:
    await desk.open("Rita", who=viewer(1))
    await desk.open("Ravi", who=viewer(2))
    await visit()
    await until(desk.shows("Ravi", 1))
    assert desk.seen("Rita") == [0, 1], "they were in one room"
    await leave(desk)
    before = len(desk.seen("Rita"))
    await visit()
    await until(desk.shows("Ravi", 2))
    assert len(desk.seen("Rita")) == before


async def test_new_filter_shows_its_own_rows(desk: Desk) -> None:
    await desk.open("Rita")
    await change_the_filter(desk)
    await visit(LAKESIDE)
    await until(desk.shows("Rita", 2))
    assert desk.seen("Rita") == [0, 1, 2]


async def test_turning_the_page_keeps_lasting_views(desk: Desk) -> None:
    await desk.open("Rita")
    await desk.hub.join("Rita", watching(Bell(LAKESIDE), lasting=True))
    await desk.hub.turn_page("Rita")
    await desk.open("Ravi", who=viewer(2))
    await visit()
    await until(desk.shows("Ravi", 1))
    await visit(LAKESIDE)
    await until(desk.shows("Rita", 2))
    assert desk.seen("Rita") == [0, 1, 2], "the tally of its own page, then the bell twice"


async def test_joining_again_is_a_fresh_snapshot(desk: Desk) -> None:
    await desk.open("Rita")
    await desk.open("Rita")
    assert desk.seen("Rita") == [0, 0]
    await visit()
    await until(desk.shows("Rita", 1))
    assert desk.seen("Rita") == [0, 0, 1]


async def test_equal_views_share_one_room_one_query_and_one_packet(desk: Desk) -> None:
    sids = [f"socket {number}" for number in range(20)]
    for number, sid in enumerate(sids):
        await desk.open(sid, Tally(), viewer(number))
    await desk.open("other filter", Tally(filter="walk-ins"), viewer(99))
    packets = len(desk.wire.packets)
    with statements() as run:
        await visit()
        await until(lambda: all(desk.seen(sid)[-1] == 1 for sid in [*sids, "other filter"]))
    assert len(desk.wire.packets) - packets == 2
    assert len([each for each in run if each.startswith("SELECT count")]) == 2


async def queries_of_a_visit(desk: Desk, number: int) -> int:
    with statements() as run:
        await visit()
        await until(desk.shows("Rita", number))
    return len([each for each in run if each.startswith("SELECT count")])


async def test_cost_of_an_event_does_not_depend_on_rooms_it_does_not_touch(desk: Desk) -> None:
    await desk.open("Rita")
    alone = await queries_of_a_visit(desk, 1)
    for number in range(200):
        await desk.open(f"socket {number}", Tally(LAKESIDE, str(number)), viewer(number))
    packets = len(desk.wire.packets)
    assert await queries_of_a_visit(desk, 2) == alone == 1
    assert desk.wire.packets[packets:] == desk.wire.packets[-1:]


async def test_unchanged_values_are_not_sent_again(desk: Desk) -> None:
    class Parity(Tally):
        """Whether the number of visits is odd."""

        async def query(self, session: AsyncSession) -> dict[str, Any]:
            return {"visits": await visits(session) % 2}

    await desk.open("Rita", Parity())
    await desk.open("Ravi", Tally(), viewer(2))
    await visit(times=2)
    await until(desk.shows("Ravi", 2))
    await visit()
    await until(desk.shows("Rita", 1))
    assert desk.seen("Rita") == [0, 1]


async def test_failing_listener_stops_neither_others_nor_later_events(desk: Desk) -> None:
    heard: list[int | None] = []

    async def fail(_event: Event) -> None:
        raise RuntimeError("This listener is broken.")

    async def hear(event: Event) -> None:
        heard.append(event.seq)

    desk.hub.listen("visit.created", fail)
    desk.hub.listen("visit.created", hear)
    desk.hub.listen("visit.ended", hear)
    await desk.open("Rita")
    await visit(times=3)
    await until(desk.shows("Rita", 3))
    assert heard == [2, 3, 4]


async def test_empty_rooms_are_forgotten(desk: Desk) -> None:
    await desk.open("Rita")
    await desk.open("Ravi", who=viewer(2))
    await desk.hub.disconnect("Rita")
    await desk.hub.disconnect("Ravi")
    await desk.open("Meera", Tally(LAKESIDE), viewer(3))
    with statements() as run:
        await visit()
        await visit(LAKESIDE)
        await until(desk.shows("Meera", 2))
    assert len([each for each in run if each.startswith("SELECT count")]) == 1
