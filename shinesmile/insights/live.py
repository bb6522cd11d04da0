"""The clinic's numbers of today, live."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.appointments.lifecycle import Status
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.service import visible
from shinesmile.branches.models import Branch
from shinesmile.core import clock
from shinesmile.core.permissions import Action, hearing
from shinesmile.core.scope import Scope
from shinesmile.core.when import day_bounds
from shinesmile.realtime import presence
from shinesmile.realtime.views import EVERY_MINUTE, LiveView


@dataclass(frozen=True)
class Numbers(LiveView):
    """How today stands at the branches in sight; each branch's own calendar day counts."""

    scope: Scope

    @property
    def topics(self) -> frozenset[str]:
        heard = hearing(self.scope, Action.SEE_NUMBERS)
        touched = {f"appointment:{topic}" for topic in heard}
        return frozenset(touched | {presence.TOPIC, EVERY_MINUTE})

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`today`, `pending`, `completed`, `cancelled`, `no_shows`, `revenue` and `online`."""
        branches = (await session.exec(select(Branch))).all()
        is_today = or_(false(), *(_today_at(branch) for branch in branches))
        rows = await session.exec(
            select(
                Appointment.status,
                func.count(),
                func.sum(Appointment.price_cents),
            )
            .where(visible(self.scope), is_today)
            .group_by(col(Appointment.status))
        )
        count: dict[str, int] = {}
        revenue = 0
        for status, number, cents in rows:
            count[status] = number
            revenue += cents if status is Status.COMPLETED else 0
        waiting = select(func.count()).where(
            visible(self.scope), col(Appointment.status) == Status.REQUESTED
        )
        return {
            "today": sum(count.values()),
            "pending": (await session.exec(waiting)).one(),
            "completed": count.get(Status.COMPLETED, 0),
            "cancelled": count.get(Status.CANCELLED, 0),
            "no_shows": count.get(Status.NO_SHOW, 0),
            "revenue": f"{revenue / 100:,.2f}",
            "online": len(await presence.online()),
        }


def _today_at(branch: Branch) -> ColumnElement[bool]:
    first, last = day_bounds(clock.today(branch.timezone), branch.timezone)
    starts_at = col(Appointment.starts_at)
    at_branch = col(Appointment.branch_id) == branch.id
    return and_(at_branch, starts_at >= first, starts_at < last)
