"""Claims: the only door through which anybody takes or gives back time (DESIGN.md §5)."""

from sqlmodel import col, delete

from shinesmile.appointments.announcements import announce_slots
from shinesmile.appointments.models import Appointment, Claim
from shinesmile.appointments.slots import cells, practitioner_resource, room_resource
from shinesmile.core.database import UnitOfWork

STANDARD_LANE = 0


async def claim(work: UnitOfWork, appointment: Appointment, minutes: int) -> None:
    """Take the cells of the appointment's practitioner and room; IntegrityError if one is gone.

    Cells are inserted in one order, so that rivals wait for each other instead of deadlocking.
    """
    resources = sorted(
        (
            practitioner_resource(appointment.practitioner_id),
            room_resource(appointment.room_id),
        )
    )
    for resource in resources:
        work.add_all(
            Claim(
                resource=resource,
                lane=STANDARD_LANE,
                cell=cell,
                appointment_id=appointment.id or 0,
            )
            for cell in cells(appointment.starts_at, minutes)
        )
    await work.flush()
    announce_slots(work, appointment.branch_id)


async def release(work: UnitOfWork, appointment: Appointment) -> None:
    """Give the cells of an appointment back."""
    await work.exec(delete(Claim).where(col(Claim.appointment_id) == appointment.id))
    announce_slots(work, appointment.branch_id)
