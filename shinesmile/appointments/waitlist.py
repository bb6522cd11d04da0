"""The waitlist: asking for a time that is taken now."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.appointments.availability import plan_for
from shinesmile.appointments.holds import give_back
from shinesmile.appointments.lifecycle import Waiting
from shinesmile.appointments.models import Hold, WaitlistEntry
from shinesmile.appointments.offers import tell
from shinesmile.appointments.requests import number
from shinesmile.core import clock, database
from shinesmile.core.errors import Conflict, Invalid, NotFound
from shinesmile.core.permissions import Action, allows, require
from shinesmile.core.scope import Scope

MOST_ENTRIES = 3


async def join(scope: Scope, given: Mapping[str, object]) -> int:
    """Wait for a service at a branch between two days; answers the entry's id.

    Takes branch_id, service_id, practitioner_id (0 means any), first_day and last_day.
    """
    require(scope, Action.BOOK)
    first, last = _day(given, "first_day"), _day(given, "last_day")
    if last < first:
        raise Invalid.field("last_day", "The last day lies before the first.")
    branch_id, service_id = number(given, "branch_id"), number(given, "service_id")
    practitioner_id = number(given, "practitioner_id")
    if not allows(
        scope,
        Action.BOOK,
        owner_id=scope.user_id,
        assignee_ids=(practitioner_id,),
        branch_id=branch_id,
    ):
        raise NotFound
    async with database.unit_of_work() as work:
        plan = await plan_for(work, branch_id, service_id, first)
        if last < clock.today(plan.branch.timezone):
            raise Invalid.field("last_day", "This day is in the past.")
        waiting = await mine(work, scope.user_id)
        if len(waiting) >= MOST_ENTRIES:
            raise Conflict(f"You are on the waitlist {MOST_ENTRIES} times already.")
        entry = WaitlistEntry(
            customer_id=scope.user_id,
            branch_id=branch_id,
            service_id=service_id,
            practitioner_id=practitioner_id or None,
            first_day=first,
            last_day=last,
            status=Waiting.WAITING,
            ranked_at=clock.now(),
            created_at=clock.now(),
        )
        work.add(entry)
        await work.flush()
        tell(work, entry, "waitlist.joined")
        return entry.id or 0


async def leave(scope: Scope, entry_id: int) -> None:
    """Stop waiting; a time that was on offer goes to the next."""
    async with database.unit_of_work() as work:
        entry = await work.get(WaitlistEntry, entry_id, with_for_update=True)
        if entry is None or entry.customer_id != scope.user_id:
            raise NotFound
        entry.status = Waiting.LEFT
        work.add(entry)
        tell(work, entry, "waitlist.left")
        offers = select(Hold).where(Hold.entry_id == entry_id).with_for_update()
        for held in (await work.exec(offers)).all():
            await give_back(work, held, "hold.released")


async def mine(session: AsyncSession, user_id: int) -> Sequence[WaitlistEntry]:
    """A person's entries that still wait or have an offer, in the order of asking."""
    query = select(WaitlistEntry).where(
        WaitlistEntry.customer_id == user_id,
        col(WaitlistEntry.status).in_([Waiting.WAITING, Waiting.OFFERED]),
    )
    return (await session.exec(query.order_by(col(WaitlistEntry.id)))).all()


def _day(given: Mapping[str, object], name: str) -> date:
    try:
        return date.fromisoformat(str(given.get(name) or ""))
    except ValueError:
        raise Invalid.field(name, "Choose a day.") from None
