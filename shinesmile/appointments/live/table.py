"""The table of all appointments in sight."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts import service as accounts
from shinesmile.appointments.live.topics import appointment_topics
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.rows import rows_of
from shinesmile.appointments.service import visible
from shinesmile.core.scope import Scope
from shinesmile.realtime.views import LiveView

PAGE_SIZE = 25


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
        return appointment_topics(self.scope)

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
