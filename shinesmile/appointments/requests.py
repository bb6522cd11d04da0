"""What is asked for when somebody books, holds or moves a time, read from plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.appointments.availability import Plan, check_day, earliest_start, plan_for
from shinesmile.appointments.models import Appointment
from shinesmile.core.errors import Forbidden, Invalid
from shinesmile.core.scope import Role, Scope
from shinesmile.core.when import wall_clock


@dataclass(frozen=True, slots=True)
class TimeRequest:
    """A service at a branch at a moment; `practitioner_id` None means any, `starts_at` has a zone."""

    branch_id: int
    service_id: int
    starts_at: datetime
    practitioner_id: int | None = None


async def plan_of(
    session: AsyncSession,
    scope: Scope,
    request: TimeRequest,
    *,
    moving: Appointment | None = None,
    even_past: bool = False,
) -> Plan:
    """The day that a request is about; raises Invalid for times that cannot be booked."""
    is_customer = scope.role is Role.CUSTOMER
    if not 2000 < request.starts_at.year < 2200:
        raise Invalid.field("starts_at", "This time is not in the calendar.")

    async def plan_on(moment: datetime) -> Plan:
        return await plan_for(
            session,
            request.branch_id,
            request.service_id,
            moment.date(),
            holder_id=scope.user_id,
            moving=moving,
        )

    plan = await plan_on(request.starts_at)
    local = wall_clock(request.starts_at, plan.branch.timezone)
    if local.date() != plan.day.day:
        plan = await plan_on(local)
    if even_past:
        return plan
    check_day(plan, local.date(), is_customer)
    _check_time(plan, request, is_customer)
    return plan


def _check_time(plan: Plan, request: TimeRequest, is_customer: bool) -> None:
    people = [person.id for person in plan.day.people]
    if is_customer and plan.rule.is_staff_only:
        raise Forbidden("This service is booked by the branch. Please call.")
    if request.starts_at < earliest_start(plan.rule, is_customer):
        raise Invalid.field(
            "starts_at", "This time is too soon or already past. Choose a later one."
        )
    if request.practitioner_id and request.practitioner_id not in people:
        raise Invalid.field("practitioner", "This practitioner does not offer this service here.")
    if request.starts_at.astimezone(UTC) not in plan.day.starts(request.practitioner_id):
        raise Invalid.field("starts_at", "Nobody works then. Choose one of the times shown.")


def parse_start(value: object) -> datetime:
    """A moment with a zone from ISO 8601 text; raises Invalid for anything else."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise Invalid.field("starts_at", "Choose a time.") from None
    if moment.tzinfo is None:
        raise Invalid.field("starts_at", "This time has no zone.")
    return moment


def number(given: Mapping[str, object], name: str) -> int:
    """A record's number from a form, 0 when there is none; raises Invalid."""
    value = str(given.get(name) or "0")
    if not value.isdecimal() or len(value) > 9:
        raise Invalid.field(name, "Choose from the list.")
    return int(value)


def time_request(given: Mapping[str, object]) -> TimeRequest:
    """A time request from a form's plain values; raises Invalid."""
    return TimeRequest(
        branch_id=number(given, "branch_id"),
        service_id=number(given, "service_id"),
        practitioner_id=number(given, "practitioner_id") or None,
        starts_at=parse_start(given.get("starts_at")),
    )
