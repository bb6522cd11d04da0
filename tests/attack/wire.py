"""A client that speaks Reflex's protocol as a browser does, and as no browser would."""

import asyncio
import json
from collections.abc import Callable
from importlib.metadata import version
from itertools import count
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit
from uuid import uuid4

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import ProtocolError

NAMESPACE = "/_event"
ROOT = "reflex___state____state"
VERSION = version("reflex")
PATIENCE_SECONDS = 20.0


class Refused(Exception):
    """The handshake or the connection to the namespace was refused."""


class Socket:
    """One open tab. `frames` holds every packet that the server has sent, as text."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, protocol: WSConnection
    ) -> None:
        self._reader, self._writer, self._protocol = reader, writer, protocol
        self.frames: list[str] = []
        self.closed = False
        self._part = ""
        self._arrived = asyncio.Event()
        self._marks = count(1)
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def handshake(
        cls, url: str, cookie: str = "", *, token: str | None = None, origin: str | None = None
    ) -> Self:
        """Open the WebSocket only; raises Refused. An empty origin sends none."""
        place = urlsplit(url)
        headers = {"Origin": url if origin is None else origin, "Cookie": cookie}
        protocol = WSConnection(ConnectionType.CLIENT)
        streams = await asyncio.open_connection(place.hostname, place.port)
        tab = cls(*streams, protocol)
        query = f"token={quote(token or str(uuid4()))}&EIO=4&transport=websocket"
        await tab._send(
            Request(
                host=place.netloc,
                target=f"/_event/?{query}",
                subprotocols=[VERSION],
                extra_headers=[(k.encode(), v.encode()) for k, v in headers.items() if v],
            )
        )
        answer = (await tab._receive())[0]
        if not isinstance(answer, AcceptConnection):
            tab._writer.close()
            raise Refused(f"{getattr(answer, 'status_code', answer)}")
        tab._reading = asyncio.create_task(tab._read())
        return tab

    @classmethod
    async def open(
        cls,
        url: str,
        cookie: str = "",
        *,
        token: str | None = None,
        origin: str | None = None,
        auth: object = None,
    ) -> Self:
        """Open a tab's WebSocket and its namespace; raises Refused."""
        tab = await cls.handshake(url, cookie, token=token, origin=origin)
        await tab.send(f"40{NAMESPACE}," + (json.dumps(auth) if auth is not None else ""))
        answer = await tab.until(lambda frame: frame.startswith(("40", "44")))
        if not answer.startswith("40"):
            await tab.close()
            raise Refused(answer)
        return tab

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _it: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the tab."""
        if self._reading is not None:
            self._reading.cancel()
        self._writer.close()

    async def send(self, packet: str | bytes) -> None:
        """Send a packet as it is."""
        await self._send(TextMessage(packet) if isinstance(packet, str) else BytesMessage(packet))

    async def emit(self, name: str, *arguments: object) -> None:
        """Emit a Socket.IO event in Reflex's namespace."""
        await self.send(f"42{NAMESPACE},{json.dumps([name, *arguments])}")

    async def call(
        self, handler: str, payload: object = None, path: str = "/", **router: object
    ) -> None:
        """Invoke an event handler by its full name, as from the page at `path`."""
        page = path.partition("?")[0]
        claimed = {"pathname": page, "asPath": path, "query": {}, **router}
        await self.emit(
            "event", {"name": handler, "payload": payload or {}, "router_data": claimed}
        )

    async def ask(
        self, handler: str, payload: object = None, path: str = "/", **router: object
    ) -> str:
        """Invoke a handler; answers everything that arrived until it was done."""
        before = len(self.frames)
        await self.call(handler, payload, path, **router)
        await self.settle()
        return "".join(self.frames[before:])

    async def settle(self) -> None:
        """Wait until everything that was sent before has been answered."""
        # A tab's events are taken in turn, and each may chain one more.
        for _ in range(2):
            mark = f"x{next(self._marks)}"
            known = len(self.frames)
            await self.call(f"{ROOT}.set_is_hydrated", {"value": mark})
            await self.until(lambda frame, mark=mark: f'"{mark}"' in frame, after=known)  # type: ignore[misc]

    async def until(self, wanted: Callable[[str], bool], after: int = 0) -> str:
        """The first frame from number `after` on that is wanted, as soon as it is there."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                while after < len(self.frames):
                    if wanted(self.frames[after]):
                        return self.frames[after]
                    after += 1
                if self.closed:
                    raise Refused("The server closed the connection.")
                self._arrived.clear()
                await self._arrived.wait()

    async def ended(self) -> None:
        """Wait until the server has closed the connection."""
        assert self._reading is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.wait([self._reading])

    async def _send(self, event: Event) -> None:
        self._writer.write(self._protocol.send(event))
        await self._writer.drain()

    async def _receive(self) -> list[Event]:
        """What the next bytes mean; empty while a part of it is missing."""
        while True:
            self._protocol.receive_data(await self._reader.read(65536) or None)
            if events := list(self._protocol.events()):
                return events

    async def _read(self) -> None:
        try:
            while not self.closed:
                for event in await self._receive():
                    await self._take(event)
        except (OSError, ProtocolError):
            self.closed = True
        self._arrived.set()

    async def _take(self, event: Event) -> None:
        match event:
            case TextMessage():
                self._part += event.data
                if event.message_finished:
                    packet, self._part = self._part, ""
                    await self._hear(packet)
            case Ping():
                await self._send(event.response())
            case CloseConnection() | RejectConnection():
                self.closed = True

    async def _hear(self, packet: str) -> None:
        if packet == "2":
            await self.send("3")
            return
        self.frames.append(packet)
        self._arrived.set()
