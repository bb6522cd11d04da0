"""The times of a day that can be booked, and who is about to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.appointments.availability import earliest_start, plan_for
from shinesmile.core.errors import NotFound
from shinesmile.core.when import slot_text
from shinesmile.realtime.views import EVERY_MINUTE, LiveView


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A start that can be booked: the moment (ISO 8601, UTC), how the branch's clock says it,
    and whether it is free or held by somebody."""

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
            plan = await plan_for(session, self.branch_id, self.service_id, self.day)
        except NotFound:
            return {"slots": []}
        whom = self.practitioner_id or None
        earliest = earliest_start(plan.rule, self.is_customer)
        slots = [
            FreeTime(
                each.isoformat(),
                slot_text(each, plan.branch.timezone),
                "free" if plan.day.pick(each, whom) else "held",
            )
            for each in plan.day.starts(whom)
            if each >= earliest and plan.day.pick(each, whom, ignore_holds=True)
        ]
        return {"slots": slots}
