"""Booking a free time."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from shinesmile.accounts.models import User
from shinesmile.appointments.announcements import announce
from shinesmile.appointments.availability import Day, check_day, day_of, earliest_start
from shinesmile.appointments.claims import claim
from shinesmile.appointments.lifecycle import OPEN, Status
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.service import may
from shinesmile.appointments.slots import MAX_ACTIVE, nearest
from shinesmile.core import clock, database, text
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import Conflict, Forbidden, Invalid
from shinesmile.core.permissions import Action, require
from shinesmile.core.scope import Role, Scope
from shinesmile.core.when import time_text, wall_clock

# No vowels, no look-alikes: a code can be read out over the phone and spells nothing.
_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What is asked for. `practitioner_id` None means any; `starts_at` has a zone.

    Staff name the customer by e-mail address; a customer books for themselves.
    """

    branch_id: int
    service_id: int
    starts_at: datetime
    practitioner_id: int | None = None
    customer_email: str = ""
    note: str = ""
    source: str = "web"


async def book(scope: Scope, request: BookingRequest) -> Appointment:
    """Book a free time and claim its practitioner and room.

    Raises Invalid for times that cannot be, Conflict with the nearest free times when
    somebody was quicker.
    """
    require(scope, Action.BOOK)
    problems: dict[str, str] = {}
    note = text.optional(problems, "note", request.note, "The note", 1000)
    text.refuse_if_any(problems)
    for _ in range(_ATTEMPTS):
        try:
            return await _book_once(scope, request, note)
        except IntegrityError:
            # A rival claimed one of the cells first: look again at what is free now.
            continue
    raise await _taken(request)


async def _book_once(scope: Scope, request: BookingRequest, note: str) -> Appointment:
    async with database.unit_of_work() as work:
        customer_id = await _customer(work, scope, request)
        day = await _day_for(work, scope, request)
        chosen = day.resources_for(request.starts_at, request.practitioner_id)
        if chosen is None:
            raise _conflict(day, request)
        appointment = _appointment(scope, request, day, customer_id, chosen, note)
        if not may(scope, Action.BOOK, appointment):
            raise Forbidden("You may only book for your own patients or branch.")
        work.add(appointment)
        await work.flush()
        await claim(work, appointment, day.minutes)
        await announce(work, scope, appointment, "appointment.created")
        return appointment


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


async def _day_for(work: UnitOfWork, scope: Scope, request: BookingRequest) -> Day:
    is_customer = scope.role is Role.CUSTOMER
    if not 2000 < request.starts_at.year < 2200:
        raise Invalid.field("starts_at", "This time is not in the calendar.")
    day = await day_of(work, request.branch_id, request.service_id, request.starts_at.date())
    local_day = wall_clock(request.starts_at, day.branch.timezone).date()
    if local_day != day.day:
        day = await day_of(work, request.branch_id, request.service_id, local_day)
    check_day(local_day, day.branch.timezone, is_customer)
    if request.starts_at < earliest_start(is_customer):
        raise Invalid.field(
            "starts_at", "This time is too soon or already past. Choose a later one."
        )
    if request.starts_at.astimezone(UTC) not in day.starts():
        raise Invalid.field(
            "starts_at", "The branch is closed then. Choose one of the times shown."
        )
    if request.practitioner_id and request.practitioner_id not in day.practitioners:
        raise Invalid.field("practitioner", "This practitioner does not offer this service here.")
    return day


def _appointment(
    scope: Scope,
    request: BookingRequest,
    day: Day,
    customer_id: int,
    chosen: tuple[int, int],
    note: str,
) -> Appointment:
    now = clock.now()
    starts_at = request.starts_at.astimezone(UTC)
    service = day.service
    needs_approval = service.needs_approval and scope.role is Role.CUSTOMER
    practitioner_id, room_id = chosen
    return Appointment(
        code="".join(secrets.choice(_CODE_LETTERS) for _ in range(8)),
        branch_id=request.branch_id,
        customer_id=customer_id,
        practitioner_id=practitioner_id,
        room_id=room_id,
        service_id=request.service_id,
        service_name=service.name,
        duration_minutes=service.duration_minutes,
        price_cents=service.price_cents,
        starts_at=starts_at,
        ends_at=starts_at + service.duration,
        timezone=day.branch.timezone,
        status=Status.REQUESTED if needs_approval else Status.SCHEDULED,
        source=request.source,
        note=note,
        created_by=scope.user_id,
        created_at=now,
        updated_at=now,
    )


def _conflict(day: Day, request: BookingRequest) -> Conflict:
    free = day.free(request.practitioner_id, earliest_start(True))
    zone = day.branch.timezone
    alternatives = [each.isoformat() for each in nearest(request.starts_at, free)]
    named = ", ".join(time_text(datetime.fromisoformat(each), zone) for each in alternatives)
    hint = f"Nearest free: {named}." if named else "Nothing else is free that day."
    return Conflict(f"This time was just taken. {hint}", alternatives)


async def _taken(request: BookingRequest) -> Conflict:
    async with database.reading() as session:
        day = await day_of(session, request.branch_id, request.service_id, request.starts_at.date())
        return _conflict(day, request)


def parse_start(value: object) -> datetime:
    """A moment with a zone from ISO 8601 text; raises Invalid for anything else."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise Invalid.field("starts_at", "Choose a time.") from None
    if moment.tzinfo is None:
        raise Invalid.field("starts_at", "This time has no zone.")
    return moment


def request_from(given: Mapping[str, object]) -> BookingRequest:
    """A booking request from a form's plain values; raises Invalid."""
    numbers = {}
    for name in ("branch_id", "service_id", "practitioner_id"):
        value = str(given.get(name) or "0")
        if not value.isdecimal() or len(value) > 9:
            raise Invalid.field(name, "Choose from the list.")
        numbers[name] = int(value)
    return BookingRequest(
        branch_id=numbers["branch_id"],
        service_id=numbers["service_id"],
        practitioner_id=numbers["practitioner_id"] or None,
        starts_at=parse_start(given.get("starts_at")),
        customer_email=str(given.get("customer_email") or ""),
        note=str(given.get("note") or ""),
    )
