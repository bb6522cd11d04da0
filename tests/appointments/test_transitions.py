"""Every verb, from every status, by everybody: what DOMAIN.md §1 and §6 allow, and nothing else."""

import pytest

from shinesmile.appointments.lifecycle import BY_VERB, Status
from shinesmile.appointments.models import Appointment
from shinesmile.appointments.service import change
from shinesmile.core.errors import Conflict, Forbidden, NotFound, Refusal
from tests.appointments.desk import one, put_into
from tests.clinic import Clinic
from tests.watching import Now

BOOKED, OPEN = "scheduled confirmed", "requested scheduled confirmed"
PRESENT = "arrived checked_in in_progress"
OVER = "completed cancelled declined no_show"

# verb: (from, to, who at this branch)
TABLE = {
    "approve": ("requested", "scheduled", "receptionist dentist manager admin"),
    "decline": ("requested", "declined", "receptionist dentist manager admin"),
    "confirm": ("scheduled", "confirmed", "customer receptionist dentist manager admin"),
    "arrive": (BOOKED, "arrived", "receptionist checker dentist manager admin"),
    "check_in": ("arrived", "checked_in", "receptionist checker dentist manager admin"),
    "start": ("checked_in", "in_progress", "receptionist checker dentist manager admin"),
    "complete": ("in_progress", "completed", "receptionist checker dentist manager admin"),
    "no_show": (BOOKED, "no_show", "receptionist checker dentist manager admin"),
    "cancel": (
        f"{OPEN} {PRESENT}",
        "cancelled",
        "customer receptionist dentist manager admin",
    ),
    "enter_in_error": (f"{OPEN} {PRESENT} {OVER}", "entered_in_error", "manager admin"),
}
# Everybody else works elsewhere, is another customer, or has nothing to do with it.
SEE_IT = {"customer", "receptionist", "checker", "dentist", "manager", "admin"}


def test_table_names_every_verb() -> None:
    assert set(TABLE) == set(BY_VERB)


def expected(verb: str, status: Status, name: str) -> type[Refusal] | Status:
    """What somebody gets who tries a verb: a refusal, or the status it leads to."""
    sources, target, who = TABLE[verb]
    if name not in SEE_IT or status is Status.ENTERED_IN_ERROR:
        return NotFound
    if status not in sources.split():
        return Conflict
    if name not in who.split():
        return Forbidden
    if name == "customer" and status in PRESENT.split():
        return Conflict
    return Status(target)


async def attempt(clinic: Clinic, made: Appointment, verb: str, name: str) -> object:
    try:
        changed = await change(clinic.scopes[name], made.id or 0, verb, reason="Tried")
    except Refusal as refusal:
        return type(refusal)
    return changed.status


@pytest.mark.parametrize("verb", TABLE)
async def test_verb_is_for_those_who_may_and_from_where_it_may(
    clinic: Clinic, now: Now, verb: str
) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    now.moment = clinic.at(12, 5) if verb == "no_show" else clinic.at(9, 30)
    for status in Status:
        await put_into(made, status)
        for name in clinic.scopes:
            outcome = await attempt(clinic, made, verb, name)
            assert outcome == expected(verb, status, name), f"{name} from {status}"
            if isinstance(outcome, Status):
                kept = await one(made)
                assert (kept.status, kept.version) == (outcome, 2)
                await put_into(made, status)
        kept = await one(made)
        assert (kept.status, kept.version) == (status, 1), "refusals change nothing"


async def test_unknown_verb_is_refused(clinic: Clinic, now: Now) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    with pytest.raises(Conflict, match="This appointment is scheduled: it cannot fly now"):
        await change(clinic.admin, made.id or 0, "fly")


@pytest.mark.parametrize("appointment_id", [0, -1, 999_999])
async def test_unknown_appointment_looks_like_one_out_of_sight(
    clinic: Clinic, now: Now, appointment_id: int
) -> None:
    made = await clinic.book(clinic.customer, clinic.at(12))
    with pytest.raises(NotFound) as absent:
        await change(clinic.other_receptionist, appointment_id, "cancel", reason="x")
    with pytest.raises(NotFound) as hidden:
        await change(clinic.other_receptionist, made.id or 0, "cancel", reason="x")
    assert absent.value.sentence == hidden.value.sentence
