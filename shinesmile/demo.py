"""The demo clinic: built through the services only, the same for everybody on a given day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlmodel import select

from shinesmile.accounts import administration
from shinesmile.accounts.models import User
from shinesmile.appointments import booking, service
from shinesmile.appointments.availability import plan_for
from shinesmile.appointments.booking import BookingRequest
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.requests import TimeRequest
from shinesmile.branches import service as branches
from shinesmile.branches.models import OpeningHours, ServiceKind
from shinesmile.core import clock, database
from shinesmile.core.errors import Refusal
from shinesmile.core.scope import Role, Scope
from shinesmile.notifications import service as notifications

ADMIN_PASSWORD = "admin123"  # noqa: S105 - public, and never made in production
PASSWORD = "password123"  # noqa: S105
DAYS_BEFORE = 10
DAYS_AFTER = 7

# (name, address, phone, time zone): one with daylight saving, one at a half-hour offset.
BRANCHES = (
    ("Downtown", "12 Market Street", "+44 20 7946 0011", "Europe/London"),
    ("Lakeside", "4 Lake Road", "+91 80 4718 0022", "Asia/Kolkata"),
    ("Harbour", "88 Harbour Avenue", "+250 788 100 033", "Africa/Kigali"),
)

# (name, kind, about, minutes, price, needs approval)
SERVICES = (
    (
        "Dental check-up",
        "dental",
        "A full look at teeth and gums, with advice.",
        30,
        "45.00",
        False,
    ),
    ("Teeth cleaning", "dental", "Scale and polish by a dentist.", 45, "70.00", False),
    ("Filling", "dental", "A tooth-coloured filling, one tooth.", 60, "120.00", False),
    ("Implant consultation", "dental", "Scan, plan and cost of an implant.", 45, "90.00", True),
    ("Eye examination", "optical", "Sight, eye pressure and eye health.", 30, "40.00", False),
    (
        "Contact lens fitting",
        "optical",
        "Measuring, trial lenses and handling.",
        45,
        "55.00",
        False,
    ),
    ("Child's eye test", "optical", "For children from four years on.", 30, "0.00", False),
    ("Visual field test", "optical", "A map of what each eye sees.", 30, "35.00", True),
)

# (address before the @, name, role, branch numbers)
STAFF = (
    ("admin", "Ada Mensah", Role.ADMIN, ()),
    ("manager", "Marta Lind", Role.MANAGER, (1,)),
    ("receptionist", "Rita Gomes", Role.RECEPTIONIST, (1,)),
    ("staff", "Sam Whitfield", Role.STAFF, (1,)),
    ("checker", "Dr Chidi Eze", Role.CHECKER_DOCTOR, (1,)),
    ("optometrist", "Olga Ferrer", Role.OPTOMETRIST, (1, 3)),
    ("dentist", "Dr Dana Kovacs", Role.DENTIST, (1, 3)),
    ("manager2", "Meera Nair", Role.MANAGER, (2, 3)),
    ("receptionist2", "Ravi Menon", Role.RECEPTIONIST, (2,)),
    ("staff2", "Suresh Pillai", Role.STAFF, (2,)),
    ("checker2", "Dr Chitra Rao", Role.CHECKER_DOCTOR, (2,)),
    ("optometrist2", "Omkar Joshi", Role.OPTOMETRIST, (2,)),
    ("dentist2", "Dr Divya Iyer", Role.DENTIST, (2,)),
)
CUSTOMERS = (
    ("customer", "Carla Jensen"),
    ("customer2", "Colin Abara"),
    ("grace", "Grace Holm"),
    ("henri", "Henri Duval"),
    ("imani", "Imani Wekesa"),
    ("jonas", "Jonas Petrov"),
    ("kavya", "Kavya Shetty"),
    ("liam", "Liam Byrne"),
)
NOTES = ("", "", "", "First visit.", "Prefers the afternoon.", "Nervous patient, please take time.")
REASONS = ("Feeling unwell", "Cannot leave work", "Found an earlier time elsewhere")

ACCOUNTS = [
    (f"{name}@example.com", ADMIN_PASSWORD if name == "admin" else PASSWORD)
    for name in (*(each[0] for each in CUSTOMERS[:2]), *(each[0] for each in STAFF))
]

# Stands for whoever sets the clinic up, before there is an account.
FOUNDER = Scope(0, Role.ADMIN)


@dataclass(frozen=True)
class Clinic:
    """What the appointments are made from."""

    branches: Sequence[int]
    services: Sequence[int]
    desks: dict[int, Scope]
    customers: Sequence[str]


async def build() -> None:
    """Build the demo clinic if the database holds no account yet."""
    async with database.reading() as session:
        if (await session.exec(select(User).limit(1))).first() is not None:
            return
    today = clock.now()
    random = Random(today.date().toordinal())  # noqa: S311 - repeatable, not secret
    try:
        _travel_to(_morning(today.date() - timedelta(days=DAYS_BEFORE + 1)))
        clinic = await _found()
        for offset in range(-DAYS_BEFORE, DAYS_AFTER + 1):
            if offset:
                await _fill_day(clinic, random, today, offset)
        await _read_everything()
        await _fill_day(clinic, random, today, 0)
    finally:
        clock.set_source(None)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(1), tzinfo=UTC)


def _travel_to(moment: datetime) -> None:
    clock.set_source(lambda: moment)


async def _found() -> Clinic:
    branch_ids = [await _branch(*each) for each in BRANCHES]
    service_ids = [await _service(branch_ids, *each) for each in SERVICES]
    desks: dict[int, Scope] = {}
    for name, full_name, role, numbers in STAFF:
        at = {branch_ids[number - 1] for number in numbers}
        user_id = await _account(name, full_name, role, at)
        if role in (Role.RECEPTIONIST, Role.MANAGER):
            desks |= {branch_id: Scope(user_id, role, frozenset(at)) for branch_id in at}
    for name, full_name in CUSTOMERS:
        await _account(name, full_name, Role.CUSTOMER, set())
    addresses = [f"{name}@example.com" for name, _ in CUSTOMERS]
    return Clinic(branch_ids, service_ids, desks, addresses)


async def _branch(name: str, address: str, phone: str, zone: str) -> int:
    given = {"name": name, "address": address, "phone": phone, "timezone": zone}
    branch_id = await branches.save_branch(FOUNDER, None, given)
    hours = [
        OpeningHours(branch_id=branch_id, weekday=weekday, opens=time(9), closes=time(18))
        for weekday in range(5)
    ]
    hours += [
        OpeningHours(branch_id=branch_id, weekday=weekday, opens=time(10), closes=time(15))
        for weekday in (5, 6)
    ]
    await branches.set_hours(FOUNDER, branch_id, hours)
    for kind, name in ((ServiceKind.DENTAL, "Surgery"), (ServiceKind.OPTICAL, "Test room")):
        for number in (1, 2):
            await branches.add_room(FOUNDER, branch_id, f"{name} {number}", kind)
    return branch_id


async def _service(
    branch_ids: Sequence[int],
    name: str,
    kind: str,
    about: str,
    minutes: int,
    price: str,
    needs_approval: bool,
) -> int:
    given = {
        "name": name,
        "kind": kind,
        "description": about,
        "duration_minutes": minutes,
        "price": price,
        "needs_approval": needs_approval,
        "branch_ids": list(branch_ids),
    }
    return await branches.save_service(FOUNDER, None, given)


async def _account(name: str, full_name: str, role: Role, branch_ids: set[int]) -> int:
    given = {
        "name": full_name,
        "email": f"{name}@example.com",
        "role": role,
        "branch_ids": branch_ids,
        "password": ADMIN_PASSWORD if role is Role.ADMIN else PASSWORD,
    }
    return await administration.create_user(FOUNDER, given)


async def _fill_day(clinic: Clinic, random: Random, today: datetime, offset: int) -> None:
    """A day's bookings, made two days before it, and what has become of them by now."""
    day = today.date() + timedelta(days=offset)
    is_past = offset < 0
    _travel_to(min(today, _morning(day - timedelta(days=2))))
    booked = []
    for branch_id, desk in clinic.desks.items():
        for _ in range(random.randint(1, 2) if offset else 5):
            made = await _book(clinic, random, desk, branch_id, day, only_extra=offset >= 0)
            booked += [(desk, made)] if made else []
    for desk, made in booked:
        _travel_to(made.ends_at if is_past else today)
        await _live_through(random, desk, made, is_past, is_today=offset == 0)


async def _book(
    clinic: Clinic, random: Random, desk: Scope, branch_id: int, day: date, only_extra: bool
) -> Appointment | None:
    service_id = random.choice(clinic.services)
    customers = clinic.customers[2:] if only_extra else clinic.customers
    async with database.reading() as session:
        plan = await plan_for(session, branch_id, service_id, day)
        free = plan.day.free(None, clock.now())
    if not free:
        return None
    request = BookingRequest(
        time=TimeRequest(branch_id, service_id, random.choice(free)),
        customer_email=random.choice(customers),
        note=random.choice(NOTES),
        source=random.choice(("web", "phone")),
    )
    return await booking.book(desk, request)


async def _live_through(
    random: Random, desk: Scope, made: Appointment, is_past: bool, is_today: bool
) -> None:
    fate = random.random()
    if fate < 0.1:
        await service.change(desk, made.id or 0, "cancel", reason=random.choice(REASONS))
        return
    if is_past and fate < 0.18:
        await service.change(desk, made.id or 0, "no_show")
        return
    walked = 4 if is_past else random.randint(0, 4) if is_today else 0
    if fate < 0.6 or walked:
        await service.change(desk, made.id or 0, "confirm")
    for verb in ("arrive", "check_in", "start", "complete")[:walked]:
        try:
            await service.change(desk, made.id or 0, verb)
        except Refusal:
            # Where it is already tomorrow, today's appointments are over.
            return


async def _read_everything() -> None:
    """Everything until now has been read; what comes after is news."""
    async with database.reading() as session:
        users = (await session.exec(select(User))).all()
    for user in users:
        await notifications.mark_all_read(Scope(user.id or 0, user.role))
