"""The bus: hints between processes. A lost hint costs seconds, never data."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = logging.getLogger(__name__)

LOG_GREW = "log"
_CHANNEL = "shinesmile:hints"
_RECONNECT_AFTER = 1.0


class Bus:
    """Hints within one process: that the log grew, or that a topic outside it changed."""

    def __init__(self) -> None:
        self._hints: set[str] = set()
        self._arrived = asyncio.Event()

    def send(self, hint: str) -> None:
        """Hand a hint to whoever waits; never blocks, never fails."""
        self.receive(hint)

    def receive(self, hint: str) -> None:
        """Take in a hint, from here or from another process."""
        self._hints.add(hint)
        self._arrived.set()

    async def wait(self, seconds: float) -> set[str]:
        """The hints since the last call, as soon as there are any, at the latest in `seconds`."""
        # Not wait_for: before Python 3.12 it can swallow a cancellation, and a stop would hang.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        self._arrived.clear()
        hints, self._hints = self._hints, set()
        return hints

    async def run(self) -> None:
        """Keep the bus going; one process needs nothing kept."""

    async def healthy(self) -> bool:
        """Whether hints reach the other processes."""
        return True


class RedisBus(Bus):
    """Hints between several processes over Redis."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._redis = Redis.from_url(url, socket_connect_timeout=2, health_check_interval=15)
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()

    def send(self, hint: str) -> None:
        self.receive(hint)
        self._outgoing.put_nowait(hint)

    async def run(self) -> None:
        """Publish and listen until cancelled; reconnects by itself."""
        try:
            await asyncio.gather(self._keep(self._publish), self._keep(self._listen))
        finally:
            await self._redis.aclose()

    async def healthy(self) -> bool:
        try:
            return bool(await self._redis.ping())  # type: ignore[misc]
        except (RedisError, OSError):
            return False

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except (RedisError, OSError) as problem:
                _log.warning("The bus lost Redis and will try again: %s", problem)
                # What was published meanwhile is gone: let this process look for itself.
                self.receive(LOG_GREW)
                await asyncio.sleep(_RECONNECT_AFTER)

    async def _publish(self) -> None:
        while True:
            hint = await self._outgoing.get()
            await self._redis.publish(_CHANNEL, hint)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.subscribe(_CHANNEL)
            async for message in channel.listen():
                if message["type"] == "message":
                    self.receive(message["data"].decode())


_current: Bus = Bus()


def use(bus: Bus) -> Bus:
    """Make this the bus of the process."""
    global _current
    _current = bus
    return bus


def current() -> Bus:
    """The bus of this process."""
    return _current


def wake() -> None:
    """Say that the log grew."""
    _current.send(LOG_GREW)


def touch(topic: str) -> None:
    """Say that something outside the log changed, such as who is present."""
    _current.send(topic)
