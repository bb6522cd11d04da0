"""What becomes of appointments: every step, and who may see and take it."""

from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.appointments import offers
from shinesmile.appointments.announcements import announce, event_for
from shinesmile.appointments.claims import release
from shinesmile.appointments.lifecycle import CLAIMING, OPEN, Status, Transition, step
from shinesmile.appointments.models import Appointment
from shinesmile.branches.models import Service
from shinesmile.core import clock, database, text
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import Conflict, Forbidden, NotFound
from shinesmile.core.permissions import Action, allows, narrow
from shinesmile.core.scope import Role, Scope
from shinesmile.core.when import wall_clock

STALE = "Somebody else changed this appointment a moment ago. Look again, then decide."


async def change(
    scope: Scope,
    appointment_id: int,
    verb: str,
    *,
    version: int | None = None,
    reason: str = "",
) -> Appointment:
    """Take an appointment one step on (see `lifecycle.TRANSITIONS` for the verbs).

    Raises NotFound for appointments out of sight, Forbidden, Invalid when a reason is
    missing, Conflict when the step is impossible or `version` is no longer the newest.
    """
    async with database.unit_of_work() as work:
        appointment = await seen(work, scope, appointment_id, version)
        transition = step(verb, appointment.status)
        require_may(scope, transition.action, appointment)
        reason = _check_guards(scope, transition, appointment, reason)
        if verb == "cancel":
            appointment.is_late = await check_notice(work, scope, appointment)
        old_status, appointment.status = appointment.status, transition.target
        appointment.reason = reason
        touch(appointment)
        work.add(appointment)
        if transition.target not in CLAIMING:
            await release(work, appointment)
            await offers.freed(work, appointment)
        await announce(work, scope, appointment, event_for(transition.target), old_status)
        return appointment


async def delete_softly(scope: Scope, appointment_id: int) -> None:
    """Take an appointment out of every list; the log and the receipts keep it."""
    async with database.unit_of_work() as work:
        appointment = await seen(work, scope, appointment_id)
        require_may(scope, Action.DELETE, appointment)
        appointment.deleted_at = clock.now()
        touch(appointment)
        work.add(appointment)
        await release(work, appointment)
        await offers.freed(work, appointment)
        await announce(work, scope, appointment, "appointment.deleted")


def may(scope: Scope, action: Action, appointment: Appointment) -> bool:
    """Whether this account may do this to this appointment."""
    return allows(
        scope,
        action,
        owner_id=appointment.customer_id,
        assignee_ids=(appointment.practitioner_id, appointment.assigned_to),
        branch_id=appointment.branch_id,
    )


def require_may(scope: Scope, action: Action, appointment: Appointment) -> None:
    """Raise Forbidden unless this account may do this to this appointment."""
    if not may(scope, action, appointment):
        raise Forbidden(f"Your account may not {action} here.")


def visible(scope: Scope) -> ColumnElement[bool]:
    """The condition under which this account sees an appointment."""
    within = narrow(
        scope,
        Action.SEE_APPOINTMENTS,
        owner=Appointment.customer_id,
        assignees=(Appointment.practitioner_id, Appointment.assigned_to),
        branch=col(Appointment.branch_id),
    )
    shown = col(Appointment.status) != Status.ENTERED_IN_ERROR
    return within & col(Appointment.deleted_at).is_(None) & shown


async def seen(
    work: UnitOfWork, scope: Scope, appointment_id: int, version: int | None = None
) -> Appointment:
    """The appointment, locked for this unit of work.

    Raises NotFound when it is out of sight, Conflict when `version` is no longer the newest.
    """
    query = select(Appointment).where(Appointment.id == appointment_id, visible(scope))
    appointment = (await work.exec(query.with_for_update())).first()
    if appointment is None:
        raise NotFound
    if version is not None and version != appointment.version:
        raise Conflict(STALE)
    return appointment


async def find(session: AsyncSession, scope: Scope, appointment_id: int) -> Appointment:
    """An appointment within sight; raises NotFound."""
    query = select(Appointment).where(Appointment.id == appointment_id, visible(scope))
    appointment = (await session.exec(query)).first()
    if appointment is None:
        raise NotFound
    return appointment


async def check_notice(work: UnitOfWork, scope: Scope, appointment: Appointment) -> bool:
    """Whether the service's notice has run out; customers are refused then, staff are not."""
    service = await work.get_one(Service, appointment.service_id)
    left = appointment.starts_at - clock.now()
    is_late = left < timedelta(minutes=service.notice_minutes)
    if is_late and scope.role is Role.CUSTOMER:
        hours = service.notice_minutes / 60
        raise Conflict(
            f"Changes need {hours:g} h notice. Please call the branch; they will help you."
        )
    return is_late


def _check_guards(
    scope: Scope, transition: Transition, appointment: Appointment, reason: str
) -> str:
    now = clock.now()
    problems: dict[str, str] = {}
    is_customer = scope.role is Role.CUSTOMER
    if transition.needs_reason and not is_customer:
        reason = text.required(problems, "reason", reason, "A reason", 500)
    else:
        reason = text.optional(problems, "reason", reason, "The reason", 500)
    text.refuse_if_any(problems)
    if is_customer and (appointment.status not in OPEN or appointment.starts_at <= now):
        raise Conflict("This appointment has begun; please call the branch to change it.")
    if transition.after_start and appointment.starts_at > now:
        raise Conflict("This appointment has not started yet.")
    here_now = wall_clock(now, appointment.timezone).date()
    if (
        transition.on_the_day
        and wall_clock(appointment.starts_at, appointment.timezone).date() != here_now
    ):
        raise Conflict("This appointment is not today.")
    return reason


def touch(appointment: Appointment) -> None:
    """Note that an appointment has changed."""
    appointment.version += 1
    appointment.updated_at = clock.now()
