"""Presence: who is connected, in one process and in several."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from redis import Redis
from redis.asyncio import Redis as Client

from shinesmile.realtime import presence
from shinesmile.realtime.presence import LEASE_SECONDS, Presence, RedisPresence
from tests.ports import free_port
from tests.watching import until

RITA, RAVI = 1, 2
Start = Callable[[], RedisPresence]


@pytest.fixture
async def start(redis_url: str) -> AsyncIterator[Start]:
    """Starts the presence of one more process."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
    started: list[RedisPresence] = []

    def one_more(url: str = redis_url) -> RedisPresence:
        started.append(RedisPresence(url))
        return started[-1]

    yield one_more
    for each in started:
        await each._redis.aclose()


@pytest.fixture(params=["one process", "several processes"])
async def kept(request: pytest.FixtureRequest, start: Start) -> Presence:
    return Presence() if request.param == "one process" else start()


async def test_person_with_two_sockets_counts_once(kept: Presence) -> None:
    await kept.arrive("tab", RITA)
    await kept.arrive("phone", RITA)
    await kept.arrive("desk", RAVI)
    assert await kept.online() == {RITA, RAVI}
    await kept.depart("tab", RITA)
    assert await kept.online() == {RITA, RAVI}
    await kept.depart("phone", RITA)
    assert await kept.online() == {RAVI}


async def test_processes_see_each_others_people(start: Start) -> None:
    here, there = start(), start()
    await here.arrive("tab", RITA)
    await there.arrive("desk", RAVI)
    assert await here.online() == await there.online() == {RITA, RAVI}


async def test_leases_of_a_process_that_died_lapse(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    died, lives = start(), start()
    await died.arrive("tab", RITA)
    now = presence.time()
    monkeypatch.setattr(presence, "time", lambda: now + LEASE_SECONDS - 1)
    assert await lives.online() == {RITA}
    monkeypatch.setattr(presence, "time", lambda: now + LEASE_SECONDS + 1)
    assert await lives.online() == frozenset()


@pytest.fixture
async def beating(start: Start, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RedisPresence]:
    """A process that renews its leases all the time."""
    monkeypatch.setattr(presence, "BEAT_SECONDS", 0.01)
    kept = start()
    running = asyncio.create_task(kept.run())
    yield kept
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def leases(url: str) -> int:
    async with Client.from_url(url) as client:
        number: int = await client.zcard("shinesmile:presence")
        return number


async def test_open_sockets_keep_their_lease(
    beating: RedisPresence, start: Start, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = start()
    await died.arrive("gone", RAVI)
    await beating.arrive("tab", RITA)
    assert await beating.online() == {RITA, RAVI}
    now = presence.time()
    monkeypatch.setattr(presence, "time", lambda: now + LEASE_SECONDS + 1)

    async def only_rita() -> bool:
        return await beating.online() == {RITA} and await leases(redis_url) == 1

    await until(only_rita)


async def test_without_redis_only_the_own_sockets_are_known() -> None:
    alone = RedisPresence(f"redis://127.0.0.1:{free_port()}")
    await alone.arrive("tab", RITA)
    assert await alone.online() == {RITA}
    await alone.depart("tab", RITA)
    assert await alone.online() == frozenset()


async def test_leases_are_renewed_again_after_redis_was_away(
    beating: RedisPresence, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await beating.arrive("tab", RITA)
    failed: list[str] = []

    async def fail(*_asked: object) -> None:
        failed.append("beat")
        raise ConnectionError("Redis is away.")

    with monkeypatch.context() as away:
        away.setattr(beating._redis, "zadd", fail)
        await until(lambda: len(failed) > 2)
    async with Client.from_url(redis_url) as client:
        await client.flushall()

    async def renewed() -> bool:
        return await leases(redis_url) == 1

    await until(renewed)
