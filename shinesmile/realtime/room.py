"""A room: one live view, shared by every socket that watches it."""

import asyncio
import logging
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from shinesmile.core import database
from shinesmile.realtime.views import LiveView, Sender, Subscription, Viewer

_log = logging.getLogger(__name__)

CONFLATE_SECONDS = 0.05
RETRY_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Room:
    """Keeps its members' screens equal to the view's query.

    Snapshots and refreshes leave under one lock, so that no browser is ever left with rows
    older than those it was sent before. `holds` counts members and those about to join.
    """

    name: str
    subscription: Subscription
    sender: Sender
    queries: asyncio.Semaphore
    members: set[str] = field(default_factory=set)
    holds: int = 0
    _values: dict[str, Any] | None = None
    _dirty: bool = False
    _refreshed_at: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _task: asyncio.Task[None] | None = None

    async def admit(self, connection: "Connection") -> bool:
        """Add a socket and send it the present values; False when the socket is gone."""
        sid = connection.sid
        async with self._lock:
            if self._values is None or self._dirty:
                await self._look()
            assert self._values is not None
            if connection.closed or not await self.sender.enter(sid, self.name):
                return False
            self.members.add(sid)
            if not connection.closed:
                await self.sender.show(sid, self.subscription.into, self._values)
        if connection.closed:
            await self.dismiss(sid)
        return not connection.closed

    async def dismiss(self, sid: str) -> None:
        """Remove a socket; nothing of this room reaches it afterwards."""
        self.members.discard(sid)
        await self.sender.leave(sid, self.name)

    def touch(self) -> None:
        """Something this view shows may have changed: refresh at once, or as soon as allowed."""
        self._dirty = True
        if self._task is None:
            self._task = asyncio.create_task(self._refresh())

    def close(self) -> None:
        """Stop refreshing."""
        if self._task is not None:
            self._task.cancel()

    async def closed(self) -> None:
        """Stop refreshing, and wait until the query under way has given its connection back."""
        self.close()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _refresh(self) -> None:
        try:
            while self._dirty and self.members:
                await asyncio.sleep(self._refreshed_at + CONFLATE_SECONDS - monotonic())
                try:
                    async with self._lock:
                        await self._look()
                        self._refreshed_at = monotonic()
                except Exception:
                    _log.exception("Room %s could not be refreshed; trying again.", self.name)
                    await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._task = None

    async def _look(self) -> None:
        """Query, and send the members what has changed. Whoever calls holds the lock."""
        self._dirty = False
        try:
            values = await self._query()
            if values != self._values:
                if self.members:
                    await self.sender.show(self.name, self.subscription.into, values)
                self._values = values
        except BaseException:
            self.touch()
            raise

    async def _query(self) -> dict[str, Any]:
        async with self.queries, database.reading() as session:
            return await self.subscription.view.query(session)


@dataclass(eq=False, slots=True)
class Connection:
    """An open socket of a signed-in viewer, and the rooms and channels it is in."""

    sid: str
    viewer: Viewer
    rooms: dict[type[LiveView], Room] = field(default_factory=dict)
    channels: frozenset[str] = frozenset()
    closed: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
