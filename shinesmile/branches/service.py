"""Branches and what they offer: public to read, managed by those who may."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar
from zoneinfo import available_timezones

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.branches.models import Branch, Offer, OpeningHours, Room, Service, ServiceKind
from shinesmile.core import database, text
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import Conflict, Invalid, NotFound
from shinesmile.core.permissions import Action, require, require_branch
from shinesmile.core.scope import Scope
from shinesmile.realtime.log import record

EVERYBODY = "public"
CHANGED = "Somebody else changed this a moment ago. Look again, then decide."

Row = TypeVar("Row", Branch, Service)


async def open_branches(session: AsyncSession) -> Sequence[Branch]:
    """The branches that take bookings, by name."""
    query = select(Branch).where(col(Branch.is_active)).order_by(col(Branch.name))
    return (await session.exec(query)).all()


async def all_branches(session: AsyncSession, scope: Scope) -> Sequence[Branch]:
    """The branches that this account may manage, by name."""
    query = select(Branch).order_by(col(Branch.name))
    if require(scope, Action.MANAGE_BRANCHES).name == "BRANCH":
        query = query.where(col(Branch.id).in_(scope.branch_ids))
    return (await session.exec(query)).all()


async def bookable_services(
    session: AsyncSession, branch_id: int | None = None
) -> Sequence[Service]:
    """The services that can be booked, of one branch or anywhere, by kind and name."""
    offered = select(Offer.service_id)
    if branch_id is not None:
        offered = offered.where(Offer.branch_id == branch_id)
    query = select(Service).where(col(Service.is_active), col(Service.id).in_(offered))
    return (await session.exec(query.order_by(col(Service.kind), col(Service.name)))).all()


async def all_services(session: AsyncSession, scope: Scope) -> Sequence[Service]:
    """Every service, for those who manage them."""
    require(scope, Action.MANAGE_SERVICES)
    return (await session.exec(select(Service).order_by(col(Service.name)))).all()


async def offers(session: AsyncSession) -> list[tuple[int, int]]:
    """Which branch offers which service, as (branch id, service id)."""
    return [(each.branch_id, each.service_id) for each in await session.exec(select(Offer))]


async def hours_of(session: AsyncSession, branch_id: int) -> Sequence[OpeningHours]:
    """A branch's weekly opening hours."""
    query = select(OpeningHours).where(OpeningHours.branch_id == branch_id)
    return (await session.exec(query)).all()


async def hours_by_branch(session: AsyncSession) -> Mapping[int, Sequence[OpeningHours]]:
    """Every branch's weekly opening hours, by the branch's id."""
    hours: defaultdict[int, list[OpeningHours]] = defaultdict(list)
    for each in await session.exec(select(OpeningHours)):
        hours[each.branch_id].append(each)
    return hours


async def rooms_of(session: AsyncSession, branch_id: int, kind: ServiceKind) -> Sequence[Room]:
    """The rooms of a branch in which services of a kind are performed."""
    query = select(Room).where(Room.branch_id == branch_id, Room.kind == kind, col(Room.is_active))
    return (await session.exec(query.order_by(col(Room.id)))).all()


async def save_branch(
    scope: Scope, branch_id: int | None, given: Mapping[str, object], version: int | None = None
) -> int:
    """Create a branch, or change one; answers its id.

    Takes name, address, phone, timezone and is_active. Raises Invalid with a sentence for
    each field, Conflict when the name is taken.
    """
    if branch_id is None:
        require_branch(scope, Action.MANAGE_BRANCHES, None)
    else:
        require_branch(scope, Action.MANAGE_BRANCHES, branch_id)
    problems: dict[str, str] = {}
    name = text.required(problems, "name", given.get("name"), "The name", 120)
    address = text.optional(problems, "address", given.get("address"), "The address", 300)
    phone = text.optional(problems, "phone", given.get("phone"), "The phone number", 40)
    timezone = text.clean(given.get("timezone"))
    if timezone not in available_timezones():
        problems["timezone"] = "Choose a time zone from the list, such as Europe/London."
    text.refuse_if_any(problems)
    try:
        async with database.unit_of_work() as work:
            fresh = Branch(slug=_slug(name), name=name, timezone=timezone)
            branch = await _existing(work, Branch, branch_id, version) or fresh
            branch.name, branch.address, branch.phone = name, address, phone
            branch.timezone, branch.is_active = timezone, bool(given.get("is_active", True))
            await _store(work, scope, "branch", branch, is_new=branch_id is None)
            return branch.id or 0
    except IntegrityError:
        raise Conflict(f"There is already a branch called {name}.") from None


async def save_service(
    scope: Scope, service_id: int | None, given: Mapping[str, object], version: int | None = None
) -> int:
    """Create a service, or change one; answers its id.

    Takes name, kind, description, duration_minutes, price (in whole units, such as 49.50),
    needs_approval, is_active and branch_ids. Raises Invalid or Conflict.
    """
    require(scope, Action.MANAGE_SERVICES)
    problems: dict[str, str] = {}
    name = text.required(problems, "name", given.get("name"), "The name", 120)
    about = text.optional(problems, "description", given.get("description"), "The text", 500)
    minutes = _minutes(problems, given.get("duration_minutes"))
    cents = _cents(problems, given.get("price"))
    if given.get("kind") not in list(ServiceKind):
        problems["kind"] = "Choose dental or optical."
    text.refuse_if_any(problems)
    try:
        async with database.unit_of_work() as work:
            kind = ServiceKind(str(given["kind"]))
            fresh = Service(name=name, kind=kind, duration_minutes=minutes, price_cents=cents)
            service = await _existing(work, Service, service_id, version) or fresh
            service.name, service.description, service.kind = name, about, kind
            service.duration_minutes, service.price_cents = minutes, cents
            service.needs_approval = bool(given.get("needs_approval"))
            service.is_active = bool(given.get("is_active", True))
            await _store(work, scope, "service", service, is_new=service_id is None)
            await _offer_at(work, service.id or 0, given.get("branch_ids"))
            return service.id or 0
    except IntegrityError:
        raise Conflict(f"There is already a service called {name}.") from None


async def set_hours(scope: Scope, branch_id: int, hours: Sequence[OpeningHours]) -> None:
    """Replace a branch's weekly opening hours."""
    require_branch(scope, Action.MANAGE_BRANCHES, branch_id)
    if any(each.opens >= each.closes for each in hours):
        raise Invalid("A branch must open before it closes.")
    if any(each.branch_id != branch_id for each in hours):
        raise NotFound
    async with database.unit_of_work() as work:
        await work.exec(delete(OpeningHours).where(col(OpeningHours.branch_id) == branch_id))
        work.add_all(hours)
        record(work, "branch.updated", ("branch", branch_id), [EVERYBODY], actor=scope)


async def add_room(scope: Scope, branch_id: int, name: str, kind: ServiceKind) -> int:
    """Add a room to a branch; answers its id."""
    require_branch(scope, Action.MANAGE_BRANCHES, branch_id)
    async with database.unit_of_work() as work:
        room = Room(branch_id=branch_id, name=text.clean(name), kind=kind)
        work.add(room)
        record(work, "branch.updated", ("branch", branch_id), [EVERYBODY], actor=scope)
        await work.flush()
        return room.id or 0


async def _existing(
    work: UnitOfWork, kind: type[Row], row_id: int | None, version: int | None
) -> Row | None:
    if row_id is None:
        return None
    row = await work.get(kind, row_id, with_for_update=True)
    if row is None:
        raise NotFound
    if version is not None and version != row.version:
        raise Conflict(CHANGED)
    row.version += 1
    return row


async def _store(
    work: UnitOfWork, scope: Scope, kind: str, row: Branch | Service, is_new: bool
) -> None:
    work.add(row)
    await work.flush()
    happened = f"{kind}.created" if is_new else f"{kind}.updated"
    record(work, happened, (kind, row.id or 0), [EVERYBODY], actor=scope, version=row.version or 1)


async def _offer_at(work: UnitOfWork, service_id: int, branch_ids: object) -> None:
    if not isinstance(branch_ids, list | tuple | set | frozenset):
        return
    await work.exec(delete(Offer).where(col(Offer.service_id) == service_id))
    known = set(await work.exec(select(Branch.id)))
    work.add_all(
        Offer(branch_id=int(each), service_id=service_id) for each in branch_ids if each in known
    )


def _minutes(problems: dict[str, str], value: object) -> int:
    try:
        minutes = int(str(value))
    except ValueError:
        minutes = 0
    if not 5 <= minutes <= 480 or minutes % 5:
        problems["duration_minutes"] = "Give a length of 5 to 480 minutes, in steps of 5."
    return minutes


def _cents(problems: dict[str, str], value: object) -> int:
    if not re.fullmatch(r"\d{1,6}([.,]\d{1,2})?", given := str(value).strip()):
        problems["price"] = "Give a price such as 49.50."
        return 0
    return round(float(given.replace(",", ".")) * 100)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "branch"
