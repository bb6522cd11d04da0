"""Branches and services: public to read, changed by those who manage them."""

from collections.abc import Sequence
from datetime import time
from typing import Any

import pytest

from shinesmile.appointments.availability import plan_for
from shinesmile.branches import service
from shinesmile.branches.live import ManagedBranches, ManagedServices, hours_text
from shinesmile.branches.models import Branch, OpeningHours, ServiceKind
from shinesmile.core import database
from shinesmile.core.errors import Conflict, Forbidden, Invalid, NotFound
from shinesmile.core.scope import Scope
from tests.clinic import Clinic, events
from tests.watching import Now, statements

HILLTOP = {
    "name": "Hill\u200btop",
    "address": "1 Hill Road",
    "phone": "+977 1 555",
    "timezone": "Asia/Kathmandu",
}
WHITENING = {
    "name": "Whitening",
    "kind": "dental",
    "description": "A brighter smile.",
    "duration_minutes": "45",
    "price": "49.50",
}
OTHERS = ("customer", "receptionist", "staff", "checker", "dentist", "optometrist")


async def open_names() -> list[str]:
    async with database.reading() as session:
        return [each.name for each in await service.open_branches(session)]


async def branch(branch_id: int) -> Branch:
    async with database.reading() as session:
        return await session.get_one(Branch, branch_id)


def hours(branch_id: int, *days: int, opens: time = time(8), closes: time = time(12)) -> list[Any]:
    return [
        OpeningHours(branch_id=branch_id, weekday=day, opens=opens, closes=closes) for day in days
    ]


async def test_admin_opens_a_branch(clinic: Clinic) -> None:
    made = await service.save_branch(clinic.admin, None, HILLTOP)
    kept = await branch(made)
    assert (kept.name, kept.slug, kept.timezone, kept.version) == (
        "Hilltop",
        "hilltop",
        "Asia/Kathmandu",
        1,
    )
    assert await open_names() == ["Downtown", "Hilltop", "Lakeside"]
    (created,) = [each for each in await events("branch.created") if each.subject_id == str(made)]
    assert created.topics == ["public"]


async def test_branch_is_changed_by_its_manager_and_closed_for_bookings(clinic: Clinic) -> None:
    given = {"name": "Downtown East", "timezone": "Europe/Paris", "is_active": False}
    await service.save_branch(clinic.manager, clinic.downtown, given)
    kept = await branch(clinic.downtown)
    assert (kept.name, kept.timezone, kept.version) == ("Downtown East", "Europe/Paris", 2)
    assert await open_names() == ["Lakeside"]


async def test_others_change_no_branch(clinic: Clinic) -> None:
    before = await branch(clinic.downtown)
    for name in OTHERS:
        with pytest.raises(Forbidden):
            await service.save_branch(clinic.scopes[name], clinic.downtown, HILLTOP)
        with pytest.raises(Forbidden):
            await service.set_hours(clinic.scopes[name], clinic.downtown, [])
    for branch_id in (clinic.downtown, None, 999):
        with pytest.raises(NotFound):
            await service.save_branch(clinic.other_manager, branch_id, HILLTOP)
    with pytest.raises(NotFound):
        await service.add_room(clinic.other_manager, clinic.downtown, "Attic", ServiceKind.DENTAL)
    assert await branch(clinic.downtown) == before
    with pytest.raises(NotFound):
        await service.save_branch(clinic.admin, 999, HILLTOP)


async def test_branch_says_what_is_wrong_with_it(clinic: Clinic) -> None:
    given = {"name": "", "address": "a" * 301, "phone": "1" * 41, "timezone": "Mars/Olympus"}
    with pytest.raises(Invalid) as refusal:
        await service.save_branch(clinic.admin, None, given)
    assert set(refusal.value.fields) == {"name", "address", "phone", "timezone"}
    with pytest.raises(Conflict, match="There is already a branch called Downtown"):
        await service.save_branch(clinic.admin, None, HILLTOP | {"name": "Downtown"})
    assert await open_names() == ["Downtown", "Lakeside"]


async def starts(clinic: Clinic, now: Now) -> int:
    async with database.reading() as session:
        plan = await plan_for(session, clinic.downtown, clinic.checkup, now.moment.date())
    return len(plan.day.starts())


async def test_hours_are_replaced_and_decide_what_can_be_booked(clinic: Clinic, now: Now) -> None:
    assert await starts(clinic, now) == 35
    monday, tuesday = 0, 1
    await service.set_hours(clinic.manager, clinic.downtown, hours(clinic.downtown, monday))
    assert await starts(clinic, now) == 15
    await service.set_hours(clinic.manager, clinic.downtown, hours(clinic.downtown, tuesday))
    assert await starts(clinic, now) == 0


async def test_hours_end_after_they_begin_and_are_the_branchs_own(clinic: Clinic, now: Now) -> None:
    backwards = hours(clinic.downtown, 0, opens=time(12), closes=time(8))
    with pytest.raises(Invalid, match="must open before it closes"):
        await service.set_hours(clinic.manager, clinic.downtown, backwards)
    with pytest.raises(NotFound):
        await service.set_hours(clinic.manager, clinic.downtown, hours(clinic.lakeside, 0))
    assert await starts(clinic, now) == 35


async def test_admin_offers_a_service(clinic: Clinic) -> None:
    made = await service.save_service(
        clinic.admin, None, WHITENING | {"branch_ids": [clinic.downtown, 999]}
    )
    async with database.reading() as session:
        assert (clinic.downtown, made) in await service.offers(session)
        here = await service.bookable_services(session, clinic.downtown)
        there = await service.bookable_services(session, clinic.lakeside)
    (kept,) = [each for each in here if each.id == made]
    assert (kept.duration_minutes, kept.price_cents, kept.kind) == (45, 4950, ServiceKind.DENTAL)
    assert made not in [each.id for each in there]
    await service.save_service(clinic.admin, made, WHITENING | {"is_active": False})
    async with database.reading() as session:
        assert made not in [each.id for each in await service.bookable_services(session)]


async def test_others_change_no_service(clinic: Clinic) -> None:
    for name in (*OTHERS, "manager"):
        with pytest.raises(Forbidden):
            await service.save_service(clinic.scopes[name], clinic.checkup, WHITENING)
    with pytest.raises(NotFound):
        await service.save_service(clinic.admin, 999, WHITENING)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", ("", "a" * 121)),
        ("description", ("a" * 501,)),
        ("kind", ("", "nasal", None)),
        ("duration_minutes", ("", "7", "0", "-30", "485", "30.5", "half an hour")),
        ("price", ("", "-1", "1.234", "1,2,3", "free", "1e3", "9" * 7, "٣x")),
    ],
)
async def test_service_says_what_is_wrong_with_it(
    clinic: Clinic, field: str, values: Sequence[object]
) -> None:
    for value in values:
        with pytest.raises(Invalid) as refusal:
            await service.save_service(clinic.admin, None, WHITENING | {field: value})
        assert set(refusal.value.fields) == {field}


async def test_prices_are_read_to_the_cent(clinic: Clinic) -> None:
    for typed, cents in (
        ("0", 0),
        ("0.29", 29),
        ("19,99", 1999),
        ("1.1", 110),
        ("999999", 99999900),
    ):
        made = await service.save_service(
            clinic.admin, None, WHITENING | {"name": f"At {typed}", "price": typed}
        )
        async with database.reading() as session:
            found = await service.all_services(session, clinic.admin)
        assert [each.price_cents for each in found if each.id == made] == [cents]


async def test_managers_list_their_own_branches(clinic: Clinic) -> None:
    async def listed(scope: Scope) -> list[str]:
        async with database.reading() as session:
            return [row.name for row in (await ManagedBranches(scope).query(session))["rows"]]

    assert await listed(clinic.admin) == ["Downtown", "Lakeside"]
    assert await listed(clinic.manager) == ["Downtown"]
    with pytest.raises(Forbidden):
        await listed(clinic.receptionist)


async def test_list_of_services_costs_the_same_however_long(clinic: Clinic) -> None:
    async def listed() -> int:
        async with database.reading() as session:
            return len((await ManagedServices(clinic.admin).query(session))["rows"])

    with statements() as for_three:
        assert await listed() == 3
    for number in range(5):
        await service.save_service(clinic.admin, None, WHITENING | {"name": f"Whitening {number}"})
    with statements() as for_eight:
        assert await listed() == 8
    assert len(for_three) == len(for_eight)


def test_hours_in_words() -> None:
    week = hours(1, 0, 1, 2, 3, 4, opens=time(9), closes=time(18)) + hours(1, 5)
    assert hours_text(week) == "Mon-Fri 09:00-18:00, Sat 08:00-12:00"
    assert hours_text([*hours(1, 0), *hours(1, 0, opens=time(13), closes=time(17))]) == (
        "Mon 08:00-12:00, Mon 13:00-17:00"
    )
    assert hours_text([]) == ""
