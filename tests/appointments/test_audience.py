"""Who hears of an appointment, and that what they hear names nobody."""

import json

import pytest

from shinesmile.appointments import moving
from shinesmile.appointments.requests import TimeRequest
from shinesmile.appointments.service import change, delete_softly
from shinesmile.core import database
from shinesmile.core.permissions import Action, hearing
from shinesmile.core.scope import Role, Scope
from shinesmile.notifications import service as notifications
from shinesmile.realtime.log import Event
from tests.clinic import Clinic, events, open_account, told
from tests.watching import Now

TOLD = {"admin", "manager", "receptionist", "dentist", "customer"}
SEEING = TOLD | {"checker"}
PERSONAL = ("Carla", "Jensen", "customer@", "@example", "7946", "secret note", "secret reason")


async def bell_of(scope: Scope) -> list[str]:
    """The titles in somebody's bell, newest first."""
    async with database.reading() as session:
        shown, _, _ = await notifications.bell(session, scope)
    return [each.title for each in shown]


def hearers(clinic: Clinic, event: Event, action: Action = Action.SEE_APPOINTMENTS) -> set[str]:
    """The people whose lists of appointments an event touches."""
    return {
        name for name, scope in clinic.scopes.items() if hearing(scope, action) & set(event.topics)
    }


async def live_through(clinic: Clinic, now: Now) -> None:
    """An appointment from request to its end, one that is cancelled, and one that is deleted."""
    told_of = {"note": "A secret note by Carla Jensen, +44 20 7946 0008, customer@example.com"}
    made = await clinic.book(clinic.customer, clinic.at(12), service_id=clinic.implant, **told_of)
    for verb in ("approve", "confirm", "arrive", "check_in", "start", "complete"):
        await change(clinic.receptionist, made.id or 0, verb)
    cancelled = await clinic.book(clinic.customer, clinic.at(14), **told_of)
    await change(clinic.manager, cancelled.id or 0, "cancel", reason="A secret reason: Carla")
    deleted = await clinic.book(clinic.receptionist, clinic.at(15), **told_of)
    await delete_softly(clinic.manager, deleted.id or 0)


async def test_events_touch_exactly_those_who_see_the_appointment(clinic: Clinic, now: Now) -> None:
    await live_through(clinic, now)
    happened = [each for each in await events() if each.type.startswith("appointment.")]
    assert len(happened) == 11
    assert {each.type for each in happened} == {
        "appointment.created",
        "appointment.status_changed",
        "appointment.completed",
        "appointment.cancelled",
        "appointment.deleted",
    }
    for each in happened:
        assert hearers(clinic, each) == SEEING


async def test_notifications_reach_exactly_those_concerned(clinic: Clinic, now: Now) -> None:
    await live_through(clinic, now)
    rung = {name: await bell_of(scope) for name, scope in clinic.scopes.items()}
    assert {name for name, titles in rung.items() if titles} == TOLD
    assert {len(titles) for titles in rung.values()} == {0, 11}
    assert rung["customer"][::-1] == [
        "Appointment created: Implant consultation",
        *["Appointment updated: Implant consultation"] * 5,
        "Appointment completed: Implant consultation",
        "Appointment created: Dental check-up",
        "Appointment cancelled: Dental check-up",
        "Appointment created: Dental check-up",
        "Appointment deleted: Dental check-up",
    ]


async def test_no_row_is_written_for_each_person(clinic: Clinic, now: Now) -> None:
    await clinic.book(clinic.customer, clinic.at(12))
    assert sorted(each.channel for each in await told()) == sorted(
        [
            "role.admin",
            f"role.manager.branch.{clinic.downtown}",
            f"role.receptionist.branch.{clinic.downtown}",
            f"user.{clinic.customer.user_id}",
            f"user.{clinic.dentist.user_id}.branch.{clinic.downtown}",
        ]
    )


async def test_what_is_told_names_nobody(clinic: Clinic, now: Now) -> None:
    await live_through(clinic, now)
    said = [json.dumps([each.data, each.topics, each.subject_id]) for each in await events()]
    said += [f"{each.title} {each.body} {each.link}" for each in await told()]
    assert any("Implant consultation" in each for each in said), "something was said"
    for personal in PERSONAL:
        assert not [each for each in said if personal in each]


async def test_body_says_when_at_the_branch_and_the_new_status(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(
        clinic.other_receptionist, clinic.at(4, days=1), branch_id=clinic.lakeside
    )
    await change(clinic.other_receptionist, made.id or 0, "confirm")
    bodies = {each.body for each in await told()}
    assert bodies == {"Tue 24 Nov 2026, 09:30", "Confirmed · Tue 24 Nov 2026, 09:30"}


async def test_dentist_who_left_the_branch_hears_no_more_of_it(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    moved = Scope(clinic.dentist.user_id, Role.DENTIST, frozenset({clinic.lakeside}))
    assert await bell_of(clinic.dentist) == ["Appointment created: Dental check-up"]
    assert await bell_of(moved) == []
    await change(clinic.receptionist, made.id or 0, "confirm")
    (event,) = await events("appointment.status_changed")
    assert not hearing(moved, Action.SEE_APPOINTMENTS) & set(event.topics)


@pytest.mark.parametrize("by", ["receptionist", "manager"])
async def test_dentist_whose_patient_goes_to_a_colleague_is_told(
    clinic: Clinic, now: Now, by: str
) -> None:
    """The appointment leaves their list, so their list must be touched."""
    second = await open_account("second", Role.DENTIST, {clinic.downtown})
    made = await clinic.book(clinic.customer, clinic.at(12), practitioner_id=clinic.dentist.user_id)
    time = TimeRequest(clinic.downtown, clinic.checkup, clinic.at(13), second.user_id)
    await moving.reschedule(clinic.scopes[by], made.id or 0, time)
    (event,) = await events("appointment.updated")
    assert hearers(clinic, event) == SEEING
    assert hearing(second, Action.SEE_APPOINTMENTS) & set(event.topics)
    for scope in (clinic.dentist, second):
        assert (await bell_of(scope))[0] == "Appointment updated: Dental check-up"


async def test_staff_from_whom_a_job_is_taken_are_told(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    await moving.assign(clinic.receptionist, made.id or 0, clinic.staff.user_id)
    await moving.assign(clinic.receptionist, made.id or 0, clinic.checker.user_id)
    given, taken = await events("appointment.assigned")
    assert hearers(clinic, given) == SEEING | {"staff"}
    assert hearers(clinic, taken) == SEEING | {"staff"}
    assert await bell_of(clinic.staff) == ["Job assigned: Dental check-up"]
