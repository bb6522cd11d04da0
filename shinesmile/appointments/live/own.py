"""A customer's own appointments."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.appointments.lifecycle import CLAIMING
from shinesmile.appointments.live.topics import appointment_topics
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.rows import rows_of
from shinesmile.appointments.service import visible
from shinesmile.core import clock
from shinesmile.core.scope import Scope
from shinesmile.realtime.views import EVERY_MINUTE, LiveView

PAGE_SIZE = 25


@dataclass(frozen=True)
class OwnAppointments(LiveView):
    """A customer's own appointments: those ahead, and the newest of those gone by."""

    scope: Scope

    @property
    def topics(self) -> frozenset[str]:
        return appointment_topics(self.scope) | {EVERY_MINUTE}

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
