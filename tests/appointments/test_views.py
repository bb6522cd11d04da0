"""What the screens of appointments show, and to whom."""

from typing import Any

from shinesmile.appointments.live.free_times import FreeTimes
from shinesmile.appointments.live.own import OwnAppointments
from shinesmile.appointments.live.schedule import DaySchedule
from shinesmile.appointments.live.table import AppointmentTable
from shinesmile.appointments.service import change, delete_softly
from shinesmile.core import database
from shinesmile.core.permissions import Action, shared
from shinesmile.core.scope import Scope
from shinesmile.realtime.views import LiveView
from tests.clinic import Clinic
from tests.watching import Now, statements


async def shown(view: LiveView) -> dict[str, Any]:
    """What a screen shows now."""
    async with database.reading() as session:
        return await view.query(session)


async def codes(view: LiveView, name: str = "rows") -> list[str]:
    """The codes of the appointments on a screen, in its order."""
    return [row.code for row in (await shown(view))[name]]


def tables(scope: Scope) -> list[tuple[LiveView, str]]:
    """The lists in which somebody may find an appointment."""
    mine = shared(scope, Action.SEE_APPOINTMENTS)
    return [(AppointmentTable(mine), "rows"), (DaySchedule(mine), "rows")]


async def test_lists_hold_what_may_be_seen_and_nothing_else(clinic: Clinic, now: Now) -> None:
    here = await clinic.book(clinic.customer, clinic.at(12))
    there = await clinic.book(clinic.other_customer, clinic.at(11), branch_id=clinic.lakeside)
    mine = ("receptionist", "manager", "checker", "dentist", "customer")
    theirs = (f"other_{name}" for name in mine)
    expected = {name: {here.code} for name in mine} | {name: {there.code} for name in theirs}
    expected["admin"] = {here.code, there.code}
    for name, scope in clinic.scopes.items():
        for view, rows in tables(scope):
            assert set(await codes(view, rows)) == expected.get(name, set()), (name, view)


async def test_deleted_and_mistaken_appointments_are_in_no_list(clinic: Clinic, now: Now) -> None:
    kept, deleted, mistaken = [
        await clinic.book(clinic.customer, clinic.at(hour)) for hour in (10, 12, 14)
    ]
    await delete_softly(clinic.manager, deleted.id or 0)
    await change(clinic.manager, mistaken.id or 0, "enter_in_error", reason="Wrong person")
    for name in ("admin", "manager", "receptionist", "checker", "dentist", "customer"):
        for view, rows in tables(clinic.scopes[name]):
            assert await codes(view, rows) == [kept.code]
    own = await shown(OwnAppointments(clinic.customer))
    assert [row.code for row in own["upcoming"] + own["past"]] == [kept.code]


async def test_own_appointments_are_ahead_or_past(clinic: Clinic, now: Now) -> None:
    first, second, third = [
        await clinic.book(clinic.customer, clinic.at(hour)) for hour in (9, 15, 12)
    ]
    await change(clinic.customer, third.id or 0, "cancel")
    now.moment = clinic.at(10)
    view = OwnAppointments(clinic.customer)
    assert await codes(view, "upcoming") == [second.code]
    assert await codes(view, "past") == [third.code, first.code]


async def test_table_is_searched_filtered_and_paged(clinic: Clinic, now: Now) -> None:
    for hour in range(26):
        await clinic.book(clinic.receptionist, clinic.at(9 + hour % 9, days=hour // 9))
    grace = await clinic.book(clinic.grace, clinic.at(9, days=5))
    view = AppointmentTable(clinic.receptionist)
    first = await shown(view)
    assert (len(first["rows"]), first["total"], first["pages"]) == (25, 27, 2)
    assert first["rows"][0].code == grace.code, "newest first"
    assert len(await codes(AppointmentTable(clinic.receptionist, page=1))) == 2
    for search in ("holm", "GRACE@", grace.code.lower()):
        assert await codes(AppointmentTable(clinic.receptionist, search)) == [grace.code]
    assert (await shown(AppointmentTable(clinic.receptionist, "Dana Kov")))["total"] == 27
    for search in ("%", "_", "' OR 1=1 --", "nobody"):
        assert (await shown(AppointmentTable(clinic.receptionist, search)))["total"] == 0
    await change(clinic.receptionist, grace.id or 0, "confirm")
    assert await codes(AppointmentTable(clinic.admin, status="confirmed")) == [grace.code]
    assert (await shown(AppointmentTable(clinic.admin, branch_id=clinic.lakeside)))["total"] == 0


async def test_queries_do_not_grow_with_the_rows(clinic: Clinic, now: Now) -> None:
    view = AppointmentTable(clinic.admin)
    await clinic.book(clinic.receptionist, clinic.at(9))
    with statements() as for_one:
        await shown(view)
    for hour in range(10, 18):
        await clinic.book(clinic.receptionist, clinic.at(hour))
    with statements() as for_nine:
        assert len((await shown(view))["rows"]) == 9
    assert len(for_one) == len(for_nine)


async def test_row_offers_the_steps_that_can_be_taken_now(clinic: Clinic, now: Now) -> None:
    await clinic.book(clinic.customer, clinic.at(12))

    async def steps(name: str) -> set[str]:
        (row,) = (await shown(AppointmentTable(clinic.scopes[name])))["rows"]
        return {each.verb for each in row.steps}

    assert await steps("receptionist") == {"confirm", "arrive", "cancel"}
    assert await steps("customer") == {"confirm", "cancel"}
    assert await steps("checker") == {"arrive"}
    now.moment = clinic.at(12)
    assert await steps("receptionist") == {"confirm", "arrive", "no_show", "cancel"}
    assert await steps("customer") == set()
    now.move(days=1)
    assert await steps("receptionist") == {"confirm", "no_show", "cancel"}


async def test_free_times_are_those_that_can_be_booked(clinic: Clinic, now: Now) -> None:
    day = now.moment.date()
    view = FreeTimes(clinic.downtown, clinic.checkup, 0, day, is_customer=True)
    labels = [each.label for each in (await shown(view))["slots"]]
    assert (labels[0], labels[-1], len(labels)) == ("09:00", "17:30", 35)
    await clinic.book(clinic.customer, clinic.at(12))
    later = [each.label for each in (await shown(view))["slots"]]
    assert [each for each in labels if each not in later] == [
        "11:30",
        "11:45",
        "12:00",
        "12:15",
        "12:30",
    ]
    for each in (await shown(view))["slots"][:5]:
        assert each.state == "free"
    now.move(minutes=30)
    assert (await shown(view))["slots"][0].label == "09:30", "two hours ahead of half past seven"
    unknown = FreeTimes(99, clinic.checkup, 0, day, is_customer=True)
    assert await shown(unknown) == {"slots": []}
