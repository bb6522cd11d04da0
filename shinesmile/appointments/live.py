"""The live views of appointments: rows as screens show them, and what touches them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts import service as accounts
from shinesmile.appointments.availability import day_of, earliest_start
from shinesmile.appointments.lifecycle import CLAIMING
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.rows import rows_of
from shinesmile.appointments.service import visible
from shinesmile.branches.models import Branch
from shinesmile.core import clock
from shinesmile.core.errors import NotFound
from shinesmile.core.permissions import Action, hearing
from shinesmile.core.scope import Scope
from shinesmile.core.when import day_bounds, time_text
from shinesmile.realtime.views import EVERY_MINUTE, LiveView

PAGE_SIZE = 25


def _topics(scope: Scope) -> frozenset[str]:
    return frozenset(f"appointment:{topic}" for topic in hearing(scope, Action.SEE_APPOINTMENTS))


@dataclass(frozen=True)
class AppointmentTable(LiveView):
    """A page of all appointments in sight, newest first, searched and filtered."""

    scope: Scope
    search: str = ""
    status: str = ""
    branch_id: int = 0
    page: int = 0

    @property
    def topics(self) -> frozenset[str]:
        return _topics(self.scope)

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`rows`, `total` and `pages`."""
        wanted = visible(self.scope) & self._filter()
        count = select(func.count()).select_from(Appointment).where(wanted)
        total = (await session.exec(count)).one()
        newest = select(Appointment).where(wanted).order_by(col(Appointment.id).desc())
        found = await session.exec(newest.offset(self.page * PAGE_SIZE).limit(PAGE_SIZE))
        return {
            "rows": await rows_of(session, self.scope, found.all()),
            "total": total,
            "pages": max(1, -(-total // PAGE_SIZE)),
        }

    def _filter(self) -> ColumnElement[bool]:
        wanted: ColumnElement[bool] = true()
        if self.status:
            wanted = and_(wanted, col(Appointment.status) == self.status)
        if self.branch_id:
            wanted = and_(wanted, col(Appointment.branch_id) == self.branch_id)
        if self.search:
            wanted = and_(
                wanted,
                or_(
                    col(Appointment.code) == self.search.upper(),
                    col(Appointment.service_name).icontains(self.search, autoescape=True),
                    accounts.named(col(Appointment.customer_id), self.search),
                    accounts.named(col(Appointment.practitioner_id), self.search),
                ),
            )
        return wanted


@dataclass(frozen=True)
class DaySchedule(LiveView):
    """The appointments of one day at the branches in sight, in the order of the day.

    `day` counts from each branch's own today.
    """

    scope: Scope
    day: int = 0

    @property
    def topics(self) -> frozenset[str]:
        return _topics(self.scope) | {EVERY_MINUTE}

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`rows` and `day_label`."""
        within = []
        days = set()
        for branch in await session.exec(select(Branch)):
            day = clock.today(branch.timezone) + timedelta(days=self.day)
            first, last = day_bounds(day, branch.timezone)
            starts_at = col(Appointment.starts_at)
            within.append(
                and_(col(Appointment.branch_id) == branch.id, starts_at >= first, starts_at < last)
            )
            if not self.scope.branch_ids or branch.id in self.scope.branch_ids:
                days.add(day)
        query = select(Appointment).where(visible(self.scope), or_(*within))
        found = await session.exec(query.order_by(col(Appointment.starts_at)).limit(200))
        rows = await rows_of(session, self.scope, found.all())
        return {
            "rows": sorted(rows, key=lambda row: row.time),
            "day_label": " / ".join(f"{day:%A %-d %B}" for day in sorted(days)),
        }


@dataclass(frozen=True)
class OwnAppointments(LiveView):
    """A customer's own appointments: those ahead, and the newest of those gone by."""

    scope: Scope

    @property
    def topics(self) -> frozenset[str]:
        return _topics(self.scope) | {EVERY_MINUTE}

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`upcoming` and `past`."""
        ahead = and_(col(Appointment.status).in_(CLAIMING), col(Appointment.ends_at) > clock.now())
        mine = select(Appointment).where(
            visible(self.scope), Appointment.customer_id == self.scope.user_id
        )
        starts_at = col(Appointment.starts_at)
        upcoming = await session.exec(mine.where(ahead).order_by(starts_at).limit(PAGE_SIZE))
        past = await session.exec(mine.where(~ahead).order_by(starts_at.desc()).limit(PAGE_SIZE))
        return {
            "upcoming": await rows_of(session, self.scope, upcoming.all()),
            "past": await rows_of(session, self.scope, past.all()),
        }


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A start that can be booked: the moment (ISO 8601, UTC) and how the branch's clock says it."""

    start: str
    label: str
    state: str = "free"


@dataclass(frozen=True)
class FreeTimes(LiveView):
    """The free times of a day for a service, with one practitioner (0 means any)."""

    branch_id: int
    service_id: int
    practitioner_id: int
    day: date
    is_customer: bool

    @property
    def topics(self) -> frozenset[str]:
        return frozenset({f"slots:public.branch.{self.branch_id}", EVERY_MINUTE})

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`slots`."""
        try:
            day = await day_of(session, self.branch_id, self.service_id, self.day)
        except NotFound:
            return {"slots": []}
        free = day.free(self.practitioner_id or None, earliest_start(self.is_customer))
        zone = day.branch.timezone
        return {"slots": [FreeTime(each.isoformat(), time_text(each, zone)) for each in free]}
