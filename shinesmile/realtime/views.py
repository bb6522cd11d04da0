"""Live views, toasts and viewers: the plain values that the hub works with."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.core.scope import Scope

# Touched once a minute, for views whose answer depends on the time of day.
EVERY_MINUTE = "clock.minute"


class LiveView(ABC):
    """What a screen shows: a frozen, hashable description, so that equal views share a room."""

    @property
    @abstractmethod
    def topics(self) -> frozenset[str]:
        """What may change this view: a kind of subject and who hears of it, as in
        `appointment:role.receptionist.branch.2`, or a hint such as EVERY_MINUTE."""

    @abstractmethod
    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """The present values of the screen's Vars, by name."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A live view and the full name of the state whose Vars it fills.

    A `lasting` one stays when its socket goes to another page.
    """

    view: LiveView
    into: str
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is behind a socket: the account, the session and when that session ends."""

    scope: Scope
    session_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Toast:
    """A short message; `severity` is success, info, warning or error."""

    severity: str
    title: str
    body: str = ""


class Sender(Protocol):
    """How packets leave this process. `to` is a room's name or a socket's id."""

    async def enter(self, sid: str, room: str) -> bool:
        """Put a socket into a room; False when the socket is gone."""

    async def leave(self, sid: str, room: str) -> None:
        """Take a socket out of a room."""

    async def show(self, to: str, into: str, values: dict[str, Any]) -> None:
        """Set the Vars of a state in every browser reached."""

    async def toast(self, to: str, toast: Toast) -> None:
        """Show a toast in every browser reached."""

    async def sign_out(self, sid: str) -> None:
        """Send a browser to the login page."""
