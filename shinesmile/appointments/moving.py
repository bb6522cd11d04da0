"""Giving an appointment another time, the same time again, or somebody to do it."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from shinesmile.accounts.models import Membership, User
from shinesmile.appointments import offers
from shinesmile.appointments.announcements import announce, listeners
from shinesmile.appointments.claims import claim, own_hold, release, take_over
from shinesmile.appointments.conflicts import ATTEMPTS, taken, taken_after_all
from shinesmile.appointments.lifecycle import OPEN, RESTORABLE, Status
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.requests import TimeRequest, plan_of
from shinesmile.appointments.service import check_notice, require_may, seen, touch
from shinesmile.appointments.slots import Place
from shinesmile.core import database
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import Conflict, Forbidden, Invalid
from shinesmile.core.permissions import Action
from shinesmile.core.scope import Role, Scope
from shinesmile.core.when import moment_text
from shinesmile.notifications.service import Message, notify
from shinesmile.realtime.log import record


async def reschedule(
    scope: Scope, appointment_id: int, time: TimeRequest, *, version: int | None = None
) -> Appointment:
    """Move an appointment to another time, keeping its id; the old time comes free.

    Customers keep the service's notice; everybody gets Conflict when the time is taken.
    """
    for _ in range(ATTEMPTS):
        try:
            return await _reschedule_once(scope, appointment_id, time, version)
        except IntegrityError:
            continue
    raise await taken_after_all(scope, time)


async def _reschedule_once(
    scope: Scope, appointment_id: int, time: TimeRequest, version: int | None
) -> Appointment:
    async with database.unit_of_work() as work:
        appointment = await seen(work, scope, appointment_id, version)
        require_may(scope, Action.BOOK, appointment)
        if appointment.status not in OPEN:
            raise Conflict("Only appointments that have not begun can be moved.")
        await check_notice(work, scope, appointment)
        if (time.branch_id, time.service_id) != (appointment.branch_id, appointment.service_id):
            raise Invalid("An appointment keeps its branch and service when it is moved.")
        plan = await plan_of(work, scope, time, moving=appointment)
        held = await own_hold(work, scope, time)
        place = held.place if held else plan.day.pick(time.starts_at, time.practitioner_id)
        if place is None:
            raise taken(plan, time)
        before = appointment.model_copy()
        await release(work, appointment)
        if held:
            await take_over(work, held, appointment)
        else:
            await claim(work, appointment, place, time.starts_at, plan.rule)
        _place(appointment, place)
        # Not into the day of a colleague for whom this account may not book.
        require_may(scope, Action.BOOK, appointment)
        appointment.starts_at = time.starts_at
        appointment.ends_at = time.starts_at + plan.service.duration
        touch(appointment)
        work.add(appointment)
        await announce(work, scope, appointment, "appointment.updated", moved_from=before)
        if before.starts_at != appointment.starts_at:
            await offers.freed(work, before)
        return appointment


async def restore(scope: Scope, appointment_id: int, *, version: int | None = None) -> Appointment:
    """Bring a cancelled or missed appointment back at its time, if that is still free."""
    try:
        async with database.unit_of_work() as work:
            appointment = await seen(work, scope, appointment_id, version)
            require_may(scope, Action.BOOK, appointment)
            if scope.role is Role.CUSTOMER:
                raise Forbidden("Please book again, or call the branch.")
            if appointment.status not in RESTORABLE:
                raise Conflict("Only cancelled and missed appointments can be restored.")
            await _claim_again(work, scope, appointment)
            old_status, appointment.status = appointment.status, Status.SCHEDULED
            appointment.reason, appointment.is_late = "", False
            touch(appointment)
            work.add(appointment)
            await announce(work, scope, appointment, "appointment.status_changed", old_status)
            return appointment
    except IntegrityError:
        raise Conflict("The time was taken meanwhile. Move the appointment instead.") from None


async def _claim_again(work: UnitOfWork, scope: Scope, appointment: Appointment) -> None:
    time = TimeRequest(
        appointment.branch_id,
        appointment.service_id,
        appointment.starts_at,
        appointment.practitioner_id,
    )
    if appointment.status is Status.NO_SHOW:
        plan = await plan_of(work, scope, time, moving=appointment, even_past=True)
    else:
        plan = await plan_of(work, scope, time, moving=appointment)
    place = plan.day.pick(time.starts_at, time.practitioner_id)
    if place is None:
        raise taken(plan, time)
    await claim(work, appointment, place, time.starts_at, plan.rule)
    _place(appointment, place)


async def assign(
    scope: Scope, appointment_id: int, user_id: int, *, version: int | None = None
) -> Appointment:
    """Give an appointment to a member of the branch's staff, who is told at once."""
    async with database.unit_of_work() as work:
        appointment = await seen(work, scope, appointment_id, version)
        require_may(scope, Action.ASSIGN, appointment)
        member = await work.get(Membership, (user_id, appointment.branch_id))
        person = await work.get(User, user_id)
        if member is None or person is None or not person.is_active:
            raise Invalid.field("assigned_to", "Choose somebody who works at this branch.")
        before = listeners(appointment, Action.SEE_APPOINTMENTS)
        appointment.assigned_to = user_id
        touch(appointment)
        work.add(appointment)
        topics = before | listeners(appointment, Action.SEE_APPOINTMENTS)
        subject = ("appointment", appointment.id or 0)
        record(work, "appointment.assigned", subject, topics, actor=scope)
        message = Message(
            type="appointment.assigned",
            severity="info",
            title=f"Job assigned: {appointment.service_name}",
            body=moment_text(appointment.starts_at, appointment.timezone),
            link=f"?code={appointment.code}",
        )
        await notify(work, [f"user.{user_id}"], message, actor=scope)
        return appointment


def _place(appointment: Appointment, place: Place) -> None:
    appointment.practitioner_id = place.practitioner_id
    appointment.room_id = place.room_id
    appointment.lane = place.lane


async def assignable(branch_id: int) -> list[tuple[int, str]]:
    """Those who can be given a job at a branch, as (id, name)."""
    query = (
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)  # type: ignore[arg-type]
        .where(Membership.branch_id == branch_id, User.is_active)
    )
    async with database.reading() as session:
        return [(user_id or 0, name) for user_id, name in await session.exec(query)]
