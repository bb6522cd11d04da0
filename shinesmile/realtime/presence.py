"""Presence: who is connected, by leases that lapse by themselves (DOMAIN.md §7)."""

import asyncio
import logging
from collections.abc import Awaitable
from time import time
from typing import TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from shinesmile.realtime import bus

_log = logging.getLogger(__name__)

BEAT_SECONDS = 25.0
LEASE_SECONDS = 75.0
TOPIC = "presence"
_KEY = "shinesmile:presence"

Answer = TypeVar("Answer")


class Presence:
    """Leases of this process's sockets; a lost process loses its leases with it."""

    def __init__(self) -> None:
        self._leases: dict[str, int] = {}

    async def arrive(self, sid: str, user_id: int) -> None:
        """A socket of this account was opened."""
        self._leases[sid] = user_id
        bus.touch(TOPIC)

    async def depart(self, sid: str, user_id: int) -> None:
        """A socket of this account was closed."""
        if self._leases.pop(sid, None) is not None:
            bus.touch(TOPIC)

    async def online(self) -> frozenset[int]:
        """The accounts with at least one open socket."""
        return frozenset(self._leases.values())

    async def run(self) -> None:
        """Renew leases until cancelled; one process has nothing to renew."""


class RedisPresence(Presence):
    """Leases shared by several processes through Redis.

    While Redis is away only this process's own sockets are known, and nothing else fails.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=2,
            socket_timeout=2,
            retry=Retry(NoBackoff(), 1),
            decode_responses=True,
        )

    async def arrive(self, sid: str, user_id: int) -> None:
        await self._ask(self._redis.zadd(_KEY, {f"{user_id}:{sid}": time() + LEASE_SECONDS}))
        await super().arrive(sid, user_id)

    async def depart(self, sid: str, user_id: int) -> None:
        await self._ask(self._redis.zrem(_KEY, f"{user_id}:{sid}"))
        await super().depart(sid, user_id)

    async def online(self) -> frozenset[int]:
        leases = await self._ask(self._redis.zrangebyscore(_KEY, time(), "+inf"))
        if leases is None:
            return await super().online()
        return frozenset(int(lease.split(":", 1)[0]) for lease in leases)

    async def run(self) -> None:
        try:
            while True:
                await asyncio.sleep(BEAT_SECONDS)
                await self._beat()
        finally:
            await self._redis.aclose()

    async def _beat(self) -> None:
        expiry = time() + LEASE_SECONDS
        if self._leases:
            beats = {f"{user_id}:{sid}": expiry for sid, user_id in self._leases.items()}
            await self._ask(self._redis.zadd(_KEY, beats))
        await self._ask(self._redis.zremrangebyscore(_KEY, "-inf", time()))

    async def _ask(self, question: Awaitable[Answer]) -> Answer | None:
        """Redis's answer; None when it has none to give."""
        try:
            return await question
        except (RedisError, OSError) as problem:
            _log.warning("Presence cannot reach Redis: %s", problem)
            return None


_current = Presence()


def use(presence: Presence) -> Presence:
    """Make this the presence of the process."""
    global _current
    _current = presence
    return presence


async def online() -> frozenset[int]:
    """The accounts that are connected now, in any process."""
    return await _current.online()
