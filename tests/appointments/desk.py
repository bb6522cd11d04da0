"""What happens at the desk: people who book, and a look at what came of it."""

from sqlalchemy import func, text
from sqlmodel import col, select, update

from shinesmile.appointments.lifecycle import CLAIMING, Status
from shinesmile.appointments.models import Appointment, Claim
from shinesmile.core import database
from shinesmile.core.errors import Conflict
from shinesmile.core.scope import Role, Scope
from tests.clinic import open_account

# Appointments that hold the same practitioner's or room's time at one moment.
OVERLAPPING = text(f"""
    SELECT count(*) FROM appointment a JOIN appointment b ON a.id < b.id
       AND (a.practitioner_id = b.practitioner_id OR a.room_id = b.room_id)
       AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
     WHERE a.deleted_at IS NULL AND b.deleted_at IS NULL
       AND a.status IN ({", ".join(f"'{each}'" for each in sorted(CLAIMING))})
       AND b.status IN ({", ".join(f"'{each}'" for each in sorted(CLAIMING))})
""")


async def customers(number: int) -> list[Scope]:
    """This many new customers."""
    return [await open_account(f"customer.{each}", Role.CUSTOMER) for each in range(number)]


async def booked() -> list[Appointment]:
    """Every appointment, in the order of booking."""
    async with database.reading() as session:
        return list(await session.exec(select(Appointment).order_by(col(Appointment.id))))


async def one(appointment: Appointment) -> Appointment:
    """The appointment as it stands in the database."""
    async with database.reading() as session:
        return await session.get_one(Appointment, appointment.id)


async def claims(appointment: Appointment | None = None) -> dict[str, int]:
    """How many cells of each resource are taken, by one appointment or by all."""
    query = select(Claim.resource, func.count()).group_by(col(Claim.resource))
    if appointment is not None:
        query = query.where(Claim.appointment_id == appointment.id)
    async with database.reading() as session:
        return dict((await session.exec(query)).all())


async def overlaps() -> int:
    """How many pairs of active appointments hold the same time of the same resource."""
    async with database.reading() as session:
        return int(await session.scalar(OVERLAPPING) or 0)


async def put_into(appointment: Appointment, status: Status, **changed: object) -> None:
    """Set a status behind the services' back, so that every step can be tried from it."""
    values = {"status": status, "version": 1, "reason": "", **changed}
    async with database.unit_of_work() as work:
        chosen = col(Appointment.id) == appointment.id
        await work.exec(update(Appointment).where(chosen).values(**values))


def is_conflict(answer: object) -> bool:
    """Whether somebody was told that the time is taken, and what else is free."""
    return (
        isinstance(answer, Conflict)
        and answer.sentence.startswith("This time was just taken. Nearest free: ")
        and len(answer.alternatives) == 3
    )
