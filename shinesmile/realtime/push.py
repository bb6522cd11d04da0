"""The only file that knows Reflex's wire: packets to rooms, and who has come and gone.

Row Vars live in the browser; on the server they keep their empty defaults. A packet is one
Reflex StateUpdate, encoded once for a whole Socket.IO room (DESIGN.md §3).
"""

from collections.abc import Callable
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode

import reflex as rx
from reflex.app import App
from reflex.state import StateUpdate, _override_base_method
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event, EventSpec
from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError

from shinesmile.realtime.hub import Hub
from shinesmile.realtime.views import LiveView, Subscription, Toast, Viewer

NAMESPACE = "/_event"
MOST_BYTES_OF_A_PACKET = 64 * 1024
LOGIN_AGAIN = (
    "location.assign('/login?next=' + encodeURIComponent(location.pathname + location.search))"
)


class LiveState(rx.State, mixin=True):
    """A state whose `live` Vars are filled by a live view and never by the server's copy.

    They are left out of the hydration snapshot, so that a reconnect shows no empty flash.
    `loaded` turns true with the first packet.
    """

    live: ClassVar[tuple[str, ...]] = ()
    loaded: bool = False

    @_override_base_method
    def dict(self, *args: Any, **options: Any) -> dict[str, Any]:
        snapshot = super().dict(*args, **options)
        if not options.get("initial"):
            own = snapshot.get(self.get_full_name(), {})
            for name in ("loaded", *self.live):
                own.pop(name + FIELD_MARKER, None)
        return snapshot

    async def _watch(self, view: LiveView, *, lasting: bool = False) -> None:
        """Let a view fill this state's live Vars in the asking browser from now on."""
        subscription = Subscription(view, self.get_full_name(), lasting)
        await hub().join(self.router.session.session_id, subscription)


def toast_event(toast: Toast) -> EventSpec:
    """The browser's own toast."""
    show = getattr(rx.toast, toast.severity)
    return show(toast.title, description=toast.body) if toast.body else show(toast.title)


class ReflexSender:
    """Sends what the hub decides over Reflex's own WebSocket."""

    def __init__(self, server: AsyncServer) -> None:
        self._server = server

    async def enter(self, sid: str, room: str) -> bool:
        try:
            await self._server.enter_room(sid, room, namespace=NAMESPACE)
        except (ValueError, KeyError):
            return False
        return True

    async def leave(self, sid: str, room: str) -> None:
        await self._server.leave_room(sid, room, namespace=NAMESPACE)

    async def show(self, to: str, into: str, values: dict[str, Any]) -> None:
        named = {name + FIELD_MARKER: value for name, value in values.items()}
        await self._emit(to, {into: named | {"loaded" + FIELD_MARKER: True}}, [])

    async def toast(self, to: str, toast: Toast) -> None:
        await self._emit(to, {}, [toast_event(toast)])

    async def sign_out(self, sid: str) -> None:
        await self._emit(sid, {}, [rx.call_script(LOGIN_AGAIN)])

    async def _emit(self, to: str, delta: dict[str, Any], specs: list[EventSpec]) -> None:
        events = Event.from_event_type(specs, router_data={}) if specs else []
        update = StateUpdate(delta=delta, events=events)
        await self._server.emit("event", update, room=to, namespace=NAMESPACE)


def attach(
    app: App,
    hub: Hub,
    max_connections: int,
    accepts_origin: Callable[[str | None, str | None], bool],
    session_cookie: str,
    left: Callable[[Viewer], None],
) -> None:
    """Let the hub know when sockets close; refuse foreign pages, and more sockets than it holds.

    `accepts_origin` is asked with a handshake's Origin and Host. `left` is told when a page was
    closed or left on purpose, which a lost connection is not.
    """
    server, namespace = app.sio, app.event_namespace
    assert server is not None and namespace is not None
    server.eio.cors_allowed_origins = lambda origin, environ: accepts_origin(
        origin, environ.get("HTTP_HOST")
    )
    server.eio.max_http_buffer_size = MOST_BYTES_OF_A_PACKET
    enter = server.eio.handlers["connect"]
    connect, disconnect = namespace.on_connect, namespace.on_disconnect

    async def on_open(engine_sid: str, environ: dict[str, Any]) -> Any:
        # Before any namespace is joined: a socket that stays silent costs as much as another.
        if len(server.eio.sockets) > max_connections:
            return "Too many connections. Please try again in a minute."
        return await enter(engine_sid, environ)

    # A browser may emit events that are named connect and disconnect. They end up in the same
    # handlers, with whatever environ it likes, but from a socket that is connected already.
    async def on_connect(sid: str, environ: Any = None, auth: Any = None) -> None:
        if server.manager.is_connected(sid, NAMESPACE):
            return
        try:
            await connect(sid, _bound(environ, session_cookie), auth)
        except Exception as problem:
            raise ConnectionRefusedError("The first event was not understood.") from problem

    async def on_disconnect(sid: str, reason: Any = None) -> None:
        if server.manager.is_connected(sid, NAMESPACE):
            return
        viewer = hub.viewer(sid)
        if viewer is not None and reason == server.reason.CLIENT_DISCONNECT:
            left(viewer)
        await hub.disconnect(sid)
        if (cleanup := disconnect(sid)) is not None:
            await cleanup

    server.eio.on("connect", on_open)
    namespace.on_connect = on_connect
    namespace.on_disconnect = on_disconnect


def _bound(environ: dict[str, Any], session_cookie: str) -> dict[str, Any]:
    """The handshake with its tab's token bound to the session.

    What a tab has left on the server is found again by the same tab in the same session only:
    neither by the next person at this desk, nor by whoever read the token in a log.
    """
    token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
    try:
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        cookies = SimpleCookie()
    session = cookies[session_cookie].value if session_cookie in cookies else ""
    bound = sha256(f"{session} {token}".encode()).hexdigest()
    return {**environ, "QUERY_STRING": urlencode({"token": bound})} if token else environ


_hub: Hub | None = None


def use(hub: Hub) -> None:
    """Make this the hub of the process."""
    global _hub
    _hub = hub


def hub() -> Hub:
    """The hub of this process."""
    if _hub is None:
        raise RuntimeError("The live engine has not been started.")
    return _hub
