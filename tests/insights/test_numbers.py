"""The numbers of today: each branch counts its own calendar day."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shinesmile.appointments.live.schedule import DaySchedule
from shinesmile.appointments.service import change, delete_softly
from shinesmile.branches import service as branches
from shinesmile.branches.models import OpeningHours
from shinesmile.core import database
from shinesmile.core.database import Database
from shinesmile.core.permissions import Action, hearing, shared
from shinesmile.core.scope import Role, Scope
from shinesmile.insights.live import Numbers
from shinesmile.realtime import bus, presence
from tests.clinic import FOUNDER, KOLKATA, LONDON, Clinic
from tests.watching import Now


async def numbers(scope: Scope) -> dict[str, Any]:
    async with database.reading() as session:
        return await Numbers(shared(scope, Action.SEE_NUMBERS)).query(session)


async def open_all_day(branch_id: int) -> None:
    week = [
        OpeningHours(branch_id=branch_id, weekday=day, opens=time(0), closes=time(23, 59))
        for day in range(7)
    ]
    await branches.set_hours(FOUNDER, branch_id, week)


def wall(day: int, hour: int, minute: int, zone: str) -> datetime:
    """A wall-clock time in November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(zone))


async def test_half_past_eleven_in_one_zone_is_tomorrow_in_another(
    clinic: Clinic, now: Now
) -> None:
    """Monday the 23rd, 23:30 in London, is Tuesday, 05:00 in Kolkata."""
    for branch_id in (clinic.downtown, clinic.lakeside):
        await open_all_day(branch_id)
    now.moment = wall(22, 12, 0, LONDON)
    booked = {
        "downtown": [wall(23, 0, 0, LONDON), wall(23, 23, 0, LONDON), wall(24, 0, 0, LONDON)],
        "lakeside": [wall(23, 23, 15, KOLKATA), wall(24, 0, 0, KOLKATA), wall(24, 23, 0, KOLKATA)],
    }
    for name, times in booked.items():
        for starts_at in times:
            await clinic.book(clinic.admin, starts_at, branch_id=getattr(clinic, name))
    now.moment = wall(23, 23, 30, LONDON).astimezone(UTC)
    assert (await numbers(clinic.manager))["today"] == 2, "Downtown's Monday"
    assert (await numbers(clinic.other_manager))["today"] == 2, "Lakeside's Tuesday"
    assert (await numbers(clinic.admin))["today"] == 4
    now.move(minutes=30)
    assert (await numbers(clinic.manager))["today"] == 1, "Downtown's Tuesday"
    assert (await numbers(clinic.other_manager))["today"] == 2
    now.moment = wall(25, 0, 0, KOLKATA).astimezone(UTC)
    assert (await numbers(clinic.other_manager))["today"] == 0


async def test_what_became_of_today_is_counted(clinic: Clinic, now: Now) -> None:
    made = [await clinic.book(clinic.receptionist, clinic.at(9 + hour)) for hour in range(6)]
    requested = await clinic.book(clinic.grace, clinic.at(16), service_id=clinic.implant)
    later = await clinic.book(clinic.grace, clinic.at(9, days=3), service_id=clinic.implant)
    assert requested.status == later.status == "requested"
    now.moment = clinic.at(12)
    for each in made[:2]:
        for verb in ("arrive", "check_in", "start", "complete"):
            await change(clinic.receptionist, each.id or 0, verb)
    await change(clinic.receptionist, made[2].id or 0, "no_show")
    await change(clinic.receptionist, made[3].id or 0, "cancel", reason="Ill")
    await delete_softly(clinic.manager, made[4].id or 0)
    shown = await numbers(clinic.manager)
    shown.pop("online")
    assert shown == {
        "today": 6,
        "pending": 2,
        "completed": 2,
        "cancelled": 1,
        "no_shows": 1,
        "revenue": "90.00",
    }
    assert (await numbers(clinic.other_manager))["today"] == 0


async def test_people_who_are_connected_count_once(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "_current", bus.Bus())
    here = presence.Presence()
    monkeypatch.setattr(presence, "_current", here)
    for sid, scope in (("a", clinic.grace), ("b", clinic.grace), ("c", clinic.henri)):
        await here.arrive(sid, scope.user_id)
    assert (await numbers(clinic.admin))["online"] == 2


async def test_numbers_are_touched_by_the_appointments_they_count() -> None:
    manager = Scope(7, Role.MANAGER, frozenset({1}))
    heard = {f"appointment:{each}" for each in hearing(manager, Action.SEE_APPOINTMENTS)}
    assert heard == {"appointment:role.manager.branch.1"}
    assert Numbers(manager).topics == heard | {"presence", "clock.minute"}


async def test_new_clinic_without_branches_has_empty_screens(database: Database) -> None:
    async with database.reading() as session:
        shown = await Numbers(FOUNDER).query(session)
        schedule = await DaySchedule(FOUNDER).query(session)
    assert (shown["today"], shown["revenue"]) == (0, "0.00")
    assert schedule == {"rows": [], "day_label": ""}
