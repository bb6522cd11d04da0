"""The hub: from new events in the log to the rooms they touch, and no others."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from itertools import count

from shinesmile.core import clock, database
from shinesmile.realtime import log
from shinesmile.realtime.bus import LOG_GREW, Bus
from shinesmile.realtime.log import Event
from shinesmile.realtime.presence import Presence
from shinesmile.realtime.room import Connection, Room
from shinesmile.realtime.views import (
    EVERY_MINUTE,
    LiveView,
    Sender,
    Subscription,
    Toast,
    Viewer,
)

_log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 2.0
PARALLEL_QUERIES = 8

Listener = Callable[[Event], Awaitable[None]]
StillValid = Callable[[Viewer], Awaitable[bool]]


class Hub:
    """The live views that are open in this process and the sockets that watch them."""

    def __init__(self, sender: Sender, bus: Bus, presence: Presence, still_valid: StillValid):
        self._sender = sender
        self._bus = bus
        self._presence = presence
        self._still_valid = still_valid
        self._connections: dict[str, Connection] = {}
        self._by_session: defaultdict[str, set[Connection]] = defaultdict(set)
        self._rooms: dict[Subscription, Room] = {}
        self._by_topic: defaultdict[str, set[Room]] = defaultdict(set)
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)
        self._queries = asyncio.Semaphore(PARALLEL_QUERIES)
        self._names = count(1)
        self.cursor = 0

    # Sockets

    async def connect(self, sid: str, viewer: Viewer) -> bool:
        """Let a verified viewer's socket in; False when its session has ended meanwhile.

        The socket is registered before the session is checked once more: a revocation that
        commits after the check finds it registered, one that commits before fails the check.
        """
        known = self._connections.get(sid)
        if known and known.viewer == viewer:
            return not known.closed
        await self.disconnect(sid)
        connection = Connection(sid, viewer)
        self._connections[sid] = connection
        self._by_session[viewer.session_id].add(connection)
        if not await self._still_valid(viewer) or not await self._enter_channels(connection):
            await self.disconnect(sid)
            return False
        await self._presence.arrive(sid, viewer.scope.user_id)
        if connection.closed:
            await self._presence.depart(sid, viewer.scope.user_id)
        return not connection.closed

    async def turn_page(self, sid: str) -> None:
        """Leave the views of the page before; lasting ones, such as the bell, stay."""
        connection = self._connections.get(sid)
        if connection is None:
            return
        async with connection.lock:
            for kind, room in list(connection.rooms.items()):
                if not room.subscription.lasting:
                    await self._leave(connection, kind)

    async def join(self, sid: str, subscription: Subscription) -> None:
        """Watch a view, in place of one of the same kind that the socket watched before."""
        connection = self._connections.get(sid)
        if connection is not None:
            async with connection.lock:
                await self._join(connection, subscription)

    async def disconnect(self, sid: str) -> None:
        """Forget a socket: it leaves every room and channel."""
        connection = self._connections.pop(sid, None)
        if connection is None:
            return
        connection.closed = True
        siblings = self._by_session[connection.viewer.session_id]
        siblings.discard(connection)
        if not siblings:
            del self._by_session[connection.viewer.session_id]
        rooms, connection.rooms = list(connection.rooms.values()), {}
        for room in rooms:
            await self._abandon(room, sid)
        for channel in connection.channels:
            await self._sender.leave(sid, _channel_room(channel))
        await self._presence.depart(sid, connection.viewer.scope.user_id)

    def viewer(self, sid: str) -> Viewer | None:
        """Who is behind a socket, if it is connected."""
        connection = self._connections.get(sid)
        return connection.viewer if connection else None

    async def end_session(self, session_id: str) -> None:
        """Turn out every socket of a session that was revoked or has expired."""
        for connection in list(self._by_session.get(session_id, ())):
            await self.disconnect(connection.sid)
            await self._sender.sign_out(connection.sid)

    async def toast(self, channel: str, toast: Toast) -> None:
        """Show a toast to everybody who hears a channel, in one packet."""
        await self._sender.toast(_channel_room(channel), toast)

    # Events

    def listen(self, event_type: str, listener: Listener) -> None:
        """Call `listener` with each event of a type, in the log's order."""
        self._listeners[event_type].append(listener)

    async def start(self) -> None:
        """Begin at the log's present end: whoever joins is sent a snapshot anyway."""
        async with database.reading() as session:
            self.cursor = await log.last_seq(session)

    async def run(self) -> None:
        """Follow the log until cancelled; then no query of a room is left under way."""
        try:
            await self._follow()
        finally:
            await asyncio.gather(*(room.closed() for room in self._rooms.values()))

    async def _follow(self) -> None:
        await self.start()
        minute = clock.now().minute
        while True:
            hints = await self._bus.wait(LOOK_EVERY_SECONDS)
            self._touch(hints - {LOG_GREW})
            try:
                await self.catch_up()
            except Exception:
                _log.exception("The log could not be read; trying again.")
                continue
            if clock.now().minute != minute:
                minute = clock.now().minute
                self._touch({EVERY_MINUTE})
                await self._end_expired_sessions()

    async def catch_up(self) -> None:
        """Pass on every event after the cursor."""
        while True:
            async with database.reading() as session:
                events = await log.read_after(session, self.cursor)
            for event in events:
                await self._pass_on(event)
            if not events:
                return

    async def _pass_on(self, event: Event) -> None:
        assert event.seq is not None
        self.cursor = event.seq
        self._touch(f"{event.subject_kind}:{topic}" for topic in event.topics)
        for listener in self._listeners[event.type]:
            try:
                await listener(event)
            except Exception:
                _log.exception("A listener failed on event %s (%s).", event.seq, event.type)

    def _touch(self, topics: Iterable[str]) -> None:
        for room in {room for topic in topics for room in self._by_topic.get(topic, ())}:
            room.touch()

    async def _end_expired_sessions(self) -> None:
        now = clock.now()
        for connection in list(self._connections.values()):
            if connection.viewer.expires_at <= now:
                await self.end_session(connection.viewer.session_id)

    # Rooms

    async def _enter_channels(self, connection: Connection) -> bool:
        connection.channels = connection.viewer.scope.channels
        for room in map(_channel_room, connection.channels):
            if connection.closed or not await self._sender.enter(connection.sid, room):
                return False
            if connection.closed:
                await self._sender.leave(connection.sid, room)
        return not connection.closed

    async def _join(self, connection: Connection, subscription: Subscription) -> None:
        kind = type(subscription.view)
        room = connection.rooms.get(kind)
        if room is None or room.subscription != subscription:
            await self._leave(connection, kind)
            if connection.closed:
                return
            room = self._room(subscription)
            room.holds += 1
            connection.rooms[kind] = room
        if not await room.admit(connection):
            await self.disconnect(connection.sid)

    async def _leave(self, connection: Connection, kind: type[LiveView]) -> None:
        room = connection.rooms.pop(kind, None)
        if room is not None:
            await self._abandon(room, connection.sid)

    def _room(self, subscription: Subscription) -> Room:
        room = self._rooms.get(subscription)
        if room is None:
            name = f"view:{next(self._names)}"
            room = Room(name, subscription, self._sender, self._queries)
            self._rooms[subscription] = room
            for topic in subscription.view.topics:
                self._by_topic[topic].add(room)
        return room

    async def _abandon(self, room: Room, sid: str) -> None:
        await room.dismiss(sid)
        room.holds -= 1
        self._forget_if_empty(room)

    def _forget_if_empty(self, room: Room) -> None:
        if room.holds > 0 or self._rooms.get(room.subscription) is not room:
            return
        room.close()
        del self._rooms[room.subscription]
        for topic in room.subscription.view.topics:
            self._by_topic[topic].discard(room)
            if not self._by_topic[topic]:
                del self._by_topic[topic]


def _channel_room(channel: str) -> str:
    return f"channel:{channel}"
