"""The live engine with a wire that remembers: who was sent which packet, in order."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.core import database
from shinesmile.core.scope import Role, Scope
from shinesmile.realtime import log
from shinesmile.realtime.bus import Bus
from shinesmile.realtime.hub import Hub
from shinesmile.realtime.log import Event, record
from shinesmile.realtime.presence import Presence
from shinesmile.realtime.views import LiveView, Subscription, Toast, Viewer

DOWNTOWN, LAKESIDE = 1, 2
LATER = datetime(2100, 1, 1, tzinfo=UTC)


async def at_once(_step: str) -> None:
    """Between two steps, nothing else happens."""


class Wire:
    """A Sender without a network. `between` is awaited before each step, by the step's name."""

    def __init__(self) -> None:
        self.rooms: defaultdict[str, set[str]] = defaultdict(set)
        self.screens: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.packets: list[str] = []
        self.toasts: defaultdict[str, list[Toast]] = defaultdict(list)
        self.signed_out: list[str] = []
        self.gone: set[str] = set()
        self.between: Callable[[str], Awaitable[None]] = at_once

    def _reached(self, to: str) -> list[str]:
        return sorted(self.rooms[to]) if to in self.rooms else [to]

    async def enter(self, sid: str, room: str) -> bool:
        await self.between("enter")
        if sid in self.gone:
            return False
        self.rooms[room].add(sid)
        return True

    async def leave(self, sid: str, room: str) -> None:
        await self.between("leave")
        self.rooms[room].discard(sid)

    async def show(self, to: str, into: str, values: dict[str, Any]) -> None:
        await self.between("show")
        self.packets.append(to)
        for sid in self._reached(to):
            self.screens[sid].append(values)

    async def toast(self, to: str, toast: Toast) -> None:
        for sid in self._reached(to):
            self.toasts[sid].append(toast)

    async def sign_out(self, sid: str) -> None:
        self.signed_out.append(sid)

    def rooms_of(self, sid: str) -> set[str]:
        """The rooms that a socket is in."""
        return {room for room, members in self.rooms.items() if sid in members}


@dataclass(frozen=True)
class Tally(LiveView):
    """How many visits a branch has had; `filter` tells apart views of the same rows."""

    branch_id: int = DOWNTOWN
    filter: str = ""

    @property
    def topics(self) -> frozenset[str]:
        return frozenset({f"visit:branch.{self.branch_id}"})

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        return {"visits": await visits(session, self.branch_id)}


@dataclass(frozen=True)
class Bell(Tally):
    """Another kind of view of the same rows."""


async def visits(session: AsyncSession, branch_id: int = DOWNTOWN) -> int:
    """The number of visits in the database."""
    kept = select(func.count()).where(
        col(Event.type) == "visit.created", col(Event.subject_id) == str(branch_id)
    )
    return (await session.exec(kept)).one()


async def after(seq: int) -> list[int]:
    """The numbers of the events that a reader meets after this one."""
    async with database.reading() as session:
        return [each.seq or 0 for each in await log.read_after(session, seq)]


async def visit(branch_id: int = DOWNTOWN, times: int = 1) -> None:
    """People come to a branch: events of one unit of work."""
    async with database.unit_of_work() as work:
        for _ in range(times):
            record(work, "visit.created", ("visit", branch_id), [f"branch.{branch_id}"])


def watching(view: LiveView, *, lasting: bool = False) -> Subscription:
    """A subscription of some state to a view."""
    return Subscription(view, "state", lasting)


def viewer(user_id: int = 1, session_id: str = "", expires_at: datetime = LATER) -> Viewer:
    """A receptionist's verified session."""
    scope = Scope(user_id, Role.RECEPTIONIST, frozenset({DOWNTOWN}))
    return Viewer(scope, session_id or f"session of {user_id}", expires_at)


@dataclass
class Desk:
    """A hub that follows the log of the current database."""

    wire: Wire
    bus: Bus
    presence: Presence
    revoked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.hub = Hub(self.wire, self.bus, self.presence, self.still_valid)

    async def still_valid(self, viewer: Viewer) -> bool:
        """Whether a session has not been revoked."""
        await self.wire.between("check")
        return viewer.session_id not in self.revoked

    async def open(self, sid: str, view: LiveView | None = None, who: Viewer | None = None) -> None:
        """Connect a socket and join a view, by default Downtown's tally."""
        assert await self.hub.connect(sid, who or viewer())
        await self.hub.join(sid, watching(view or Tally()))

    def seen(self, sid: str) -> list[int]:
        """The numbers that a socket was shown, in order."""
        return [each["visits"] for each in self.wire.screens[sid]]

    def shows(self, sid: str, number: int) -> Callable[[], bool]:
        """Whether a socket's screen shows this number now."""
        return lambda: self.seen(sid)[-1:] == [number]
