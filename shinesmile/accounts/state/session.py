"""The session behind every page: who is signed in, what the menu shows, and the Scope."""

from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from typing import ClassVar

import reflex as rx

from shinesmile.accounts import service, sessions
from shinesmile.accounts.navigation import HOMES, NavItem, may_open, menu
from shinesmile.accounts.sessions import SESSION_COOKIE
from shinesmile.core import database
from shinesmile.core.errors import SignedOut
from shinesmile.core.scope import Scope
from shinesmile.realtime import push
from shinesmile.realtime.views import Viewer


def read_cookie(state: rx.State, name: str) -> str:
    """A cookie of the WebSocket's handshake; empty when there is none."""
    try:
        cookies = SimpleCookie(state.router.headers.cookie)
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


async def visitor(state: rx.State) -> Viewer | None:
    """Who is behind this event, verified now; None when nobody is signed in.

    Nothing that a browser sends along with an event is believed but its session cookie.
    """
    return await sessions.viewer_of(read_cookie(state, SESSION_COOKIE))


async def viewer_of(state: rx.State) -> Viewer:
    """Who is behind this event, verified now; raises SignedOut."""
    viewer = await visitor(state)
    if viewer is None:
        raise SignedOut
    return viewer


async def scope_of(state: rx.State) -> Scope:
    """The verified account, for the first argument of a service call; raises SignedOut."""
    return (await viewer_of(state)).scope


class SessionState(push.LiveState, rx.State):
    """What the frame of every signed-in page shows; it stays on screen through a reconnect."""

    live: ClassVar = ("user_name", "user_role", "home", "nav", "ready", "allowed")

    user_name: str = ""
    user_role: str = ""
    home: str = "/"
    nav: list[NavItem] = []
    ready: bool = False
    allowed: bool = False

    # What each page does when it is opened, by route; filled where the pages are put together.
    openings: ClassVar[dict[str, Sequence[rx.EventHandler]]] = {}

    @rx.event
    async def enter(self) -> list[rx.EventHandler]:
        """Open a page for those who are signed in and may see it."""
        await self._fill(await viewer_of(self))
        path = self.router.url.path.rstrip("/")
        return list(self.openings.get(path, ())) if self.allowed else []

    @rx.event
    async def greet(self) -> None:
        """Open a public page, which knows who is signed in but does not insist on it."""
        viewer = await visitor(self)
        if viewer is None:
            self.reset()
        else:
            await self._fill(viewer)

    async def _fill(self, viewer: Viewer) -> None:
        sid = self.router.session.session_id
        if not await push.hub().connect(sid, viewer):
            raise SignedOut
        await push.hub().turn_page(sid)
        async with database.reading() as session:
            user = await service.profile(session, viewer.scope)
        role = viewer.scope.role
        self.user_name, self.user_role = user.name, role.value
        self.home, self.nav = HOMES[role], menu(role)
        self.allowed = may_open(role, self.router.url.path)
        self.ready = True
