"""Many at once: one wins, the others are told what is free, and nothing overlaps."""

import asyncio
from random import Random

import pytest

from shinesmile.appointments import availability, booking
from shinesmile.appointments.lifecycle import CLAIMING
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.service import change, delete_softly
from shinesmile.core.errors import Conflict, NotFound
from shinesmile.core.scope import Scope
from tests.appointments.desk import booked, claims, customers, is_conflict, one, overlaps
from tests.clinic import Clinic, events
from tests.watching import Now


async def test_fifty_book_one_time_and_one_gets_it(clinic: Clinic, now: Now) -> None:
    rivals = await customers(50)
    answers = await asyncio.gather(
        *(clinic.book(each, clinic.at(12)) for each in rivals), return_exceptions=True
    )
    (made,) = await booked()
    assert [each for each in answers if isinstance(each, Appointment)] == [made]
    assert len([each for each in answers if is_conflict(each)]) == 49
    assert set((await claims()).values()) == {7}
    assert len(await events("appointment.created")) == 1


async def test_rivals_for_overlapping_times_share_nothing(clinic: Clinic, now: Now) -> None:
    rivals = await customers(12)
    times = [clinic.at(12, minute) for minute in (0, 15, 30, 45)] * 3
    answers = await asyncio.gather(
        *(clinic.book(*each) for each in zip(rivals, times, strict=True)), return_exceptions=True
    )
    assert all(isinstance(each, Appointment) or is_conflict(each) for each in answers)
    assert len(await booked()) in (1, 2)
    assert await overlaps() == 0


async def test_nothing_overlaps_after_a_storm(clinic: Clinic, now: Now) -> None:
    """Twelve people book, cancel and delete at random over one branch's day."""
    random = Random(3)
    people = [*await customers(10), clinic.receptionist, clinic.manager]
    met: list[type[BaseException]] = []

    async def act(who: Scope) -> None:
        for _ in range(10):
            start = clinic.at(random.randrange(9, 12), random.choice((0, 15, 30, 45)))
            service = random.choice((clinic.checkup, clinic.implant, clinic.eye_exam))
            try:
                made = await clinic.book(who, start, service_id=service)
                if random.random() < 0.5:
                    await change(who, made.id or 0, "cancel", reason="The storm")
                elif random.random() < 0.3:
                    await delete_softly(clinic.admin, made.id or 0)
            except Conflict as refusal:
                met.append(type(refusal))

    await asyncio.gather(*(act(each) for each in people))
    kept = await booked()
    active = [each for each in kept if each.status in CLAIMING and each.deleted_at is None]
    assert active and len(kept) > len(active) and met, "there was a storm"
    assert await overlaps() == 0
    for each in kept:
        cells = (each.duration_minutes + 5) // 5 if each in active else 0
        assert set((await claims(each)).values()) == ({cells} if cells else set())


async def test_storm_leaves_overlaps_when_nothing_is_claimed(
    clinic: Clinic, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look for overlaps finds them where the claims are taken away."""

    async def no_claim(*_asked: object) -> None:
        pass

    monkeypatch.setattr(booking, "claim", no_claim)
    for who in (clinic.customer, clinic.other_customer):
        await clinic.book(who, clinic.at(12))
    assert await overlaps() == 1


async def test_rival_who_commits_between_the_look_and_the_claim_wins(
    clinic: Clinic, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read as free is taken by now: the claim itself must find out."""
    await clinic.book(clinic.customer, clinic.at(12))
    read = availability._taken
    stale = 3

    async def looked_too_early(*asked: object) -> object:
        nonlocal stale
        stale -= 1
        return ({}, {}) if stale >= 0 else await read(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(availability, "_taken", looked_too_early)
    with pytest.raises(Conflict) as refusal:
        await clinic.book(clinic.other_customer, clinic.at(12))
    assert is_conflict(refusal.value)
    assert stale < 0, "it was tried again"
    assert len(await booked()) == 1


async def test_two_desks_cancel_once(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    asked = [
        change(who, made.id or 0, "cancel", reason="Twice")
        for who in (clinic.receptionist, clinic.manager, clinic.admin)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert len([each for each in answers if isinstance(each, Conflict)]) == 2
    assert (await one(made)).version == 2
    assert len(await events("appointment.cancelled")) == 1


async def test_two_delete_once(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    asked = [delete_softly(who, made.id or 0) for who in (clinic.manager, clinic.admin)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert len([each for each in answers if isinstance(each, NotFound)]) == 1
    assert len(await events("appointment.deleted")) == 1
