"""The guards of the steps: reasons, the day, the hour, the version, and what comes free."""

import pytest

from shinesmile.appointments.lifecycle import Status
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.service import STALE, change, delete_softly
from shinesmile.core.errors import Conflict, Forbidden, Invalid, NotFound
from shinesmile.core.scope import Scope
from tests.appointments.desk import claims, one, put_into
from tests.clinic import Clinic, events
from tests.watching import Now

BEGUN = "This appointment has begun; please call the branch to change it."
NOTICE = "Changes need 2 h notice. Please call the branch; they will help you."


async def refused(who: Scope, made: Appointment, verb: str, sentence: str) -> None:
    with pytest.raises(Conflict) as refusal:
        await change(who, made.id or 0, verb, reason="Tried")
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize("verb", ["cancel", "decline", "enter_in_error"])
async def test_staff_give_a_reason(clinic: Clinic, now: Now, verb: str) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12), service_id=clinic.implant)
    for typed, sentence in (
        (" \u200b ", "A reason is needed."),
        ("a" * 501, "A reason can have at most 500 characters; this has 501."),
    ):
        with pytest.raises(Invalid) as refusal:
            await change(clinic.manager, made.id or 0, verb, reason=typed)
        assert refusal.value.fields == {"reason": sentence}
    assert (await one(made)).status is Status.REQUESTED
    await change(clinic.manager, made.id or 0, verb, reason=" Closed for repairs ")
    assert (await one(made)).reason == "Closed for repairs"


async def test_customer_cancels_without_a_reason(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    assert (await change(clinic.customer, made.id or 0, "cancel")).status is Status.CANCELLED


async def test_customer_keeps_two_hours_of_notice(clinic: Clinic, now: Now) -> None:
    for hour in (12, 13):
        await clinic.book(clinic.customer, clinic.at(hour))
    first, second = 1, 2
    now.moment = clinic.at(10)
    assert (await change(clinic.customer, first, "cancel")).is_late is False
    now.moment = clinic.at(11)
    now.move(seconds=1)
    with pytest.raises(Conflict) as refusal:
        await change(clinic.customer, second, "cancel")
    assert refusal.value.sentence == NOTICE
    assert (await change(clinic.receptionist, second, "cancel", reason="Called")).is_late


async def test_customer_changes_nothing_that_has_begun(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    now.moment = clinic.at(12)
    for verb in ("confirm", "cancel"):
        await refused(clinic.customer, made, verb, BEGUN)
    await change(clinic.receptionist, made.id or 0, "confirm")


async def test_nobody_misses_what_has_not_started(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    now.moment = clinic.at(11, 59)
    await refused(clinic.receptionist, made, "no_show", "This appointment has not started yet.")
    now.moment = clinic.at(12)
    await change(clinic.receptionist, made.id or 0, "no_show")


async def test_people_arrive_on_the_day(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12, days=1))
    now.moment = clinic.at(23, 59)
    await refused(clinic.receptionist, made, "arrive", "This appointment is not today.")
    now.move(minutes=1)
    await change(clinic.receptionist, made.id or 0, "arrive")


async def test_day_is_the_branchs_own(clinic: Clinic, now: Now) -> None:
    """At seven in the evening in London it is tomorrow in Kolkata."""
    made = await clinic.book(clinic.customer, clinic.at(4, days=1), branch_id=clinic.lakeside)
    now.moment = clinic.at(18)
    await refused(clinic.other_receptionist, made, "arrive", "This appointment is not today.")
    now.moment = clinic.at(19)
    await change(clinic.other_receptionist, made.id or 0, "arrive")


async def test_stale_version_is_a_conflict(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    await change(clinic.receptionist, made.id or 0, "confirm", version=1)
    with pytest.raises(Conflict) as refusal:
        await change(clinic.manager, made.id or 0, "cancel", version=1, reason="Late")
    assert refusal.value.sentence == STALE
    assert (await one(made)).status is Status.CONFIRMED
    await change(clinic.manager, made.id or 0, "cancel", version=2, reason="Late")


@pytest.mark.parametrize("verb", ["cancel", "decline", "no_show", "complete", "enter_in_error"])
async def test_time_comes_free(clinic: Clinic, now: Now, verb: str) -> None:
    service = {"service_id": clinic.implant}
    made = await clinic.book(clinic.customer, clinic.at(12), **service)
    status = {"no_show": Status.SCHEDULED, "complete": Status.IN_PROGRESS}.get(verb)
    if status:
        await put_into(made, status)
    assert sum((await claims()).values()) == 20
    now.moment = clinic.at(12)
    await change(clinic.manager, made.id or 0, verb, reason="Free again")
    assert await claims() == {}
    assert (await events("slots.changed"))[-1].topics == [f"public.branch.{clinic.downtown}"]
    await clinic.book(clinic.receptionist, clinic.at(12), **service)


async def test_time_stays_taken_while_the_visit_goes_on(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    for verb in ("confirm", "arrive", "check_in", "start"):
        await change(clinic.receptionist, made.id or 0, verb)
        assert sum((await claims(made)).values()) == 14


async def test_deleted_time_comes_free_and_only_managers_delete(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    for name in ("customer", "receptionist", "checker", "dentist"):
        with pytest.raises(Forbidden):
            await delete_softly(clinic.scopes[name], made.id or 0)
    for name in ("other_manager", "staff", "optometrist", "other_customer"):
        with pytest.raises(NotFound):
            await delete_softly(clinic.scopes[name], made.id or 0)
    await delete_softly(clinic.manager, made.id or 0)
    assert await claims() == {}
    kept = await one(made)
    assert (kept.deleted_at, kept.status, kept.version) == (now.moment, Status.SCHEDULED, 2)
    with pytest.raises(NotFound):
        await delete_softly(clinic.admin, made.id or 0)
