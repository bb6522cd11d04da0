"""Booking: service, branch, practitioner, day, time, details."""

from datetime import date, timedelta
from typing import Any, ClassVar

import reflex as rx

from shinesmile.accounts import administration
from shinesmile.accounts.navigation import HOMES
from shinesmile.accounts.state.session import scope_of
from shinesmile.appointments import booking
from shinesmile.appointments.live import FreeTime, FreeTimes
from shinesmile.appointments.slots import HORIZON_DAYS
from shinesmile.branches import service as branches
from shinesmile.branches.models import Service
from shinesmile.core import clock, database
from shinesmile.core.errors import Conflict, Invalid
from shinesmile.core.permissions import Action, require
from shinesmile.core.scope import Role, Scope
from shinesmile.core.when import day_text, time_text
from shinesmile.realtime.push import LiveState
from shinesmile.ui.options import Option


class BookingState(LiveState, rx.State):
    """What has been chosen so far, and the free times of that choice, live."""

    live: ClassVar = ("slots",)

    slots: list[FreeTime] = []
    service_id: str = ""
    branch_id: str = ""
    practitioner_id: str = ""
    day: str = ""
    first_day: str = ""
    last_day: str = ""
    start: str = ""
    chosen: str = ""
    service_name: str = ""
    zone: str = ""
    branches: list[Option] = []
    practitioners: list[Option] = []
    for_customer: bool = False
    errors: dict[str, str] = {}
    problem: str = ""

    @rx.event
    async def open(self):
        """Begin with the service that the address names, after signing in."""
        wanted = str(self.router.url.query_parameters.get("service") or "")
        self._start_over()
        return BookingState.choose_service(wanted) if wanted else None

    @rx.event
    async def choose_service(self, service_id: str):
        """Begin with a service: offer the branches that have it."""
        scope = await scope_of(self)
        require(scope, Action.BOOK)
        self._start_over()
        self.for_customer = scope.role is not Role.CUSTOMER
        self.service_id = service_id
        async with database.reading() as session:
            service = await session.get(Service, _number(service_id))
            offers = {
                branch for branch, each in await branches.offers(session) if str(each) == service_id
            }
            known = await branches.open_branches(session)
        if service is None:
            self.service_id = ""
            return None
        self.service_name = service.name
        mine = scope.branch_ids if scope.role in (Role.RECEPTIONIST, Role.MANAGER) else None
        self.branches = [
            Option(str(each.id), each.name)
            for each in known
            if each.id in offers and (mine is None or each.id in mine)
        ]
        if self.branches:
            await self._at(scope, self.branches[0].value)
        return rx.call_script(
            "document.getElementById('booking')?.scrollIntoView({behavior:'smooth'})"
        )

    @rx.event
    async def choose_branch(self, branch_id: str) -> None:
        """Offer the practitioners and days of a branch."""
        await self._at(await scope_of(self), branch_id)

    @rx.event
    async def choose_practitioner(self, practitioner_id: str) -> None:
        """Show one practitioner's times, or anybody's."""
        self.practitioner_id = practitioner_id
        await self._show(await scope_of(self))

    @rx.event
    async def choose_day(self, day: str) -> None:
        """Show the times of a day."""
        self.day = day
        await self._show(await scope_of(self))

    @rx.event
    def choose_time(self, start: str) -> None:
        """Choose a time; details and confirmation follow."""
        moment = booking.parse_start(start)
        self.start, self.problem = start, ""
        self.chosen = f"{day_text(moment, self.zone)}, {time_text(moment, self.zone)}"

    @rx.event
    async def confirm(self, form: dict[str, Any]):
        """Book what was chosen."""
        scope = await scope_of(self)
        self.errors, self.problem = {}, ""
        given = form | {
            "branch_id": self.branch_id,
            "service_id": self.service_id,
            "practitioner_id": self.practitioner_id,
            "starts_at": self.start,
        }
        try:
            await booking.book(scope, booking.request_from(given))
        except Invalid as refusal:
            self.errors = refusal.fields
            hidden = set(refusal.fields) - {"note", "customer_email"}
            self.problem = next((refusal.fields[name] for name in sorted(hidden)), "")
            return None
        except Conflict as refusal:
            self.problem = refusal.sentence
            return None
        self._start_over()
        return rx.redirect(HOMES[scope.role])

    def _start_over(self) -> None:
        self.service_id = self.service_name = self.branch_id = self.practitioner_id = ""
        self.start = self.chosen = self.problem = self.day = ""
        self.errors = {}

    async def _at(self, scope: Scope, branch_id: str) -> None:
        self.branch_id, self.practitioner_id = branch_id, ""
        async with database.reading() as session:
            service = await session.get(Service, _number(self.service_id))
            known = {str(each.id): each for each in await branches.open_branches(session)}
            if service is None or branch_id not in known:
                return
            people = await administration.practitioners(
                session, int(branch_id), service.kind.performed_by
            )
        self.zone = known[branch_id].timezone
        self.practitioners = [Option(str(each.id), each.name) for each in people]
        today = clock.today(self.zone)
        self.first_day = today.isoformat()
        self.last_day = (today + timedelta(days=HORIZON_DAYS)).isoformat()
        self.day = self.day or (today + timedelta(days=1)).isoformat()
        await self._show(scope)

    async def _show(self, scope: Scope) -> None:
        self.start = self.chosen = ""
        try:
            day = date.fromisoformat(self.day)
        except ValueError:
            return
        await self._watch(
            FreeTimes(
                _number(self.branch_id),
                _number(self.service_id),
                _number(self.practitioner_id),
                day,
                scope.role is Role.CUSTOMER,
            )
        )


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0
