"""Every handler that the server dispatches to, and the payloads that it should not swallow."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from reflex_base.registry import RegistrationContext

from shinesmile.appointments.lifecycle import BY_VERB
from shinesmile.core import clock
from shinesmile.shinesmile import app
from tests.attack.victims import HYDRATE, PRIVATE, Victims, full
from tests.attack.wire import Socket

EDGES: list[Any] = [
    0,
    -1,
    2**63,
    None,
    "",
    "1 OR 1=1",
    "\x00²",
    "x" * 20_000,
    [1, [2]],
    {"id": 1, "__class__": "admin"},
]
PAST = "2020-01-01T10:00:00+00:00"
FORMS: list[Any] = [
    {
        "name": "Mallory",
        "email": "mallory@example.com",
        "phone": "1",
        "role": "admin",
        "password": "password123",
        "is_active": "on",
        "branch_ids": [1],
        "branch_1": "on",
    },
    {"name": "Mallory", "email": PRIVATE["email"], "role": "receptionist", "branch_1": "on"},
    {"reason": "Because I say so.", "id": 1, "version": 1, "verb": "cancel"},
    {"current": "password124", "password": "mallory's own", "user_id": 1},
    {"name": "Mallory's branch", "timezone": "Europe/London", "is_active": ""},
    {
        "name": "Free",
        "kind": "dental",
        "duration_minutes": "30",
        "price": "0",
        "branch_ids": [1],
        "is_active": "on",
    },
    {"note": "x", "customer_email": PRIVATE["email"], "branch_id": "1", "starts_at": PAST},
    {"name": ["x"], "phone": {"a": 1}, "role": None},
    *EDGES,
]


@dataclass(frozen=True)
class Weapon:
    """A handler by its full name, and the names of what it takes."""

    name: str
    takes: tuple[str, ...]

    def payloads(self, victims: Victims) -> Iterator[dict[str, Any]]:
        """Every payload to try on it."""
        pools = [_pool(each, victims) for each in self.takes]
        for number in range(max(map(len, pools), default=1)):
            chosen = [pool[number % len(pool)] for pool in pools]
            yield dict(zip(self.takes, chosen, strict=True))
        yield {"unexpected": 1}


def _pool(parameter: str, victims: Victims) -> list[Any]:
    match parameter:
        case "form":
            return FORMS
        case "verb":
            return [*BY_VERB, "delete", "__class__", None, []]
        case "var_name":
            return ["is_hydrated", "editing", "asked_id", "branches", "router", "__class__", {}]
        case "start" | "day":
            return [PAST, PAST[:10], "0001-01-01", "9999-12-31T23:59:59+14:00", *EDGES]
        case "value":
            return [True, 0, {"id": victims.staff.user_id}, "x"]
        case "vars" | "hashes" | "info" | "component_stack":
            return EDGES
    theirs = victims.ids.get(parameter, [victims.upcoming.code])
    return [*theirs, *map(str, theirs), *EDGES]


def arsenal() -> list[Weapon]:
    """Every event handler of every state, Reflex's own among them, as the server knows them."""
    for route in list(app._unevaluated_pages):
        app._compile_page(route)
    registered = RegistrationContext.get().event_handlers.items()
    return [
        Weapon(name, tuple(inspect.signature(each.handler.fn).parameters)[1:])
        for name, each in registered
    ]


async def fire(tab: Socket, weapons: list[Weapon], victims: Victims) -> int:
    """Call everything with everything; answers how many calls that were."""
    fired = 0
    for weapon in weapons:
        for payload in weapon.payloads(victims):
            await tab.call(weapon.name, payload, path="/admin")
            fired += 1
        await tab.settle()
    return fired


async def plot(tab: Socket, victims: Victims) -> None:
    """The sequences that a page would send, aimed at the victims."""
    users, rows = "accounts.state.users.users_state", "appointments.state.lists.row_state"
    schedule = "appointments.state.lists.schedule_state"
    branches, services = (
        "branches.state.managed_branches_state",
        "branches.state.managed_services_state",
    )
    for person in (victims.customer.user_id, victims.staff.user_id):
        await tab.ask(full(users, "open"))
        await tab.ask(full(users, "edit"), {"user_id": person})
        for form in FORMS[:2]:
            await tab.ask(full(users, "save"), {"form": form})
    await tab.ask(full(users, "add"))
    await tab.ask(full(users, "save"), {"form": FORMS[0]})
    for state, number, form in ((branches, victims.branch, 4), (services, victims.service, 5)):
        await tab.ask(full(state, "open"))
        taken = "branch_id" if state == branches else "service_id"
        await tab.ask(full(state, "edit"), {taken: number})
        await tab.ask(full(state, "save"), {"form": FORMS[form]})
    for verb in BY_VERB:
        target = victims.upcoming
        step = {"appointment_id": target.id, "version": target.version, "verb": verb}
        await tab.ask(full(rows, "take"), step)
        await tab.ask(full(rows, "give_reason"), {"form": FORMS[2]})
    await tab.ask(full(rows, "delete"), {"appointment_id": victims.upcoming.id})
    for days in range(12):
        await tab.ask(full(schedule, "turn"), {"by": 1 if days else 0})
    gone = {"appointment_id": victims.cancelled.id, "version": victims.cancelled.version}
    await tab.ask(full(rows, "restore"), gone)
    await jump_the_queue(tab, victims)
    await tab.ask(HYDRATE)


async def jump_the_queue(tab: Socket, victims: Victims) -> None:
    """Take, hold and wait for times at the victims' branch; gives back what it was given."""
    book = "appointments.state.booking.booking_state"
    far = (clock.now() + timedelta(days=80)).date().isoformat()
    free = await victims.free_start()
    await tab.ask(full(book, "choose_service"), {"service_id": str(victims.service)})
    await tab.ask(full(book, "choose_branch"), {"branch_id": str(victims.branch)})
    for start in (victims.upcoming.starts_at.isoformat(), free):
        await tab.ask(full(book, "choose_time"), {"start": start})
        await tab.ask(full(book, "renew"))
    await tab.ask(full(book, "wait"), {"form": {"first_day": far, "last_day": far}})
    await tab.ask(full(book, "release"))
    await tab.ask(full(book, "choose_time"), {"start": victims.upcoming.starts_at.isoformat()})
    await tab.ask(full(book, "confirm"), {"form": FORMS[6]})
    await tab.ask(full(book, "open"), path=f"/services?move={victims.upcoming.id}")
    await tab.ask(full(book, "confirm"), {"form": FORMS[6]})
