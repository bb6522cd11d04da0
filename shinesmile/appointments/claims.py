"""Claims: the only door through which anybody takes or gives back time (DESIGN.md §5)."""

from datetime import datetime

from sqlmodel import col, delete, select, update

from shinesmile.appointments.announcements import announce_slots
from shinesmile.appointments.models import Appointment, Claim, Hold
from shinesmile.appointments.requests import TimeRequest
from shinesmile.appointments.slots import Place, Rule, cells
from shinesmile.core import clock
from shinesmile.core.database import UnitOfWork
from shinesmile.core.scope import Scope


async def claim(
    work: UnitOfWork, owner: Appointment | Hold, place: Place, starts_at: datetime, rule: Rule
) -> None:
    """Take the cells of a practitioner and a room; IntegrityError when one of them is gone.

    Everybody inserts cells in one order, so that rivals wait for each other and never deadlock.
    """
    wanted = cells(starts_at, rule)
    await _clear_expired(work, place, wanted)
    owned_by = {"appointment_id" if isinstance(owner, Appointment) else "hold_id": owner.id}
    work.add_all(
        Claim(resource=resource, lane=place.lane, cell=cell, **owned_by)
        for resource in sorted(place.resources)
        for cell in wanted
    )
    await work.flush()
    announce_slots(work, owner.branch_id)


async def take_over(work: UnitOfWork, hold: Hold, appointment: Appointment) -> None:
    """Let an appointment have the cells that a hold kept for it."""
    mine = col(Claim.hold_id) == hold.id
    await work.exec(update(Claim).where(mine).values(appointment_id=appointment.id, hold_id=None))
    await work.delete(hold)
    await work.flush()
    announce_slots(work, hold.branch_id)


async def own_hold(work: UnitOfWork, scope: Scope, time: TimeRequest) -> Hold | None:
    """The living hold by which this person has kept the time."""
    query = select(Hold).where(
        Hold.holder_id == scope.user_id,
        Hold.branch_id == time.branch_id,
        Hold.service_id == time.service_id,
        Hold.starts_at == time.starts_at,
        col(Hold.expires_at) > clock.now(),
    )
    if time.practitioner_id:
        query = query.where(Hold.practitioner_id == time.practitioner_id)
    return (await work.exec(query.with_for_update())).first()


async def release(work: UnitOfWork, owner: Appointment | Hold) -> None:
    """Give the cells of an appointment or a hold back."""
    column = Claim.appointment_id if isinstance(owner, Appointment) else Claim.hold_id
    await work.exec(delete(Claim).where(col(column) == owner.id))
    announce_slots(work, owner.branch_id)


async def _clear_expired(work: UnitOfWork, place: Place, wanted: range) -> None:
    """Holds that have run out do not stand in anybody's way, swept or not."""
    expired = select(Hold.id).where(col(Hold.expires_at) <= clock.now())
    await work.exec(
        delete(Claim).where(
            col(Claim.resource).in_(place.resources),
            col(Claim.cell).between(wanted.start, wanted.stop - 1),
            col(Claim.hold_id).in_(expired),
        )
    )
