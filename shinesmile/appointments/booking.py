"""Booking a time: free, held by oneself, or beside what is booked already."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from shinesmile.accounts.models import User
from shinesmile.appointments import offers
from shinesmile.appointments.announcements import announce
from shinesmile.appointments.availability import Plan, lanes_in_use
from shinesmile.appointments.claims import claim, own_hold, take_over
from shinesmile.appointments.conflicts import ATTEMPTS, taken, taken_after_all
from shinesmile.appointments.lifecycle import OPEN, Status
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.requests import TimeRequest, plan_of, time_request
from shinesmile.appointments.service import may
from shinesmile.appointments.slots import MAX_ACTIVE, Place
from shinesmile.core import clock, database, text
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import Conflict, Forbidden, Invalid
from shinesmile.core.permissions import Action, Reach, require
from shinesmile.core.scope import Role, Scope

# No vowels, no look-alikes: a code can be read out over the phone and spells nothing.
_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What is asked for.

    Staff name the customer by e-mail address; a customer books for themselves. With a reason
    (`overbook`), those who may take a time that is taken already.
    """

    time: TimeRequest
    customer_email: str = ""
    note: str = ""
    source: str = "web"
    overbook: str = ""


async def book(scope: Scope, request: BookingRequest) -> Appointment:
    """Book a time and claim its practitioner and room; a hold of one's own is used up.

    Raises Invalid for times that cannot be, Conflict with the nearest free times when
    somebody was quicker.
    """
    granted = require(scope, Action.BOOK)
    problems: dict[str, str] = {}
    note = text.optional(problems, "note", request.note, "The note", 1000)
    text.optional(problems, "overbook", request.overbook, "The reason", 500)
    text.refuse_if_any(problems)
    if request.overbook and granted < Reach.BRANCH:
        raise Forbidden("Only the branch may overbook.")
    for _ in range(ATTEMPTS):
        try:
            return await _book_once(scope, request, note)
        except IntegrityError:
            # A rival claimed one of the cells first: look again at what is free now.
            continue
    raise await taken_after_all(scope, request.time)


async def _book_once(scope: Scope, request: BookingRequest, note: str) -> Appointment:
    async with database.unit_of_work() as work:
        customer_id = await _customer(work, scope, request)
        plan = await plan_of(work, scope, request.time)
        held = await own_hold(work, scope, request.time)
        place = (
            held.place
            if held
            else plan.day.pick(request.time.starts_at, request.time.practitioner_id)
        )
        if place is None and request.overbook:
            place = await _beside(work, plan, request.time)
        if place is None:
            raise taken(plan, request.time)
        appointment = _appointment(scope, request, plan, customer_id, place, note)
        if not may(scope, Action.BOOK, appointment):
            raise Forbidden("You may only book for your own patients or branch.")
        work.add(appointment)
        await work.flush()
        if held:
            await offers.accepted(work, held)
            await take_over(work, held, appointment)
        else:
            await claim(work, appointment, place, appointment.starts_at, plan.rule)
        await announce(work, scope, appointment, "appointment.created")
        return appointment


async def _beside(work: UnitOfWork, plan: Plan, time: TimeRequest) -> Place | None:
    resources = [name for person in plan.day.people for name in Place(person.id, 0).resources]
    resources += [Place(0, room).resources[1] for room in plan.day.rooms]
    lanes = await lanes_in_use(work, resources, time.starts_at, plan.rule)
    return plan.day.overbook(time.starts_at, time.practitioner_id, lanes)


async def _customer(work: UnitOfWork, scope: Scope, request: BookingRequest) -> int:
    if scope.role is not Role.CUSTOMER:
        email = text.clean(request.customer_email).lower()
        found = await work.exec(select(User).where(User.email == email, User.role == Role.CUSTOMER))
        customer = found.first()
        if customer is None:
            raise Invalid.field("customer_email", "No customer has this e-mail address.")
        return customer.id or 0
    # The row lock makes two bookings of one customer count each other.
    await work.get(User, scope.user_id, with_for_update=True)
    active = await work.exec(
        select(func.count())
        .select_from(Appointment)
        .where(
            Appointment.customer_id == scope.user_id,
            col(Appointment.status).in_(OPEN),
            col(Appointment.deleted_at).is_(None),
            Appointment.starts_at > clock.now(),
        )
    )
    if active.one() >= MAX_ACTIVE:
        raise Conflict(
            f"You already have {MAX_ACTIVE} upcoming appointments. "
            "Cancel one before you book another."
        )
    return scope.user_id


def _appointment(
    scope: Scope, request: BookingRequest, plan: Plan, customer_id: int, place: Place, note: str
) -> Appointment:
    now = clock.now()
    starts_at = request.time.starts_at.astimezone(UTC)
    service = plan.service
    needs_approval = service.needs_approval and scope.role is Role.CUSTOMER
    return Appointment(
        code="".join(secrets.choice(_CODE_LETTERS) for _ in range(8)),
        branch_id=request.time.branch_id,
        customer_id=customer_id,
        practitioner_id=place.practitioner_id,
        room_id=place.room_id,
        lane=place.lane,
        service_id=request.time.service_id,
        service_name=service.name,
        duration_minutes=service.duration_minutes,
        price_cents=service.price_cents,
        starts_at=starts_at,
        ends_at=starts_at + service.duration,
        timezone=plan.branch.timezone,
        status=Status.REQUESTED if needs_approval else Status.SCHEDULED,
        source=request.source,
        note=note,
        reason=text.clean(request.overbook),
        created_by=scope.user_id,
        created_at=now,
        updated_at=now,
    )


def request_from(given: Mapping[str, object]) -> BookingRequest:
    """A booking request from a form's plain values; raises Invalid."""
    return BookingRequest(
        time=time_request(given),
        customer_email=str(given.get("customer_email") or ""),
        note=str(given.get("note") or ""),
        overbook=str(given.get("overbook") or ""),
    )
