"""What customers may book: lead time, horizon and how many; and what nobody may."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shinesmile.appointments import booking
from shinesmile.appointments.booking import request_from
from shinesmile.appointments.requests import parse_start
from shinesmile.appointments.service import change
from shinesmile.core.errors import Conflict, Invalid, NotFound, Refusal
from tests.appointments.desk import booked, claims
from tests.clinic import Clinic, events, told
from tests.watching import Now

THREE = "You already have 3 upcoming appointments. Cancel one before you book another."
TOO_SOON = "This time is too soon or already past. Choose a later one."
CLOSED = "Nobody works then. Choose one of the times shown."
PAST_DAY = "This day is in the past. Choose a day from today on."
TOO_FAR = "Bookings open 90 days ahead. Choose a day before."
NO_CALENDAR = "This time is not in the calendar."


async def test_customers_keep_two_hours_of_lead_time(clinic: Clinic, now: Now) -> None:
    """It is seven o'clock: nine is just early enough, and a second later it is not."""
    await clinic.book(clinic.customer, clinic.at(9))
    now.move(minutes=45, seconds=1)
    with pytest.raises(Invalid) as refusal:
        await clinic.book(clinic.customer, clinic.at(9, 45))
    assert refusal.value.fields == {"starts_at": TOO_SOON}
    now.move(seconds=-1)
    await clinic.book(clinic.customer, clinic.at(9, 45))


async def test_desk_needs_no_lead_time(clinic: Clinic, now: Now) -> None:
    now.moment = clinic.at(9)
    await clinic.book(clinic.receptionist, clinic.at(9))
    now.move(hours=1, seconds=1)
    with pytest.raises(Invalid) as refusal:
        await clinic.book(clinic.receptionist, clinic.at(10))
    assert refusal.value.fields == {"starts_at": TOO_SOON}


async def test_customers_book_ninety_days_ahead(clinic: Clinic, now: Now) -> None:
    await clinic.book(clinic.customer, clinic.at(17, days=90))
    with pytest.raises(Invalid) as refusal:
        await clinic.book(clinic.customer, clinic.at(9, days=91))
    assert refusal.value.fields == {"day": TOO_FAR}
    await clinic.book(clinic.receptionist, clinic.at(9, days=91))


async def test_horizon_counts_days_of_the_branch(clinic: Clinic, now: Now) -> None:
    """In the evening it is already tomorrow in Kolkata, and its ninetieth day one later."""
    now.move(hours=13)
    there = {"branch_id": clinic.lakeside}
    tomorrow = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Kolkata"))
    await clinic.book(clinic.customer, tomorrow + timedelta(days=90), **there)
    with pytest.raises(Invalid):
        await clinic.book(clinic.customer, clinic.at(9, days=91))


async def test_customers_have_three_upcoming_appointments(clinic: Clinic, now: Now) -> None:
    made = [await clinic.book(clinic.customer, clinic.at(9 + hour)) for hour in range(3)]
    with pytest.raises(Conflict, match=THREE):
        await clinic.book(clinic.customer, clinic.at(15))
    await clinic.book(clinic.other_customer, clinic.at(15))
    await change(clinic.customer, made[0].id or 0, "cancel")
    await clinic.book(clinic.customer, clinic.at(16))
    with pytest.raises(Conflict, match=THREE):
        await clinic.book(clinic.customer, clinic.at(9))
    now.moment = clinic.at(10, 1)
    await clinic.book(clinic.customer, clinic.at(13))


async def test_desk_books_a_fourth(clinic: Clinic, now: Now) -> None:
    for hour in range(4):
        await clinic.book(clinic.receptionist, clinic.at(9 + hour))
    assert len(await booked()) == 4


async def test_customer_in_two_browsers_gets_three_appointments(clinic: Clinic, now: Now) -> None:
    asked = [clinic.book(clinic.customer, clinic.at(9 + hour)) for hour in range(8)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert len(await booked()) == 3
    assert [str(each) for each in answers if isinstance(each, Exception)] == [THREE] * 5


Try = Callable[[Clinic], Awaitable[object]]


def at(moment: Callable[[Clinic], datetime], **changed: object) -> Try:
    """Carla asks for a time Downtown."""
    return lambda clinic: clinic.book(clinic.customer, moment(clinic), **changed)


def form(**changed: object) -> Try:
    """Carla sends a form."""

    async def send(clinic: Clinic) -> object:
        given = {
            "branch_id": str(clinic.downtown),
            "service_id": str(clinic.checkup),
            "starts_at": clinic.at(9).isoformat(),
        }
        return await booking.book(clinic.customer, request_from(given | changed))

    return send


async def other_branchs_dentist(clinic: Clinic) -> object:
    return await clinic.book(
        clinic.customer, clinic.at(9), practitioner_id=clinic.other_dentist.user_id
    )


async def optometrist_for_teeth(clinic: Clinic) -> object:
    return await clinic.book(
        clinic.customer, clinic.at(9), practitioner_id=clinic.optometrist.user_id
    )


NOT_OFFERED = "This service or branch is not available."
NOT_PERFORMED = "This practitioner does not offer this service here."

REFUSED: dict[str, tuple[Try, type[Refusal], str]] = {
    "yesterday": (at(lambda clinic: clinic.at(9, days=-1)), Invalid, PAST_DAY),
    "an hour ago": (at(lambda clinic: clinic.at(6)), Invalid, TOO_SOON),
    "before opening": (at(lambda clinic: clinic.at(8, 45, days=1)), Invalid, CLOSED),
    "past closing": (at(lambda clinic: clinic.at(17, 45)), Invalid, CLOSED),
    "at night": (at(lambda clinic: clinic.at(23)), Invalid, CLOSED),
    "between the times": (at(lambda clinic: clinic.at(9, 20)), Invalid, CLOSED),
    "a second late": (
        at(lambda clinic: clinic.at(9, 15) + timedelta(seconds=1)),
        Invalid,
        CLOSED,
    ),
    "year 1": (at(lambda clinic: clinic.at(9).replace(year=1)), Invalid, NO_CALENDAR),
    "year 9999": (at(lambda clinic: clinic.at(9).replace(year=9999)), Invalid, NO_CALENDAR),
    "unknown branch": (at(lambda clinic: clinic.at(9), branch_id=999), NotFound, NOT_OFFERED),
    "unknown service": (at(lambda clinic: clinic.at(9), service_id=999), NotFound, NOT_OFFERED),
    "unknown person": (
        at(lambda clinic: clinic.at(9), practitioner_id=999),
        Invalid,
        NOT_PERFORMED,
    ),
    "dentist of elsewhere": (other_branchs_dentist, Invalid, NOT_PERFORMED),
    "wrong profession": (optometrist_for_teeth, Invalid, NOT_PERFORMED),
    "long note": (
        at(lambda clinic: clinic.at(9), note="a" * 10_000),
        Invalid,
        "The note can have at most 1,000 characters; this has 10,000.",
    ),
    "time without a zone": (
        form(starts_at="2026-11-23T09:00:00"),
        Invalid,
        "This time has no zone.",
    ),
    "no time": (form(starts_at=""), Invalid, "Choose a time."),
    "words for a time": (form(starts_at="tomorrow"), Invalid, "Choose a time."),
    "words for a branch": (form(branch_id="1; DROP TABLE"), Invalid, "Choose from the list."),
    "negative": (form(branch_id="-1"), Invalid, "Choose from the list."),
    "huge number": (form(service_id="9" * 30), Invalid, "Choose from the list."),
    "large number": (form(service_id="9" * 9), NotFound, NOT_OFFERED),
    "no branch": (form(branch_id=None), NotFound, NOT_OFFERED),
    "year 9999 in a far zone": (
        form(starts_at="9999-12-31T23:59:00-12:00"),
        Invalid,
        NO_CALENDAR,
    ),
}


def said(refusal: Refusal) -> str:
    """The sentence beside the field, or the refusal's own."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    return next(iter(fields.values()), refusal.sentence)


async def test_what_cannot_be_is_refused_with_its_sentence_and_changes_nothing(
    clinic: Clinic, now: Now
) -> None:
    before = (len(await events()), len(await told()))
    for name, (attempt, kind, sentence) in REFUSED.items():
        with pytest.raises(kind) as refusal:
            await attempt(clinic)
        assert said(refusal.value) == sentence, name
    assert (len(await events()), len(await told())) == before
    assert (await booked(), await claims()) == ([], {})
    await form()(clinic)
    assert len(await booked()) == 1, "the form is good but for what was changed in it"


@pytest.mark.parametrize("typed", [None, 7, "2026-13-01T09:00+00:00", "\x00", "9" * 10_000])
def test_start_is_a_moment_with_a_zone(typed: object) -> None:
    with pytest.raises(Invalid):
        parse_start(typed)
    assert parse_start("2026-11-23T09:00:00+05:30").utcoffset() == timedelta(hours=5, minutes=30)


async def test_same_moment_in_another_zone_is_the_same_time(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(9).astimezone(ZoneInfo("Asia/Kolkata")))
    assert made.starts_at == clinic.at(9)
