"""An appointment as a table shows it, and what its viewer may do with it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts import service as accounts
from shinesmile.appointments.lifecycle import OPEN, RESTORABLE, TRANSITIONS, Status
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.service import may
from shinesmile.appointments.slots import OVERBOOKED_LANE
from shinesmile.branches.models import Branch
from shinesmile.core import clock
from shinesmile.core.permissions import Action
from shinesmile.core.scope import Role, Scope
from shinesmile.core.when import day_text, time_text, wall_clock


@dataclass(frozen=True, slots=True)
class Step:
    """A button of a row: the verb, its words, and whether it asks for a reason."""

    verb: str
    label: str
    asks_reason: bool


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """One appointment as a table shows it, in the branch's own time."""

    id: int
    code: str
    version: int
    status: str
    service: str
    customer: str
    phone: str
    practitioner: str
    branch: str
    day: str
    time: str
    zone: str
    price: str
    note: str
    reason: str
    steps: list[Step] = field(default_factory=list)
    deletable: bool = False
    movable: bool = False
    restorable: bool = False
    is_late: bool = False
    is_overbooked: bool = False


def _steps(scope: Scope, appointment: Appointment) -> list[Step]:
    now = clock.now()
    today = clock.today(appointment.timezone)
    is_today = wall_clock(appointment.starts_at, appointment.timezone).date() == today
    is_customer = scope.role is Role.CUSTOMER
    if is_customer and appointment.starts_at <= now:
        return []
    return [
        Step(each.verb, each.label, each.needs_reason)
        for each in TRANSITIONS
        if appointment.status in each.sources
        and each.target is not Status.ENTERED_IN_ERROR
        and (is_today or not each.on_the_day)
        and (appointment.starts_at <= now or not each.after_start)
        and may(scope, each.action, appointment)
    ]


async def rows_of(
    session: AsyncSession, scope: Scope, appointments: Sequence[Appointment]
) -> list[AppointmentRow]:
    """The rows of these appointments, with two more queries for all the names in them."""
    people = {each.customer_id for each in appointments}
    people |= {each.practitioner_id for each in appointments}
    names = await accounts.contacts(session, people)
    branches: Mapping[int, str] = dict(
        (await session.exec(select(Branch.id, Branch.name))).all()  # type: ignore[arg-type]
    )
    return [_row(scope, each, names, branches) for each in appointments]


def _is_overdue(appointment: Appointment) -> bool:
    """Whether somebody should have come by now (DOMAIN.md §1: 15 minutes' grace)."""
    grace = clock.now() - timedelta(minutes=15)
    return appointment.status in OPEN and appointment.starts_at < grace


def _row(
    scope: Scope,
    appointment: Appointment,
    people: Mapping[int, tuple[str, str]],
    branches: Mapping[int, str],
) -> AppointmentRow:
    name, phone = people[appointment.customer_id]
    return AppointmentRow(
        id=appointment.id or 0,
        code=appointment.code,
        version=appointment.version,
        status=appointment.status.value,
        service=appointment.service_name,
        customer=name,
        phone=phone,
        practitioner=people[appointment.practitioner_id][0],
        branch=branches[appointment.branch_id],
        day=day_text(appointment.starts_at, appointment.timezone),
        time=time_text(appointment.starts_at, appointment.timezone),
        zone=appointment.timezone,
        price=f"{appointment.price_cents / 100:,.2f}",
        note=appointment.note,
        reason=appointment.reason,
        steps=_steps(scope, appointment),
        deletable=may(scope, Action.DELETE, appointment),
        movable=may(scope, Action.BOOK, appointment)
        and appointment.status in OPEN
        and appointment.starts_at > clock.now(),
        restorable=may(scope, Action.BOOK, appointment)
        and scope.role is not Role.CUSTOMER
        and appointment.status in RESTORABLE,
        is_late=appointment.is_late or _is_overdue(appointment),
        is_overbooked=appointment.lane >= OVERBOOKED_LANE,
    )
