"""The people whose data must not be seen or changed, with a mark in every text of theirs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from shinesmile.accounts import administration, service
from shinesmile.accounts.models import User
from shinesmile.accounts.sessions import SESSION_COOKIE
from shinesmile.appointments import booking
from shinesmile.appointments import service as appointments
from shinesmile.appointments.availability import plan_for
from shinesmile.appointments.booking import BookingRequest
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.requests import TimeRequest
from shinesmile.branches.models import Branch, Service
from shinesmile.core import clock, database, text, tokens
from shinesmile.core.scope import Role, Scope
from shinesmile.demo import ADMIN_PASSWORD, PASSWORD
from shinesmile.notifications.models import Notification
from tests.attack.wire import ROOT, Socket
from tests.serving import Server


def full(state: str, handler: str) -> str:
    """A handler's name on the wire: `full("accounts.state.session.session_state", "enter")`."""
    *module, name = state.split(".")
    return f"{ROOT}.shinesmile___{'___'.join(module)}____{name}.{handler}"


FOUNDER = Scope(0, Role.ADMIN)
ENTER = full("accounts.state.session.session_state", "enter")
PROFILE = full("accounts.state.profile.profile_state", "open")
TABLE = full("appointments.state.table.table_state", "open")
SCHEDULE = full("appointments.state.lists.schedule_state", "open")
TAKE = full("appointments.state.lists.row_state", "take")
HYDRATE = f"{ROOT}.hydrate"
# What sends a browser to the login page, and nothing else contains.
LOGIN = "/login?next="

# What the desk and the practitioners of A's own branch may read.
PATIENT = {
    "name": "Zanna Canaryname",
    "phone": "+44 20 canaryphone",
    "note": "canarynote: afraid of needles",
    "reason": "canaryreason: moved away",
}
# What no more than admins may read.
PRIVATE = {
    "email": "canarymail.a@example.com",
    "staff name": "Zoltan Canarystaff",
    "staff email": "canarymail.staff@example.com",
    "staff phone": "+44 20 canarystaffphone",
}


@asynccontextmanager
async def inside(server: Server) -> AsyncIterator[None]:
    """Act on the server's database through services, as another process of it would."""
    opened = database.connect(server.database_url)
    try:
        yield
    finally:
        await opened.close()


async def sign_in(server: Server, email: str, cookie: str = "") -> str:
    """The Cookie header of a new session, of a browser that had another cookie before."""
    password = ADMIN_PASSWORD if email.startswith("admin@") else PASSWORD
    form = {"email": email, "password": password}
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as browser:
        answer = await browser.post("/auth/login", data=form, headers={"Cookie": cookie})
    assert SESSION_COOKIE in answer.cookies, answer.headers
    return f"{SESSION_COOKIE}={answer.cookies[SESSION_COOKIE]}"


@dataclass
class Victims:
    """Customer A, who is treated at the first branch, a colleague there, and their records."""

    server: Server
    customer: Scope
    staff: Scope
    branch: int
    service: int
    upcoming: Appointment
    cancelled: Appointment
    notifications: list[int]
    cookie: str
    session_id: str

    @property
    def ids(self) -> dict[str, list[Any]]:
        """Every id of theirs that an attacker could try, by what handlers call it."""
        return {
            "appointment_id": [self.upcoming.id, self.cancelled.id],
            "version": [self.upcoming.version, self.cancelled.version],
            "user_id": [self.customer.user_id, self.staff.user_id],
            "branch_id": [self.branch],
            "branch": [self.branch],
            "service_id": [self.service],
            "practitioner_id": [self.upcoming.practitioner_id],
            "notification_id": self.notifications,
            "session_id": [self.session_id],
            "search": ["canary", "zanna"],
        }

    async def free_start(self) -> str:
        """A time that customer A could book, in ISO 8601."""
        async with inside(self.server):
            return (await free_times(self.branch, self.service))[0].starts_at.isoformat()

    async def book(self, note: str) -> None:
        """Customer A books, in a tab of their own; waits until the server has done it."""
        start = await self.free_start()
        state = "appointments.state.booking.booking_state"
        async with await Socket.open(self.server.url, self.cookie) as tab:
            await tab.ask(full(state, "choose_service"), {"service_id": str(self.service)})
            await tab.ask(full(state, "choose_branch"), {"branch_id": str(self.branch)})
            await tab.ask(full(state, "choose_time"), {"start": start})
            answers = await tab.ask(full(state, "confirm"), {"form": {"note": note}})
        assert '"_redirect"' in answers
        async with inside(self.server), database.reading() as session:
            query = select(Appointment.id).where(Appointment.note == text.clean(note))
            booked = (await session.exec(query)).one()
        async with inside(self.server):
            await appointments.change(self.customer, booked or 0, "cancel")


async def settle_in(server: Server) -> Victims:
    """Put the victims into the server's clinic."""
    async with inside(server):
        branch = await number_of(select(Branch.id).order_by(col(Branch.id)).limit(1))
        service_id = await number_of(select(Service.id).where(Service.name == "Eye examination"))
        desk_id = await number_of(select(User.id).where(User.email == "receptionist@example.com"))
        customer = await _account(
            PATIENT["name"], PRIVATE["email"], PATIENT["phone"], Role.CUSTOMER, set()
        )
        staff = await _account(
            PRIVATE["staff name"],
            PRIVATE["staff email"],
            PRIVATE["staff phone"],
            Role.STAFF,
            {branch},
        )
        upcoming, lost = [await _booked(customer, branch, service_id) for _ in range(2)]
        desk = Scope(desk_id, Role.RECEPTIONIST, frozenset({branch}))
        cancelled = await appointments.change(
            desk, lost.id or 0, "cancel", reason=PATIENT["reason"]
        )
        await service.request_password_reset(PRIVATE["email"])
        async with database.reading() as session:
            own = Notification.channel == f"user.{customer.user_id}"
            notifications = [
                each or 0 for each in await session.exec(select(Notification.id).where(own))
            ]
    cookie = await sign_in(server, PRIVATE["email"])
    claims = tokens.read_session(cookie.partition("=")[2])
    assert notifications and claims
    return Victims(
        server,
        customer,
        staff,
        branch,
        service_id,
        upcoming,
        cancelled,
        notifications,
        cookie,
        claims.session_id,
    )


async def number_of(query: SelectOfScalar[Any]) -> int:
    """The first record's id that is found."""
    async with database.reading() as session:
        return int((await session.exec(query)).one())


async def _account(name: str, email: str, phone: str, role: Role, at: set[int]) -> Scope:
    given = {"name": name, "email": email, "phone": phone, "role": role, "branch_ids": at}
    user_id = await administration.create_user(FOUNDER, given | {"password": PASSWORD})
    return Scope(user_id, role, frozenset(at))


async def free_times(branch: int, service_id: int) -> list[TimeRequest]:
    """Times of a day soon that are free for anybody."""
    for days in range(2, 12):
        day = (clock.now() + timedelta(days=days)).date()
        async with database.reading() as session:
            plan = await plan_for(session, branch, service_id, day)
        found = plan.day.free(None, clock.now())
        if len(found) > 3:
            return [TimeRequest(branch, service_id, each) for each in found]
    raise AssertionError("The demo clinic is booked out.")


async def _booked(customer: Scope, branch: int, service_id: int) -> Appointment:
    time = (await free_times(branch, service_id))[0]
    return await booking.book(customer, BookingRequest(time, note=PATIENT["note"]))
