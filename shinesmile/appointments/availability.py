"""Which times are free, read from the database for the pure rules of `slots`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts import administration
from shinesmile.appointments.claims import STANDARD_LANE
from shinesmile.appointments.models import Claim
from shinesmile.appointments.slots import (
    HORIZON_DAYS,
    LEAD_TIME,
    Hours,
    cells,
    first_free,
    practitioner_resource,
    room_resource,
    starts,
)
from shinesmile.branches import service as branches
from shinesmile.branches.models import Branch, Offer, Service
from shinesmile.core import clock
from shinesmile.core.errors import Invalid, NotFound
from shinesmile.core.when import day_bounds


@dataclass(frozen=True)
class Day:
    """Everything that decides what is free for a service on one day at a branch."""

    branch: Branch
    service: Service
    day: date
    hours: Hours
    practitioners: Sequence[int]
    rooms: Sequence[int]
    taken: dict[str, set[int]]

    @property
    def minutes(self) -> int:
        """How long a booking occupies its resources, buffer included."""
        return self.service.duration_minutes + self.service.buffer_minutes

    def starts(self) -> list[datetime]:
        """Every start (UTC) that the opening hours allow."""
        return list(
            starts(self.day, self.branch.timezone, self.hours, self.service.duration_minutes)
        )

    def resources_for(
        self, start: datetime, practitioner_id: int | None = None
    ) -> tuple[int, int] | None:
        """A practitioner and a room that are free from `start`, or None."""
        wanted = cells(start, self.minutes)
        people = [practitioner_id] if practitioner_id else self.practitioners
        named = {practitioner_resource(each): each for each in people}
        person = first_free(named, wanted, self.taken)
        rooms = {room_resource(each): each for each in self.rooms}
        room = first_free(rooms, wanted, self.taken)
        return (named[person], rooms[room]) if person and room else None

    def free(self, practitioner_id: int | None, earliest: datetime) -> list[datetime]:
        """The starts from `earliest` on that can be booked."""
        return [
            start
            for start in self.starts()
            if start >= earliest and self.resources_for(start, practitioner_id)
        ]


async def day_of(session: AsyncSession, branch_id: int, service_id: int, day: date) -> Day:
    """Read what decides a day; raises NotFound when the branch does not offer the service."""
    branch = await session.get(Branch, branch_id)
    service = await session.get(Service, service_id)
    if branch is None or service is None or not (branch.is_active and service.is_active):
        raise NotFound("This service or branch is not available.")
    if await session.get(Offer, (branch_id, service_id)) is None:
        raise NotFound(f"{branch.name} does not offer {service.name}.")
    people = await administration.practitioners(session, branch_id, service.kind.performed_by)
    rooms = await branches.rooms_of(session, branch_id, service.kind)
    hours = await branches.hours_of(session, branch_id)
    person_ids = [each.id or 0 for each in people]
    room_ids = [each.id or 0 for each in rooms]
    resources = [practitioner_resource(each) for each in person_ids]
    resources += [room_resource(each) for each in room_ids]
    return Day(
        branch,
        service,
        day,
        [(each.weekday, each.opens, each.closes) for each in hours],
        person_ids,
        room_ids,
        await _taken(session, resources, day, branch.timezone),
    )


async def _taken(
    session: AsyncSession, resources: list[str], day: date, zone: str
) -> dict[str, set[int]]:
    first, last = day_bounds(day, zone)
    span = cells(first, int((last - first + timedelta(hours=12)).total_seconds() // 60))
    query = select(Claim.resource, Claim.cell).where(
        col(Claim.resource).in_(resources),
        Claim.lane == STANDARD_LANE,
        Claim.cell >= span.start,
        Claim.cell < span.stop,
    )
    taken: dict[str, set[int]] = defaultdict(set)
    for resource, cell in await session.exec(query):
        taken[resource].add(cell)
    return taken


def earliest_start(is_customer: bool) -> datetime:
    """The first moment that may be booked: customers keep a lead time, staff do not."""
    return clock.now() + (LEAD_TIME if is_customer else timedelta())


def check_day(day: date, zone: str, is_customer: bool) -> None:
    """Raise Invalid for days in the past or, for customers, beyond the horizon."""
    today = clock.today(zone)
    if day < today:
        raise Invalid.field("day", "This day is in the past. Choose a day from today on.")
    if is_customer and day > today + timedelta(days=HORIZON_DAYS):
        raise Invalid.field("day", f"Bookings open {HORIZON_DAYS} days ahead. Choose a day before.")
