"""Hints between processes over Redis."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from shinesmile.realtime import bus
from shinesmile.realtime.bus import LOG_GREW, Bus, RedisBus
from tests import redis_server
from tests.ports import free_port
from tests.redis_server import RedisServer


@pytest.fixture
def server(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    """A Redis that the test may stop; another one would start on the same port."""
    port = free_port()
    monkeypatch.setattr(redis_server, "free_port", lambda: port)
    monkeypatch.setattr(bus, "_RECONNECT_AFTER", 0.02)
    started = RedisServer()
    yield started
    started.stop()


@pytest.fixture
async def pair(server: RedisServer) -> AsyncIterator[tuple[RedisBus, RedisBus]]:
    """The buses of two processes."""
    here, there = RedisBus(server.url), RedisBus(server.url)
    tasks = [asyncio.create_task(each.run()) for each in (here, there)]
    yield here, there
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def crosses(sender: Bus, receiver: Bus, hint: str) -> None:
    """Send a hint, again and again while nobody listens yet, until it arrives."""
    async with asyncio.timeout(20):
        while True:
            sender.send(hint)
            if hint in await receiver.wait(0.1):
                return


async def test_hints_cross_between_processes(pair: tuple[RedisBus, RedisBus]) -> None:
    here, there = pair
    await crosses(here, there, LOG_GREW)
    await crosses(there, here, "presence")
    assert await here.healthy()


async def test_hints_cross_again_after_redis_was_restarted(
    server: RedisServer, pair: tuple[RedisBus, RedisBus]
) -> None:
    here, there = pair
    await crosses(here, there, "before")
    server.stop()
    here.send("lost")
    assert not await here.healthy()
    again = RedisServer()
    try:
        await crosses(here, there, "after")
        await crosses(there, here, "after")
    finally:
        again.stop()


async def test_process_looks_at_the_log_itself_when_redis_is_lost(
    server: RedisServer, pair: tuple[RedisBus, RedisBus]
) -> None:
    here, there = pair
    await crosses(here, there, "before")
    server.stop()
    async with asyncio.timeout(20):
        while LOG_GREW not in await there.wait(1):
            pass


async def test_own_hints_arrive_without_redis() -> None:
    alone = RedisBus(f"redis://127.0.0.1:{free_port()}")
    alone.send(LOG_GREW)
    assert await alone.wait(1) == {LOG_GREW}


async def test_waiting_can_be_cancelled_at_the_moment_a_hint_arrives() -> None:
    """A stop that is swallowed there would leave the server running for ever."""
    hints = Bus()

    async def follow() -> None:
        while True:
            await hints.wait(60)

    following = asyncio.create_task(follow())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    hints.send(LOG_GREW)
    following.cancel()
    done, _ = await asyncio.wait({following}, timeout=5)
    following.cancel()
    assert done


async def test_hints_of_a_burst_are_one() -> None:
    hints = Bus()
    for _ in range(100):
        hints.send(LOG_GREW)
    hints.send("presence")
    assert await hints.wait(1) == {LOG_GREW, "presence"}
    assert await hints.wait(0) == set()
