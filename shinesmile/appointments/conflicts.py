"""What somebody hears who was not quick enough: the nearest times that are still free."""

from datetime import datetime

from shinesmile.appointments.availability import Plan, earliest_start
from shinesmile.appointments.requests import TimeRequest, plan_of
from shinesmile.appointments.slots import nearest
from shinesmile.core import database
from shinesmile.core.errors import Conflict
from shinesmile.core.scope import Scope
from shinesmile.core.when import time_text

# How often a rival may be quicker before the time counts as taken.
ATTEMPTS = 5


def taken(plan: Plan, request: TimeRequest) -> Conflict:
    """The refusal of a time that is gone, with up to three others of that day."""
    free = plan.day.free(request.practitioner_id, earliest_start(plan.rule, is_customer=True))
    alternatives = [each.isoformat() for each in nearest(request.starts_at, free)]
    zone = plan.branch.timezone
    named = ", ".join(time_text(datetime.fromisoformat(each), zone) for each in alternatives)
    hint = f"Nearest free: {named}." if named else "Nothing else is free that day."
    return Conflict(f"This time was just taken. {hint}", alternatives)


async def taken_after_all(scope: Scope, request: TimeRequest) -> Conflict:
    """The same after the last attempt, from what is free now."""
    async with database.reading() as session:
        return taken(await plan_of(session, scope, request), request)
