"""The office behind the pages: prepares and looks up records through the services only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count
from uuid import uuid4

from sqlmodel import col, select

from shinesmile.accounts import administration, sessions
from shinesmile.accounts.models import Membership, User
from shinesmile.accounts.sessions import Origin
from shinesmile.appointments import booking, service
from shinesmile.appointments.availability import earliest_start, plan_for
from shinesmile.appointments.booking import BookingRequest
from shinesmile.appointments.lifecycle import OPEN
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.requests import TimeRequest
from shinesmile.branches import service as branches
from shinesmile.branches.models import Branch, Offer, OpeningHours, Service, ServiceKind
from shinesmile.core import clock, database
from shinesmile.core.scope import Role, Scope
from shinesmile.notifications import service as notifications
from tests.clinic import FOUNDER, PASSWORD

_numbers = count(1)


@dataclass(frozen=True)
class Morning:
    """A branch where it is early in the morning, whatever the time is here."""

    name: str
    receptionist: str
    zone: str

    @property
    def today(self) -> str:
        """The day it is there, as forms write it."""
        return clock.today(self.zone).isoformat()


async def person(who: str) -> User:
    """The account whose address begins with this name."""
    async with database.reading() as session:
        query = select(User).where(User.email == f"{who}@example.com")
        return (await session.exec(query)).one()


async def scope_of(who: str) -> Scope:
    """The Scope of that account."""
    user = await person(who)
    async with database.reading() as session:
        query = select(Membership.branch_id).where(Membership.user_id == user.id)
        return Scope(user.id or 0, user.role, frozenset(await session.exec(query)))


async def session_token(user: User) -> str:
    """A fresh session of an account, as its cookie holds it."""
    return (await sessions.start(user, False, Origin("127.0.0.1", "Chrome/ Linux"))).token


async def open_account(role: Role = Role.CUSTOMER, *branch_names: str, name: str = "") -> str:
    """An account of its own; answers the name before the @."""
    who = f"{role.value.replace('_', '.')}.{uuid4().hex[:6]}"
    at = {(await branch(each)).id or 0 for each in branch_names}
    given = {
        "name": name or f"Nadia {who[-6:].title()}",
        "email": f"{who}@example.com",
        "role": role,
        "branch_ids": at,
        "password": PASSWORD,
    }
    await administration.create_user(FOUNDER, given)
    return who


async def branch(name: str) -> Branch:
    """The branch of this name."""
    async with database.reading() as session:
        return (await session.exec(select(Branch).where(Branch.name == name))).one()


async def branches_with(service_name: str) -> list[str]:
    """The names of the branches that offer a service."""
    async with database.reading() as session:
        query = (
            select(Branch.name)
            .join(Offer, col(Offer.branch_id) == Branch.id)
            .join(Service, col(Service.id) == Offer.service_id)
            .where(Service.name == service_name)
        )
        return sorted(await session.exec(query))


async def open_branch() -> Morning:
    """A branch of its own, with a dentist, a receptionist and a free day before it."""
    ahead = 8 - datetime.now(UTC).hour
    ahead = ahead if ahead >= -12 else ahead + 24
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
    name = f"Seaside {next(_numbers)}"
    branch_id = await branches.save_branch(FOUNDER, None, {"name": name, "timezone": zone})
    week = [
        OpeningHours(branch_id=branch_id, weekday=weekday, opens=time(9), closes=time(19))
        for weekday in range(7)
    ]
    await branches.set_hours(FOUNDER, branch_id, week)
    await branches.add_room(FOUNDER, branch_id, "Surgery", ServiceKind.DENTAL)
    async with database.reading() as session:
        offers = await branches.offers(session)
        offered = await branches.all_services(session, FOUNDER)
    for each in offered:
        at = {branch for branch, service_id in offers if service_id == each.id}
        await branches.save_service(
            FOUNDER, each.id, service_form(each) | {"branch_ids": at | {branch_id}}
        )
    await open_account(Role.DENTIST, name, name="Dr Sofia Marino")
    return Morning(name, await open_account(Role.RECEPTIONIST, name, name="Sean Reilly"), zone)


async def open_service(name: str) -> str:
    """A dental service of its own, offered Downtown and at Lakeside; answers its name."""
    given = {"name": name, "kind": "dental", "duration_minutes": "30", "price": "20.00"}
    at = {(await branch(each)).id for each in ("Downtown", "Lakeside")}
    await branches.save_service(FOUNDER, None, given | {"branch_ids": at})
    return name


def service_form(row: Service) -> dict[str, object]:
    """What the form of services would send for this row, unchanged."""
    kept = row.model_dump(include={"name", "description", "duration_minutes", "needs_approval"})
    return kept | {"kind": row.kind, "price": f"{row.price_cents / 100:.2f}"}


async def book(
    who: str,
    service_name: str = "Dental check-up",
    at: str = "Downtown",
    note: str = "",
    from_day: int = 1,
) -> Appointment:
    """Book a customer's first free time from tomorrow on, or from today's rest with `from_day` 0."""
    async with database.reading() as session:
        place = (await session.exec(select(Branch).where(Branch.name == at))).one()
        wanted = (await session.exec(select(Service).where(Service.name == service_name))).one()
        free: list[datetime] = []
        for days in range(from_day, from_day + 30):
            on = clock.today(place.timezone) + timedelta(days=days)
            plan = await plan_for(session, place.id or 0, wanted.id or 0, on)
            free = plan.day.free(None, earliest_start(plan.rule, is_customer=True))
            if free:
                break
    time = TimeRequest(place.id or 0, wanted.id or 0, free[0])
    request = BookingRequest(time, note=note)
    return await booking.book(await scope_of(who), request)


async def cancel(who: str, made: Appointment) -> None:
    """Cancel one of this customer's appointments."""
    await service.change(await scope_of(who), made.id or 0, "cancel")


async def release(who: str) -> None:
    """Cancel whatever this customer has ahead."""
    scope = await scope_of(who)
    async with database.reading() as session:
        mine = select(Appointment).where(
            Appointment.customer_id == scope.user_id,
            col(Appointment.status).in_(OPEN),
            col(Appointment.deleted_at).is_(None),
        )
        ahead = (await session.exec(mine.where(Appointment.starts_at > clock.now()))).all()
    for each in ahead:
        await service.change(scope, each.id or 0, "cancel")


async def newest(who: str) -> Appointment:
    """The appointment that was booked last for this customer."""
    user = await person(who)
    query = select(Appointment).where(Appointment.customer_id == user.id)
    async with database.reading() as session:
        return (await session.exec(query.order_by(col(Appointment.id).desc()).limit(1))).one()


async def appointments() -> Sequence[Appointment]:
    """Every appointment that has not been deleted, newest first."""
    query = select(Appointment).where(col(Appointment.deleted_at).is_(None))
    async with database.reading() as session:
        return (await session.exec(query.order_by(col(Appointment.id).desc()))).all()


async def silence(*people: str) -> None:
    """Let these people have read everything until now."""
    for who in people:
        await notifications.mark_all_read(await scope_of(who))
