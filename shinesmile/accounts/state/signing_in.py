"""What the last form post has to say: the pages of signing in show it beside the fields."""

import json
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from shinesmile.accounts.navigation import safe_next
from shinesmile.accounts.sessions import NOTICE_COOKIE
from shinesmile.accounts.state.session import read_cookie
from shinesmile.realtime.push import LiveState


class SigningInState(LiveState, rx.State):
    """The notice that a redirect after a form post left for the next page."""

    # Sent when the page is opened, and never to who comes back with a visitor's tab.
    live: ClassVar = ("secret",)

    problem: str = ""
    done: str = ""
    errors: dict[str, str] = {}
    next: str = ""
    secret: str = ""

    @rx.event
    def open(self) -> list[EventSpec]:
        """Read the notice, and where to go after signing in; answers what was typed before."""
        query = self.router.url.query_parameters
        self.next = safe_next(query.get("next")) or ""
        self.secret = str(query.get("secret") or "")
        notice = _decode(read_cookie(self, NOTICE_COOKIE)) if "notice" in query else {}
        self.problem = str(notice.get("problem", ""))
        self.done = str(notice.get("done", ""))
        self.errors = _texts(notice.get("errors"))
        typed = _texts(notice.get("typed"))
        return [rx.set_value(name, value) for name, value in typed.items() if value]


def _decode(cookie: str) -> dict[str, object]:
    try:
        notice = json.loads(urlsafe_b64decode(cookie.encode()))
    except (ValueError, NotBase64):
        return {}
    return notice if isinstance(notice, dict) else {}


def _texts(value: object) -> dict[str, str]:
    known = value if isinstance(value, dict) else {}
    names = ("name", "email", "phone", "password", "current")
    return {name: str(known.get(name, "")) for name in names}
