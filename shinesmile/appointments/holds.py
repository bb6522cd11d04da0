"""Holds: a chosen time is its chooser's alone for five minutes (DOMAIN.md §3)."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.appointments import offers
from shinesmile.appointments.claims import claim, release
from shinesmile.appointments.conflicts import ATTEMPTS, taken, taken_after_all
from shinesmile.appointments.models import Hold
from shinesmile.appointments.requests import TimeRequest, plan_of
from shinesmile.core import clock, database
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import Conflict, Forbidden, NotFound
from shinesmile.core.permissions import Action, allows, require
from shinesmile.core.scope import Scope
from shinesmile.realtime.log import record

_log = logging.getLogger(__name__)

HOLD_FOR = timedelta(minutes=5)
MOST_RENEWALS = 1
MOST_HOLDS = 2
SWEEP_EVERY_SECONDS = 1.0


async def hold(scope: Scope, request: TimeRequest, *, instead_of: int | None = None) -> Hold:
    """Keep a free time for five minutes, giving back the one held before.

    Raises Conflict with the nearest free times when somebody was quicker, and when two times
    are held already.
    """
    require(scope, Action.BOOK)
    for _ in range(ATTEMPTS):
        try:
            return await _hold_once(scope, request, instead_of)
        except IntegrityError:
            continue
    raise await taken_after_all(scope, request)


async def _hold_once(scope: Scope, request: TimeRequest, instead_of: int | None) -> Hold:
    async with database.unit_of_work() as work:
        if instead_of is not None and (before := await _own(work, scope, instead_of)):
            await give_back(work, before, "hold.released")
        if await _count(work, scope) >= MOST_HOLDS:
            raise Conflict(f"You are holding {MOST_HOLDS} times already. Book or release one.")
        plan = await plan_of(work, scope, request)
        place = plan.day.pick(request.starts_at, request.practitioner_id)
        if place is None:
            raise taken(plan, request)
        if not allows(
            scope,
            Action.BOOK,
            owner_id=scope.user_id,
            assignee_ids=(place.practitioner_id,),
            branch_id=request.branch_id,
        ):
            raise Forbidden("You may only hold times for your own patients or branch.")
        made = Hold(
            holder_id=scope.user_id,
            branch_id=request.branch_id,
            service_id=request.service_id,
            practitioner_id=place.practitioner_id,
            room_id=place.room_id,
            lane=place.lane,
            starts_at=request.starts_at,
            expires_at=clock.now() + HOLD_FOR,
        )
        work.add(made)
        await work.flush()
        await claim(work, made, place, made.starts_at, plan.rule)
        _tell(work, made, "hold.created")
        return made


async def renew(scope: Scope, hold_id: int) -> datetime:
    """Keep a held time for five more minutes, once; answers until when."""
    async with database.unit_of_work() as work:
        held = await _own(work, scope, hold_id)
        if held is None:
            raise NotFound("This time is not held for you any more.")
        if held.renewals >= MOST_RENEWALS:
            raise Conflict("A time can be kept longer only once. Please book it now.")
        held.renewals += 1
        held.expires_at = clock.now() + HOLD_FOR
        work.add(held)
        _tell(work, held, "hold.renewed")
        return held.expires_at


async def let_go(scope: Scope, hold_id: int) -> None:
    """Give a held time back."""
    async with database.unit_of_work() as work:
        if held := await _own(work, scope, hold_id):
            await give_back(work, held, "hold.released")


async def let_everything_go(user_id: int) -> None:
    """Give back every time that a person who has left was choosing; offers stay theirs."""
    async with database.unit_of_work() as work:
        mine = select(Hold).where(Hold.holder_id == user_id, col(Hold.entry_id).is_(None))
        for held in (await work.exec(mine.with_for_update())).all():
            await give_back(work, held, "hold.released")


async def living(session: AsyncSession, user_id: int) -> Sequence[Hold]:
    """The times that are held for a person, offers included, the newest first."""
    query = select(Hold).where(Hold.holder_id == user_id, col(Hold.expires_at) > clock.now())
    return (await session.exec(query.order_by(col(Hold.id).desc()))).all()


async def give_back(work: UnitOfWork, held: Hold, happened: str) -> None:
    """End a hold in this unit of work; what it kept is offered to whoever waits for it."""
    await release(work, held)
    await work.delete(held)
    await work.flush()
    _tell(work, held, happened)
    await offers.passed(work, held)


async def sweep() -> None:
    """End holds as they expire, until cancelled."""
    while True:
        try:
            await sweep_once()
        except Exception:
            _log.exception("Expired holds could not be swept; trying again.")
        await asyncio.sleep(SWEEP_EVERY_SECONDS)


async def sweep_once() -> None:
    """End the holds that have expired."""
    expired = select(Hold).where(col(Hold.expires_at) <= clock.now())
    async with database.reading() as session:
        if (await session.exec(expired.limit(1))).first() is None:
            return
    async with database.unit_of_work() as work:
        for held in (await work.exec(expired.with_for_update(skip_locked=True))).all():
            await give_back(work, held, "hold.expired")


async def _own(work: UnitOfWork, scope: Scope, hold_id: int) -> Hold | None:
    query = select(Hold).where(Hold.id == hold_id, Hold.holder_id == scope.user_id)
    return (await work.exec(query.with_for_update())).first()


async def _count(work: UnitOfWork, scope: Scope) -> int:
    query = select(func.count()).where(
        Hold.holder_id == scope.user_id,
        col(Hold.entry_id).is_(None),
        col(Hold.expires_at) > clock.now(),
    )
    return (await work.exec(query)).one()


def _tell(work: UnitOfWork, held: Hold, happened: str) -> None:
    record(work, happened, ("hold", held.id or 0), [f"user.{held.holder_id}"])
