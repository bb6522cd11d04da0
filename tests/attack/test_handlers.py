"""Every handler is a public endpoint: nobody changes or sees more through it than they may."""

import re

import pytest

from tests.attack.conftest import OpenTab
from tests.attack.records import changes, look, user_id
from tests.attack.victims import (
    ENTER,
    LOGIN,
    PATIENT,
    PRIVATE,
    SCHEDULE,
    TABLE,
    TAKE,
    Victims,
    full,
)
from tests.attack.weapons import arsenal, fire, plot

# What a refusal's toast says.
SENTENCE = re.compile(r'toast\W+error\W+"([^"\\]+)')
EVERYTHING = {**PATIENT, **PRIVATE}
ATTACKERS = {
    "": EVERYTHING,
    "customer2": EVERYTHING,
    "receptionist2": EVERYTHING,
    "checker2": EVERYTHING,
    "optometrist2": EVERYTHING,
    "dentist": EVERYTHING,
    "staff": EVERYTHING,
    "manager2": EVERYTHING,
    # Of A's own branch, and allowed to read what is needed there.
    "checker": PRIVATE,
}


def address(name: str) -> str:
    return name and f"{name}@example.com"


def test_the_walk_finds_every_handler() -> None:
    found = {weapon.name for weapon in arsenal()}
    assert {ENTER, TABLE, SCHEDULE} < found
    assert full("accounts.state.users.users_state", "setvar") in found
    assert full("appointments.state.lists.row_state", "give_reason") in found
    root = "reflex___state____state"
    own = {f"{root}.{name}" for name in ("setvar", "hydrate", "hydrate_and_load")}
    own.add(f"{root}.reflex___state____update_vars_internal_state.update_vars_internal")
    own.add(f"{root}.reflex___state____on_load_internal_state.on_load_internal")
    assert own < found
    assert len(found) > 70


async def test_the_marks_are_seen_by_those_who_may(victims: Victims, open_tab: OpenTab) -> None:
    users = "accounts.state.users.users_state"
    admin = await open_tab("admin@example.com")
    await admin.ask(ENTER, path="/admin")
    await admin.ask(TABLE)
    await admin.ask(full("notifications.state.outbox_state", "open"))
    await admin.ask(full(users, "open"))
    await admin.ask(full(users, "find"), {"search": "canary"})
    seen = "".join(admin.frames)
    assert [name for name, mark in EVERYTHING.items() if mark not in seen] == []


@pytest.mark.parametrize("name", ATTACKERS)
async def test_nobody_does_or_sees_more_than_they_may(
    name: str, victims: Victims, open_tab: OpenTab
) -> None:
    own = [user_id(victims.server, address(name))] if name else []
    watching = await open_tab("admin@example.com")
    await watching.ask(ENTER, path="/admin")
    await watching.ask(TABLE)
    tab = await open_tab(address(name))
    before = look(victims.server)

    assert await fire(tab, arsenal(), victims) > 400
    await plot(tab, victims)
    choosing = own if name.startswith("customer") else ()
    assert changes(before, look(victims.server), own, choosing) == []
    answers = await tab.ask(ENTER, path="/admin")
    assert ("user_role" if name else LOGIN) in answers

    fired = len(tab.frames)
    news = f"canarynews from {name or 'nobody'}"
    await victims.book(news)
    await watching.until(lambda frame: news in frame)
    await tab.settle()

    received = "".join(tab.frames)
    assert [what for what, mark in ATTACKERS[name].items() if mark in received] == []
    heard = "".join(tab.frames[fired:])
    assert "Appointment created" not in heard
    if ATTACKERS[name] is EVERYTHING:
        assert "canary" not in heard


@pytest.mark.parametrize("name", [name for name in ATTACKERS if name and name != "checker"])
async def test_what_is_not_theirs_looks_as_if_it_were_not_there(
    name: str, victims: Victims, open_tab: OpenTab
) -> None:
    tab = await open_tab(address(name))
    rows, book = "appointments.state.lists.row_state", "appointments.state.booking.booking_state"
    users, bell = "accounts.state.users.users_state", "notifications.state.bell_state"
    version: dict[str, object] = {"version": 1}
    for handler, parameter, theirs, rest in (
        (TAKE, "appointment_id", victims.upcoming.id, version | {"verb": "confirm"}),
        (full(rows, "delete"), "appointment_id", victims.upcoming.id, {}),
        (full(rows, "restore"), "appointment_id", victims.cancelled.id, version),
        (full(users, "edit"), "user_id", victims.customer.user_id, {}),
        (full(bell, "read"), "notification_id", victims.notifications[0], {}),
    ):
        answers = [
            await tab.ask(handler, rest | {parameter: number}) for number in (theirs, 999_999_999)
        ]
        told = [SENTENCE.findall(answer) for answer in answers]
        assert told[0] == told[1] != [], handler
    told = [
        SENTENCE.findall(await tab.ask(full(book, "open"), path=f"/services?move={number}"))
        for number in (victims.upcoming.id, 999_999_999)
    ]
    assert told[0] == told[1] != []
