"""Sessions that end while their pages are open, or just about to be."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shinesmile.realtime import hub
from shinesmile.realtime.presence import RedisPresence
from tests.ports import free_port
from tests.realtime.desk import Desk, Tally, viewer, visit, watching
from tests.watching import held_clock, until

# A join takes fewer steps than this: the check, the channels, the room and the snapshot.
STEPS = 8


async def revoke(desk: Desk, session_id: str) -> None:
    """What the commit of a revocation and its event do."""
    desk.revoked.add(session_id)
    await desk.hub.end_session(session_id)


@pytest.mark.parametrize("number", range(STEPS))
async def test_socket_that_joins_while_its_session_is_revoked_ends_up_out(
    desk: Desk, number: int
) -> None:
    await desk.open("Ravi", who=viewer(2))
    rita = viewer(1)
    steps: list[str] = []

    async def between(step: str) -> None:
        steps.append(step)
        if len(steps) == number + 1:
            await revoke(desk, rita.session_id)

    desk.wire.between = between
    if await desk.hub.connect("Rita", rita):
        await desk.hub.join("Rita", watching(Tally()))
    if len(steps) <= number or rita.session_id not in desk.revoked:
        await revoke(desk, rita.session_id)
    shown = len(desk.seen("Rita"))
    await visit()
    await until(desk.shows("Ravi", 1))
    assert not desk.wire.rooms_of("Rita")
    assert len(desk.seen("Rita")) == shown
    assert not await desk.hub.connect("Rita", rita)


async def test_steps_of_a_join_are_all_tried(desk: Desk) -> None:
    steps: list[str] = []

    async def between(step: str) -> None:
        steps.append(step)

    desk.wire.between = between
    await desk.open("Rita")
    assert steps == ["check", *["enter"] * (len(steps) - 2), "show"]
    assert len(steps) < STEPS


async def test_socket_revoked_while_its_rows_are_read_never_sees_them(desk: Desk) -> None:
    """The revocation comes after the check and before the room is entered."""
    rita = viewer(1)
    assert await desk.hub.connect("Rita", rita)

    async def between(step: str) -> None:
        if step == "enter":
            desk.wire.between = quiet
            await revoke(desk, rita.session_id)

    async def quiet(_step: str) -> None:
        await asyncio.sleep(0)

    desk.wire.between = between
    await desk.hub.join("Rita", watching(Tally()))
    assert rita.session_id in desk.revoked
    assert not desk.seen("Rita")
    assert not desk.wire.rooms_of("Rita")


async def test_revocation_ends_every_socket_of_the_session_and_no_other(desk: Desk) -> None:
    here, elsewhere = viewer(1, "at the desk"), viewer(1, "at home")
    await desk.open("first tab", who=here)
    await desk.open("second tab", who=here)
    await desk.open("at home", who=elsewhere)
    await revoke(desk, here.session_id)
    await visit()
    await until(desk.shows("at home", 1))
    assert sorted(desk.wire.signed_out) == ["first tab", "second tab"]
    assert desk.seen("first tab") == desk.seen("second tab") == [0]


async def test_lost_redis_does_not_keep_a_revoked_socket_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody_listens = f"redis://127.0.0.1:{free_port()}"
    monkeypatch.setattr(desk.hub, "_presence", RedisPresence(nobody_listens))
    await desk.open("first tab")
    await desk.open("second tab")
    await desk.open("Ravi", who=viewer(2))
    await desk.hub.end_session(viewer(1).session_id)
    assert sorted(desk.wire.signed_out) == ["first tab", "second tab"]
    await visit()
    await until(desk.shows("Ravi", 1))
    assert desk.seen("first tab") == desk.seen("second tab") == [0]


async def test_expired_sessions_are_ended_within_a_minute(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LOOK_EVERY_SECONDS", 0.01)
    start = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
    with held_clock(start) as now:
        await desk.open("Rita", who=viewer(1, expires_at=start + timedelta(seconds=20)))
        await desk.open("Ravi", who=viewer(2, expires_at=start + timedelta(hours=1)))
        await visit()
        await until(desk.shows("Rita", 1))
        now.move(minutes=1)
        await until(lambda: bool(desk.wire.signed_out))
        await visit()
        await until(desk.shows("Ravi", 2))
    assert desk.wire.signed_out == ["Rita"]
    assert desk.seen("Rita") == [0, 1]
