"""The appointments of one day."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, false, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.appointments.live.topics import appointment_topics
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.rows import rows_of
from shinesmile.appointments.service import visible
from shinesmile.branches.models import Branch
from shinesmile.core import clock
from shinesmile.core.scope import Scope
from shinesmile.core.when import day_bounds
from shinesmile.realtime.views import EVERY_MINUTE, LiveView


@dataclass(frozen=True)
class DaySchedule(LiveView):
    """The appointments of one day at the branches in sight, in the order of the day.

    `day` counts from each branch's own today.
    """

    scope: Scope
    day: int = 0

    @property
    def topics(self) -> frozenset[str]:
        return appointment_topics(self.scope) | {EVERY_MINUTE}

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
        query = select(Appointment).where(visible(self.scope), or_(false(), *within))
        found = await session.exec(query.order_by(col(Appointment.starts_at)).limit(200))
        rows = await rows_of(session, self.scope, found.all())
        return {
            "rows": sorted(rows, key=lambda row: row.time),
            "day_label": " / ".join(f"{day:%A %-d %B}" for day in sorted(days)),
        }
