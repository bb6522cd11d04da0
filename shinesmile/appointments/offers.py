"""Offers: a time that comes free is held for the best-ranked waiter, then for the next.

An offer is a hold with the entry's number on it, so it claims the time like any other, survives
restarts, and ends by the same clock. No time is offered twice to one entry, so a cascade ends.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from shinesmile.appointments.availability import Plan, earliest_start, plan_for
from shinesmile.appointments.claims import claim
from shinesmile.appointments.lifecycle import Waiting
from shinesmile.appointments.models import Appointment, Hold, WaitlistEntry, WaitlistOffer
from shinesmile.appointments.slots import Place
from shinesmile.core import clock
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import Refusal
from shinesmile.core.when import moment_text, wall_clock
from shinesmile.notifications.service import Message, notify
from shinesmile.realtime.log import record

OFFER_FOR = timedelta(minutes=15)
LOOKED_AT = 50


async def passed(work: UnitOfWork, held: Hold) -> None:
    """An offer has gone unanswered: its entry waits again, and the time goes to the next."""
    if held.entry_id is not None:
        entry = await work.get(WaitlistEntry, held.entry_id, with_for_update=True)
        if entry is not None and entry.status is Waiting.OFFERED:
            entry.status, entry.ranked_at = Waiting.WAITING, clock.now()
            work.add(entry)
            tell(work, entry, "waitlist.passed")
    await offer(work, held.branch_id, held.starts_at, held.practitioner_id)


async def offer(
    work: UnitOfWork, branch_id: int, starts_at: datetime, practitioner_id: int | None
) -> None:
    """Hold a time that came free for the best-ranked waiter whom it suits, if there is one."""
    if starts_at <= clock.now():
        return
    for entry in await _candidates(work, branch_id, starts_at, practitioner_id):
        plan = await _plan(work, entry, starts_at)
        if plan is None or starts_at < earliest_start(plan.rule, is_customer=True):
            continue
        place = plan.day.pick(starts_at, entry.practitioner_id or practitioner_id)
        if place is not None:
            await _hold_for(work, entry, place, plan, starts_at)
            return


async def _candidates(
    work: UnitOfWork, branch_id: int, starts_at: datetime, practitioner_id: int | None
) -> Sequence[WaitlistEntry]:
    offered = exists().where(
        col(WaitlistOffer.entry_id) == WaitlistEntry.id,
        col(WaitlistOffer.starts_at) == starts_at,
    )
    query = select(WaitlistEntry).where(
        WaitlistEntry.branch_id == branch_id,
        WaitlistEntry.status == Waiting.WAITING,
        ~offered,
    )
    if practitioner_id is not None:
        anybody = col(WaitlistEntry.practitioner_id).is_(None)
        query = query.where(anybody | (WaitlistEntry.practitioner_id == practitioner_id))
    ranked = query.order_by(col(WaitlistEntry.ranked_at), col(WaitlistEntry.id)).limit(LOOKED_AT)
    return (await work.exec(ranked.with_for_update())).all()


async def _plan(work: UnitOfWork, entry: WaitlistEntry, starts_at: datetime) -> Plan | None:
    try:
        plan = await plan_for(work, entry.branch_id, entry.service_id, starts_at.date())
        day = wall_clock(starts_at, plan.branch.timezone).date()
        if day != plan.day.day:
            plan = await plan_for(work, entry.branch_id, entry.service_id, day)
    except Refusal:
        # The branch no longer offers what this entry waits for.
        return None
    return plan if entry.first_day <= day <= entry.last_day else None


async def _hold_for(
    work: UnitOfWork, entry: WaitlistEntry, place: Place, plan: Plan, starts_at: datetime
) -> None:
    held = Hold(
        holder_id=entry.customer_id,
        branch_id=entry.branch_id,
        service_id=entry.service_id,
        practitioner_id=place.practitioner_id,
        room_id=place.room_id,
        lane=place.lane,
        starts_at=starts_at,
        expires_at=clock.now() + OFFER_FOR,
        entry_id=entry.id,
    )
    try:
        async with work.begin_nested():
            work.add(held)
            await work.flush()
            await claim(work, held, place, starts_at, plan.rule)
    except IntegrityError:
        # A rival took the room meanwhile; the time stays free for everybody.
        return
    entry.status = Waiting.OFFERED
    work.add_all([entry, WaitlistOffer(entry_id=entry.id or 0, starts_at=starts_at)])
    tell(work, entry, "waitlist.offered")
    minutes = OFFER_FOR.seconds // 60
    message = Message(
        type="waitlist.offered",
        severity="success",
        title=f"A time came free: {plan.service.name}",
        body=f"{moment_text(starts_at, plan.branch.timezone)}. Yours for {minutes} minutes.",
        link="/dashboard",
    )
    await notify(work, [f"user.{entry.customer_id}"], message)


async def accepted(work: UnitOfWork, held: Hold) -> None:
    """The time on offer was booked: its entry waits no more."""
    if held.entry_id is None:
        return
    entry = await work.get_one(WaitlistEntry, held.entry_id, with_for_update=True)
    entry.status = Waiting.BOOKED
    work.add(entry)
    tell(work, entry, "waitlist.booked")


async def freed(work: UnitOfWork, appointment: Appointment) -> None:
    """An appointment has given its time back."""
    await offer(work, appointment.branch_id, appointment.starts_at, appointment.practitioner_id)


def tell(work: UnitOfWork, entry: WaitlistEntry, happened: str) -> None:
    """Record what happened to an entry, for the person who waits."""
    record(work, happened, ("waitlist", entry.id or 0), [f"user.{entry.customer_id}"])
