"""Booking: service, branch, practitioner, day, a time that is held, details."""

from datetime import date, timedelta
from typing import Any, ClassVar

import reflex as rx

from shinesmile.accounts import administration
from shinesmile.accounts.navigation import HOMES
from shinesmile.accounts.state.session import scope_of, visitor
from shinesmile.appointments import booking, holds, moving, waitlist
from shinesmile.appointments.live.free_times import FreeTime, FreeTimes
from shinesmile.appointments.models import Hold
from shinesmile.appointments.requests import TimeRequest, parse_start, time_request
from shinesmile.appointments.service import find
from shinesmile.branches import service as branches
from shinesmile.branches.models import Branch, Service
from shinesmile.core import clock, database
from shinesmile.core.errors import Conflict, Invalid
from shinesmile.core.permissions import Action, Reach, reach, require
from shinesmile.core.scope import Role, Scope
from shinesmile.core.when import day_text, slot_text, time_text, wall_clock
from shinesmile.realtime.push import LiveState
from shinesmile.ui.options import Option

SHOW = "document.getElementById('booking')?.scrollIntoView({behavior: 'smooth'})"


class BookingState(LiveState, rx.State):
    """What has been chosen so far, and the times of that choice, live."""

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
    moving_id: int = 0
    moving_version: int = 0
    hold_id: int = 0
    held_until: str = ""
    service_name: str = ""
    zone: str = ""
    branches: list[Option] = []
    practitioners: list[Option] = []
    for_customer: bool = False
    may_overbook: bool = False
    errors: dict[str, str] = {}
    problem: str = ""

    @rx.event
    async def open(self):
        """Go on with a time that this person holds, or begin with the address's service."""
        viewer = await visitor(self)
        query = self.router.url.query_parameters
        if wished := str(query.get("move") or ""):
            await self._move(await scope_of(self), _number(wished))
            return None
        wanted = str(query.get("service") or "")
        if viewer is not None:
            async with database.reading() as session:
                held = next(iter(await holds.living(session, viewer.scope.user_id)), None)
            if held is not None and wanted in ("", str(held.service_id)):
                await self._resume(viewer.scope, held)
                return None
        self._start_over()
        return BookingState.choose_service(wanted) if wanted else None

    @rx.event
    async def choose_service(self, service_id: str):
        """Begin with a service: offer the branches that have it."""
        scope = await scope_of(self)
        require(scope, Action.BOOK)
        await self._let_go(scope)
        self._start_over()
        await self._with_service(scope, service_id)
        if self.branches:
            await self._at(scope, self.branches[0].value)
        return rx.call_script(SHOW)

    @rx.event
    async def choose_branch(self, branch_id: str) -> None:
        """Offer the practitioners and days of a branch."""
        scope = await scope_of(self)
        await self._let_go(scope)
        await self._at(scope, branch_id)

    @rx.event
    async def choose_practitioner(self, practitioner_id: str) -> None:
        """Show one practitioner's times, or anybody's."""
        scope = await scope_of(self)
        await self._let_go(scope)
        self.practitioner_id = practitioner_id
        await self._show(scope)

    @rx.event
    async def choose_day(self, day: str) -> None:
        """Show the times of a day."""
        scope = await scope_of(self)
        await self._let_go(scope)
        self.day = day
        await self._show(scope)

    @rx.event
    async def choose_time(self, start: str) -> None:
        """Hold a time, in place of the one held before."""
        scope = await scope_of(self)
        self.problem = ""
        try:
            held = await holds.hold(scope, self._request(start), instead_of=self.hold_id or None)
        except (Conflict, Invalid) as refusal:
            self.problem = next(iter(getattr(refusal, "fields", {}).values()), refusal.sentence)
            return
        self._keep(held)

    @rx.event
    async def renew(self) -> None:
        """Keep the held time longer."""
        scope = await scope_of(self)
        until = await holds.renew(scope, self.hold_id)
        self.held_until = time_text(until, self.zone)

    @rx.event
    async def release(self) -> None:
        """Give the held time back."""
        await self._let_go(await scope_of(self))

    @rx.event
    async def confirm(self, form: dict[str, Any]):
        """Book what was chosen."""
        scope = await scope_of(self)
        self.errors, self.problem = {}, ""
        try:
            if self.moving_id:
                time = time_request(self._choice())
                await moving.reschedule(scope, self.moving_id, time, version=self.moving_version)
            else:
                await booking.book(scope, booking.request_from(form | self._choice()))
        except Invalid as refusal:
            self.errors = refusal.fields
            hidden = set(refusal.fields) - {"note", "customer_email", "overbook"}
            self.problem = next((refusal.fields[name] for name in sorted(hidden)), "")
            return None
        except Conflict as refusal:
            self.problem = refusal.sentence
            return None
        self._start_over()
        return rx.redirect(HOMES[scope.role])

    @rx.event
    async def wait(self, form: dict[str, Any]):
        """Join the waitlist for what was chosen."""
        scope = await scope_of(self)
        try:
            await waitlist.join(scope, form | self._choice())
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self.errors = {}
        return [
            rx.toast.success(
                "You are on the waitlist.", description="A time that comes free is kept for you."
            ),
            rx.redirect(HOMES[scope.role]),
        ]

    async def _move(self, scope: Scope, appointment_id: int) -> None:
        self._start_over()
        async with database.reading() as session:
            found = await find(session, scope, appointment_id)
            branch = await session.get_one(Branch, found.branch_id)
        await self._with_service(scope, str(found.service_id))
        self.moving_id, self.moving_version = found.id or 0, found.version
        self.day = wall_clock(found.starts_at, branch.timezone).date().isoformat()
        self.branches = [Option(str(branch.id), branch.name)]
        await self._at(scope, str(branch.id))

    def _choice(self) -> dict[str, str]:
        return {
            "branch_id": self.branch_id,
            "service_id": self.service_id,
            "practitioner_id": self.practitioner_id,
            "starts_at": self.start,
        }

    def _request(self, start: str) -> TimeRequest:
        return TimeRequest(
            _number(self.branch_id),
            _number(self.service_id),
            parse_start(start),
            _number(self.practitioner_id) or None,
        )

    def _keep(self, held: Hold) -> None:
        self.hold_id = held.id or 0
        self.start = held.starts_at.isoformat()
        day = day_text(held.starts_at, self.zone)
        self.chosen = f"{day}, {slot_text(held.starts_at, self.zone)}"
        self.held_until = time_text(held.expires_at, self.zone)

    def _forget_time(self) -> None:
        self.hold_id, self.start, self.chosen, self.held_until = 0, "", "", ""

    async def _let_go(self, scope: Scope) -> None:
        if self.hold_id:
            await holds.let_go(scope, self.hold_id)
        self._forget_time()

    def _start_over(self) -> None:
        self._forget_time()
        self.service_id = self.service_name = self.branch_id = self.practitioner_id = ""
        self.problem = self.day = ""
        self.errors = {}
        self.moving_id = self.moving_version = 0

    async def _resume(self, scope: Scope, held: Hold) -> None:
        await self._with_service(scope, str(held.service_id))
        async with database.reading() as session:
            branch = await session.get_one(Branch, held.branch_id)
        self.day = wall_clock(held.starts_at, branch.timezone).date().isoformat()
        await self._at(scope, str(held.branch_id))
        self._keep(held)

    async def _with_service(self, scope: Scope, service_id: str) -> None:
        self.for_customer = scope.role is not Role.CUSTOMER
        self.may_overbook = reach(scope, Action.BOOK) >= Reach.BRANCH
        async with database.reading() as session:
            service = await session.get(Service, _number(service_id))
            offers = await branches.offers(session)
            known = await branches.open_branches(session)
        if service is None:
            return
        self.service_id, self.service_name = service_id, service.name
        at = {branch for branch, offered in offers if offered == service.id}
        if scope.branch_ids:
            at &= scope.branch_ids
        self.branches = [Option(str(each.id), each.name) for each in known if each.id in at]

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
        self.last_day = (today + timedelta(days=service.horizon_days)).isoformat()
        self.day = self.day or (today + timedelta(days=1)).isoformat()
        await self._show(scope)

    async def _show(self, scope: Scope) -> None:
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
