"""The demo clinic: built once, with the accounts that everybody is told of."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from shinesmile import demo, schema
from shinesmile.accounts import sessions
from shinesmile.accounts.sessions import Origin
from shinesmile.appointments.lifecycle import Status
from shinesmile.appointments.models import Appointment
from shinesmile.branches.models import Branch
from shinesmile.core import clock, database
from shinesmile.core.database import Database
from shinesmile.core.scope import Role
from tests.appointments.desk import overlaps
from tests.clinic import cheap_passwords
from tests.databases import Databases, kinds

# What the demo promises: these people, these passwords, these pages.
PROMISED = {
    "admin@example.com": ("admin123", Role.ADMIN),
    "manager@example.com": ("password123", Role.MANAGER),
    "receptionist@example.com": ("password123", Role.RECEPTIONIST),
    "staff@example.com": ("password123", Role.STAFF),
    "checker@example.com": ("password123", Role.CHECKER_DOCTOR),
    "optometrist@example.com": ("password123", Role.OPTOMETRIST),
    "dentist@example.com": ("password123", Role.DENTIST),
    "customer@example.com": ("password123", Role.CUSTOMER),
    "customer2@example.com": ("password123", Role.CUSTOMER),
}


@pytest.fixture(scope="module", params=kinds())
async def built(
    request: pytest.FixtureRequest, clinic_databases: Databases
) -> AsyncIterator[Database]:
    """The demo clinic with a shorter past and future, built once on each kind of database."""
    url = clinic_databases.create(request.param)
    opened = database.connect(url)
    with pytest.MonkeyPatch.context() as patch:
        cheap_passwords(patch)
        patch.setattr(demo, "DAYS_BEFORE", 4)
        patch.setattr(demo, "DAYS_AFTER", 2)
        await demo.build()
        yield opened
    await opened.close()
    clinic_databases.drop(url)


async def counts() -> dict[str, int]:
    """How many rows each table holds."""
    async with database.reading() as session:
        return {
            table: int(await session.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)
            for table in schema.tables().tables
        }


async def appointments() -> list[Appointment]:
    async with database.reading() as session:
        return list(await session.exec(select(Appointment)))


async def test_promised_accounts_sign_in(built: Database) -> None:
    for email, (password, role) in PROMISED.items():
        assert (email, password) in demo.ACCOUNTS
        signed_in = await sessions.sign_in(email, password, False, Origin())
        viewer = await sessions.viewer_of(signed_in.token)
        assert viewer is not None and viewer.scope.role is role
    for email, password in demo.ACCOUNTS:
        await sessions.sign_in(email, password, False, Origin())


async def test_demo_is_a_clinic_in_three_zones_with_a_past_a_today_and_a_future(
    built: Database,
) -> None:
    async with database.reading() as session:
        branches = (await session.exec(select(Branch).order_by(col(Branch.id)))).all()
    assert [(each.name, each.timezone) for each in branches] == [
        ("Downtown", "Europe/London"),
        ("Lakeside", "Asia/Kolkata"),
        ("Harbour", "Africa/Kigali"),
    ]
    booked = await appointments()
    now = clock.now()
    for branch in branches:
        here = [each for each in booked if each.branch_id == branch.id]
        assert {each.timezone for each in here} == {branch.timezone}
        assert min(each.starts_at for each in here) < now < max(each.starts_at for each in here)
    assert {Status.COMPLETED, Status.CONFIRMED} < {each.status for each in booked}
    assert await overlaps() == 0


async def test_demo_is_built_once(built: Database) -> None:
    before = await counts()
    assert before["appointment"] > 30 and before["users"] == 21
    await demo.build()
    assert await counts() == before


async def test_demo_gives_the_clock_back(built: Database) -> None:
    first = clock.now()
    assert clock.now() > first
