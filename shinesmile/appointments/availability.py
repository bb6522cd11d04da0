"""What decides a day, read from the database for the pure rules of `timetable` and `slots`."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts import administration
from shinesmile.appointments.lifecycle import CLAIMING
from shinesmile.appointments.models import Appointment, Claim, Hold
from shinesmile.appointments.slots import (
    OVERBOOKED_LANE,
    Day,
    Group,
    Person,
    Rule,
    cells,
    practitioner_resource,
    room_resource,
)
from shinesmile.branches import schedule
from shinesmile.branches import service as branches
from shinesmile.branches.models import Branch, Offer, Service
from shinesmile.branches.timetable import open_spans, working_spans
from shinesmile.core import clock
from shinesmile.core.errors import Invalid, NotFound
from shinesmile.core.when import day_bounds

Cells = Mapping[str, set[int]]


@dataclass(frozen=True)
class Plan:
    """A branch's day for one service: what it is, and what is free."""

    branch: Branch
    service: Service
    day: Day

    @property
    def rule(self) -> Rule:
        """What the service asks of a slot."""
        return self.day.rule


def rule_of(service: Service) -> Rule:
    """What a service asks of a slot."""
    return Rule(
        duration=service.duration_minutes,
        before=service.before_minutes,
        after=service.after_minutes,
        interval=service.interval_minutes,
        lead=service.lead_minutes,
        horizon_days=service.horizon_days,
        max_per_day=service.max_per_day,
        seats=service.seats,
        is_staff_only=service.is_staff_only,
    )


async def plan_for(
    session: AsyncSession,
    branch_id: int,
    service_id: int,
    day: date,
    *,
    holder_id: int | None = None,
    moving: Appointment | None = None,
) -> Plan:
    """Read what decides a day; raises NotFound when the branch does not offer the service.

    The holds of `holder_id` and the time of the appointment that is `moving` do not stand in
    the way.
    """
    branch = await session.get(Branch, branch_id)
    service = await session.get(Service, service_id)
    if branch is None or service is None or not (branch.is_active and service.is_active):
        raise NotFound("This service or branch is not available.")
    if await session.get(Offer, (branch_id, service_id)) is None:
        raise NotFound(f"{branch.name} does not offer {service.name}.")
    found = await administration.practitioners(session, branch_id, service.kind.performed_by)
    people = [each.id or 0 for each in found]
    rooms = [each.id or 0 for each in await branches.rooms_of(session, branch_id, service.kind)]
    zone = branch.timezone
    rules = await schedule.read(session, branch_id, people, day, day_bounds(day, zone))
    is_open = open_spans(day, zone, rules.branch, rules.holidays)
    firm, held = await _taken(session, people, rooms, day, zone, holder_id, moving)
    booked = await _booked(session, people, day, zone) if service.max_per_day else Counter()
    persons = [
        Person(
            each,
            working_spans(day, zone, is_open, rules.people.get(each), rules.absences[each]),
            booked[each],
        )
        for each in people
    ]
    groups = await _groups(session, service, branch_id, day, zone) if service.seats > 1 else ()
    anchor = is_open[0][0] if is_open else None
    rule = rule_of(service)
    return Plan(branch, service, Day(day, zone, rule, anchor, persons, rooms, firm, held, groups))


async def _taken(
    session: AsyncSession,
    people: Sequence[int],
    rooms: Sequence[int],
    day: date,
    zone: str,
    holder_id: int | None,
    moving: Appointment | None,
) -> tuple[Cells, Cells]:
    """The cells taken by appointments, and those taken by other people's living holds."""
    resources = [*map(practitioner_resource, people), *map(room_resource, rooms)]
    first, last = day_bounds(day, zone)
    span = cells(first, Rule(duration=int((last - first).total_seconds()) // 60 + 12 * 60))
    query = (
        select(Claim.resource, Claim.cell, Claim.appointment_id, Hold.holder_id)
        .join(Hold, col(Hold.id) == Claim.hold_id, isouter=True)
        .where(
            col(Claim.resource).in_(resources),
            Claim.lane < OVERBOOKED_LANE,
            Claim.cell >= span.start,
            Claim.cell < span.stop,
            col(Claim.hold_id).is_(None) | (col(Hold.expires_at) > clock.now()),
        )
    )
    firm: defaultdict[str, set[int]] = defaultdict(set)
    held: defaultdict[str, set[int]] = defaultdict(set)
    for resource, cell, appointment_id, by in await session.exec(query):
        if appointment_id is not None:
            if moving is None or appointment_id != moving.id:
                firm[resource].add(cell)
        elif by != holder_id:
            held[resource].add(cell)
    return firm, held


async def _booked(
    session: AsyncSession, people: Sequence[int], day: date, zone: str
) -> Counter[int]:
    first, last = day_bounds(day, zone)
    query = select(Appointment.practitioner_id).where(
        col(Appointment.practitioner_id).in_(people),
        col(Appointment.status).in_(CLAIMING),
        col(Appointment.deleted_at).is_(None),
        Appointment.starts_at >= first,
        Appointment.starts_at < last,
    )
    return Counter(each for each in await session.exec(query) if each)


async def _groups(
    session: AsyncSession, service: Service, branch_id: int, day: date, zone: str
) -> list[Group]:
    first, last = day_bounds(day, zone)
    query = select(Appointment).where(
        Appointment.service_id == service.id,
        Appointment.branch_id == branch_id,
        col(Appointment.status).in_(CLAIMING),
        col(Appointment.deleted_at).is_(None),
        Appointment.starts_at >= first,
        Appointment.starts_at < last,
    )
    seats: defaultdict[tuple[datetime, int, int], set[int]] = defaultdict(set)
    for each in await session.exec(query):
        seats[each.starts_at, each.practitioner_id or 0, each.room_id or 0].add(each.lane)
    return [Group(*where, frozenset(lanes)) for where, lanes in seats.items()]


async def lanes_in_use(
    session: AsyncSession, resources: Sequence[str], starts_at: datetime, rule: Rule
) -> Mapping[str, set[int]]:
    """The lanes that are in use at a time, by resource."""
    wanted = cells(starts_at, rule)
    query = select(Claim.resource, Claim.lane).where(
        col(Claim.resource).in_(resources),
        col(Claim.cell).between(wanted.start, wanted.stop - 1),
    )
    lanes: defaultdict[str, set[int]] = defaultdict(set)
    for resource, lane in await session.exec(query):
        lanes[resource].add(lane)
    return lanes


def earliest_start(rule: Rule, is_customer: bool) -> datetime:
    """The first moment that may be booked: customers keep the lead time, staff need none."""
    return clock.now() + timedelta(minutes=rule.lead if is_customer else 0)


def check_day(plan: Plan, day: date, is_customer: bool) -> None:
    """Raise Invalid for days in the past or, for customers, beyond the horizon."""
    today = clock.today(plan.branch.timezone)
    if day < today:
        raise Invalid.field("day", "This day is in the past. Choose a day from today on.")
    ahead = plan.rule.horizon_days
    if is_customer and day > today + timedelta(days=ahead):
        raise Invalid.field("day", f"Bookings open {ahead} days ahead. Choose a day before.")
