"""Booking a free time: what it claims, for whom, and what it records."""

from datetime import timedelta

import pytest

from shinesmile.appointments.lifecycle import Status
from shinesmile.core.errors import Conflict, Forbidden, Invalid
from shinesmile.core.scope import Role
from tests.appointments.desk import booked, claims, is_conflict, one
from tests.clinic import Clinic, address, open_account
from tests.watching import Now


async def test_booking_claims_the_practitioner_and_a_room(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(9), note="First \u202evisit. ")
    kept = await one(made)
    assert kept == made
    assert (kept.status, kept.version, kept.source) == (Status.SCHEDULED, 1, "web")
    assert (kept.customer_id, kept.created_by) == (clinic.customer.user_id,) * 2
    assert kept.practitioner_id == clinic.dentist.user_id
    assert (kept.starts_at, kept.ends_at) == (clinic.at(9), clinic.at(9, 30))
    assert (kept.service_name, kept.duration_minutes, kept.price_cents) == (
        "Dental check-up",
        30,
        4500,
    )
    assert (kept.timezone, kept.note) == ("Europe/London", "First visit.")
    # Thirty minutes and five to tidy up.
    assert await claims(made) == {
        f"practitioner:{clinic.dentist.user_id}": 7,
        f"room:{kept.room_id}": 7,
    }


async def test_codes_are_told_apart_and_read_out(clinic: Clinic, now: Now) -> None:
    codes = {(await clinic.book(clinic.receptionist, clinic.at(9 + n))).code for n in range(8)}
    assert len(codes) == 8
    assert not set("".join(codes)) & set("AEIOU01")


async def test_taken_time_is_refused_with_the_nearest_free_ones(clinic: Clinic, now: Now) -> None:
    await clinic.book(clinic.customer, clinic.at(12))
    with pytest.raises(Conflict) as refusal:
        await clinic.book(clinic.other_customer, clinic.at(12))
    assert refusal.value.sentence == (
        "This time was just taken. Nearest free: 11:00, 11:15, 12:45."
    )
    assert refusal.value.alternatives == [
        clinic.at(11).isoformat(),
        clinic.at(11, 15).isoformat(),
        clinic.at(12, 45).isoformat(),
    ]
    assert len(await booked()) == 1


@pytest.mark.parametrize("minutes", [-30, -15, 15, 30])
async def test_overlapping_starts_conflict(clinic: Clinic, now: Now, minutes: int) -> None:
    await clinic.book(clinic.customer, clinic.at(12))
    with pytest.raises(Conflict) as refusal:
        await clinic.book(clinic.other_customer, clinic.at(12) + timedelta(minutes=minutes))
    assert is_conflict(refusal.value)
    for free in (-45, 45):
        await clinic.book(clinic.grace, clinic.at(12) + timedelta(minutes=free))


async def test_any_practitioner_means_the_second_one_when_there_is_one(
    clinic: Clinic, now: Now
) -> None:
    second = await open_account("second", Role.DENTIST, {clinic.downtown})
    first_made = await clinic.book(clinic.customer, clinic.at(12))
    made = await clinic.book(clinic.other_customer, clinic.at(12))
    assert {first_made.practitioner_id, made.practitioner_id} == {
        clinic.dentist.user_id,
        second.user_id,
    }
    assert first_made.room_id != made.room_id
    with pytest.raises(Conflict):
        await clinic.book(clinic.grace, clinic.at(12))


async def test_named_practitioner_is_not_replaced(clinic: Clinic, now: Now) -> None:
    second = await open_account("second", Role.DENTIST, {clinic.downtown})
    wanted = {"practitioner_id": second.user_id}
    assert (await clinic.book(clinic.customer, clinic.at(12), **wanted)).practitioner_id == (
        second.user_id
    )
    with pytest.raises(Conflict):
        await clinic.book(clinic.other_customer, clinic.at(12), **wanted)


async def test_free_practitioner_needs_a_free_room(clinic: Clinic, now: Now) -> None:
    """Three dentists share two surgeries."""
    for name in ("second", "third"):
        await open_account(name, Role.DENTIST, {clinic.downtown})
    await clinic.book(clinic.customer, clinic.at(12))
    await clinic.book(clinic.other_customer, clinic.at(12))
    with pytest.raises(Conflict):
        await clinic.book(clinic.grace, clinic.at(12))


async def test_optical_and_dental_bookings_do_not_meet(clinic: Clinic, now: Now) -> None:
    await clinic.book(clinic.customer, clinic.at(12))
    made = await clinic.book(clinic.other_customer, clinic.at(12), service_id=clinic.eye_exam)
    assert made.practitioner_id == clinic.optometrist.user_id


async def test_service_that_needs_approval_is_requested_by_customers_only(
    clinic: Clinic, now: Now
) -> None:
    asked = await clinic.book(clinic.customer, clinic.at(12), service_id=clinic.implant)
    given = await clinic.book(clinic.receptionist, clinic.at(13), service_id=clinic.implant)
    assert (asked.status, given.status) == (Status.REQUESTED, Status.SCHEDULED)
    assert await claims(asked), "a request holds its time"


async def test_desk_books_for_a_customer_and_dentists_for_their_own(
    clinic: Clinic, now: Now
) -> None:
    for number, name in enumerate(("receptionist", "manager", "admin", "dentist")):
        made = await clinic.book(clinic.scopes[name], clinic.at(9 + number))
        assert made.customer_id == clinic.customer.user_id
        assert made.created_by == clinic.scopes[name].user_id


async def test_others_do_not_book_here(clinic: Clinic, now: Now) -> None:
    for name in ("checker", "staff", "other_receptionist", "other_manager", "optometrist"):
        with pytest.raises(Forbidden):
            await clinic.book(clinic.scopes[name], clinic.at(12))
    second = await open_account("second", Role.DENTIST, {clinic.downtown})
    with pytest.raises(Forbidden, match="your own patients"):
        await clinic.book(clinic.dentist, clinic.at(12), practitioner_id=second.user_id)
    assert await booked() == []
    assert await claims() == {}


async def test_customer_books_for_nobody_else(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(
        clinic.customer, clinic.at(12), customer_email=address("other_customer")
    )
    assert made.customer_id == clinic.customer.user_id


async def test_desk_books_for_customers_only(clinic: Clinic, now: Now) -> None:
    for typed in ("", "nobody@example.com", address("dentist"), "\x00", "%"):
        with pytest.raises(Invalid) as refusal:
            await clinic.book(clinic.receptionist, clinic.at(12), customer_email=typed)
        assert refusal.value.fields == {"customer_email": "No customer has this e-mail address."}
