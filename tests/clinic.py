"""A small clinic for tests, built through the services, with the people of the demo clinic."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from passlib.context import CryptContext
from sqlalchemy import make_url
from sqlmodel import select

from shinesmile.accounts import administration
from shinesmile.accounts.models import User
from shinesmile.appointments import booking
from shinesmile.appointments.booking import BookingRequest
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.requests import TimeRequest
from shinesmile.branches import service as branches
from shinesmile.branches.models import OpeningHours, ServiceKind
from shinesmile.core import database, passwords
from shinesmile.core.scope import Role, Scope
from shinesmile.notifications.models import Notification
from shinesmile.realtime.log import Event
from tests.databases import Databases, kinds
from tests.watching import Now, held_clock

FOUNDER = Scope(0, Role.ADMIN)
PASSWORD = "password123"

# Monday 07:00 in London, 12:30 in Kolkata: the desk opens in two hours and a half ago.
MORNING = datetime(2026, 11, 23, 7, tzinfo=UTC)
LONDON, KOLKATA = "Europe/London", "Asia/Kolkata"

# (attribute, name, role, branch numbers)
PEOPLE = (
    ("admin", "Ada Mensah", Role.ADMIN, ()),
    ("manager", "Marta Lind", Role.MANAGER, (1,)),
    ("receptionist", "Rita Gomes", Role.RECEPTIONIST, (1,)),
    ("staff", "Sam Whitfield", Role.STAFF, (1,)),
    ("checker", "Dr Chidi Eze", Role.CHECKER_DOCTOR, (1,)),
    ("optometrist", "Olga Ferrer", Role.OPTOMETRIST, (1,)),
    ("dentist", "Dr Dana Kovacs", Role.DENTIST, (1,)),
    ("other_manager", "Meera Nair", Role.MANAGER, (2,)),
    ("other_receptionist", "Ravi Menon", Role.RECEPTIONIST, (2,)),
    ("other_staff", "Suresh Pillai", Role.STAFF, (2,)),
    ("other_checker", "Dr Chitra Rao", Role.CHECKER_DOCTOR, (2,)),
    ("other_optometrist", "Omkar Joshi", Role.OPTOMETRIST, (2,)),
    ("other_dentist", "Dr Divya Iyer", Role.DENTIST, (2,)),
    ("customer", "Carla Jensen", Role.CUSTOMER, ()),
    ("other_customer", "Colin Abara", Role.CUSTOMER, ()),
    ("grace", "Grace Holm", Role.CUSTOMER, ()),
    ("henri", "Henri Duval", Role.CUSTOMER, ()),
)


@dataclass
class Clinic:
    """The ids of what was built, and everybody's Scope as an attribute (see PEOPLE)."""

    downtown: int = 0
    lakeside: int = 0
    checkup: int = 0
    implant: int = 0
    eye_exam: int = 0
    scopes: dict[str, Scope] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Scope:
        scopes: dict[str, Scope] = self.__dict__.get("scopes", {})
        if name not in scopes:
            raise AttributeError(name)
        return scopes[name]

    def at(self, hour: int, minute: int = 0, days: int = 0) -> datetime:
        """A time of MORNING's day at the Downtown branch, which keeps London's hours."""
        return MORNING.replace(hour=hour, minute=minute) + timedelta(days=days)

    async def book(self, who: Scope, starts_at: datetime, **changed: Any) -> Appointment:
        """A dental check-up Downtown; staff book it for Carla."""
        time = TimeRequest(
            changed.pop("branch_id", self.downtown),
            changed.pop("service_id", self.checkup),
            starts_at,
            changed.pop("practitioner_id", None),
        )
        asked: dict[str, Any] = {
            "customer_email": "" if who.role is Role.CUSTOMER else address("customer")
        }
        return await booking.book(who, BookingRequest(time, **(asked | changed)))


def address(name: str) -> str:
    """The e-mail address of one of PEOPLE."""
    return f"{name.replace('_', '.')}@example.com"


async def open_account(
    name: str, role: Role, branch_ids: set[int] | None = None, full_name: str = ""
) -> Scope:
    """An account of its own, made by the founder."""
    given = {
        "name": full_name or name.title(),
        "email": address(name),
        "phone": f"+44 20 7946 {len(name):04}",
        "role": role,
        "branch_ids": branch_ids or set(),
        "password": PASSWORD,
    }
    user_id = await administration.create_user(FOUNDER, given)
    return Scope(user_id, role, frozenset(branch_ids or ()))


async def build() -> Clinic:
    """Build the clinic in the current database."""
    clinic = Clinic()
    clinic.downtown = await _branch("Downtown", LONDON, (time(9), time(18)))
    clinic.lakeside = await _branch("Lakeside", KOLKATA, (time(9), time(18)))
    clinic.checkup = await _service(clinic, "Dental check-up", ServiceKind.DENTAL, 30, "45.00")
    clinic.implant = await _service(
        clinic, "Implant consultation", ServiceKind.DENTAL, 45, "90.00", needs_approval=True
    )
    clinic.eye_exam = await _service(clinic, "Eye examination", ServiceKind.OPTICAL, 30, "40.00")
    number = {1: clinic.downtown, 2: clinic.lakeside}
    for name, full_name, role, numbers in PEOPLE:
        at = {number[each] for each in numbers}
        clinic.scopes[name] = await open_account(name, role, at, full_name)
    return clinic


async def _branch(name: str, zone: str, hours: tuple[time, time]) -> int:
    branch_id = await branches.save_branch(FOUNDER, None, {"name": name, "timezone": zone})
    week = [
        OpeningHours(branch_id=branch_id, weekday=weekday, opens=hours[0], closes=hours[1])
        for weekday in range(7)
    ]
    await branches.set_hours(FOUNDER, branch_id, week)
    for room, kind in (
        ("Surgery 1", ServiceKind.DENTAL),
        ("Surgery 2", ServiceKind.DENTAL),
        ("Test room 1", ServiceKind.OPTICAL),
    ):
        await branches.add_room(FOUNDER, branch_id, room, kind)
    return branch_id


async def _service(
    clinic: Clinic,
    name: str,
    kind: ServiceKind,
    minutes: int,
    price: str,
    needs_approval: bool = False,
) -> int:
    given = {
        "name": name,
        "kind": kind,
        "duration_minutes": minutes,
        "price": price,
        "needs_approval": needs_approval,
        "branch_ids": [clinic.downtown, clinic.lakeside],
    }
    return await branches.save_service(FOUNDER, None, given)


def cheap_passwords(patch: pytest.MonkeyPatch) -> None:
    """Hash with the least work argon2 allows."""
    context = CryptContext(
        schemes=["argon2"], argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1
    )
    patch.setattr(passwords, "_context", context)
    patch.setattr(passwords, "_absent", context.hash("nobody's"))


async def events(*types: str) -> list[Event]:
    """The events in the log, in order; all, or those of some types."""
    async with database.reading() as session:
        found = (await session.exec(select(Event).order_by(Event.seq))).all()  # type: ignore[arg-type]
    return [each for each in found if not types or each.type in types]


async def told() -> list[Notification]:
    """Every notification, oldest first."""
    async with database.reading() as session:
        query = select(Notification).order_by(Notification.id)  # type: ignore[arg-type]
        return list((await session.exec(query)).all())


async def user(scope: Scope) -> User:
    """The account as it stands in the database."""
    async with database.reading() as session:
        return await session.get_one(User, scope.user_id)


# The clinic of each kind of database, built once a session: its address and what is in it.
BUILT: dict[str, tuple[str, Clinic]] = {}


@pytest.fixture(params=kinds())
async def clinic(
    request: pytest.FixtureRequest,
    clinic_databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Clinic]:
    """The small clinic, in a database of its own, on each kind of database in turn."""
    cheap_passwords(monkeypatch)
    kind = request.param
    if kind not in BUILT:
        BUILT[kind] = await _built(clinic_databases.create(kind))
    original, made = BUILT[kind]
    url = _copy(clinic_databases, original)
    opened = database.connect(url)
    yield made
    await opened.close()
    clinic_databases.drop(url)


async def _built(url: str) -> tuple[str, Clinic]:
    opened = database.connect(url)
    made = await build()
    await opened.close()
    return url, made


def _copy(made: Databases, url: str) -> str:
    name, parsed = f"clinic_{uuid4().hex}", make_url(url)
    if parsed.get_backend_name() == "sqlite":
        original = Path(parsed.database or "")
        copied = shutil.copyfile(original, original.with_name(f"{name}.db"))
        return f"sqlite+aiosqlite:///{copied}"
    made.postgresql.execute(f"CREATE DATABASE {name} TEMPLATE {parsed.database}")
    return made.postgresql.url(name)


@pytest.fixture
def now() -> Iterator[Now]:
    """The clock, held at MORNING until the test moves it."""
    with held_clock(MORNING) as held:
        yield held
