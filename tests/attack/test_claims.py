"""What a browser claims about its state or its address gives no right that its session lacks."""

from typing import Any

from reflex_base.registry import RegistrationContext

from tests.attack.conftest import OpenTab
from tests.attack.records import changes, look
from tests.attack.victims import (
    ENTER,
    HYDRATE,
    LOGIN,
    PATIENT,
    PRIVATE,
    SCHEDULE,
    TABLE,
    TAKE,
    Victims,
    full,
    sign_in,
)
from tests.attack.weapons import arsenal
from tests.attack.wire import ROOT

USERS = "accounts.state.users.users_state"
ROWS = "appointments.state.lists.row_state"
UPDATE = f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal"
CONNECT = f"{ROOT}.hydrate_and_load"
MARKS = (*PATIENT.values(), *PRIVATE.values())


def every_var() -> list[tuple[str, str]]:
    """The full name of each state with the names of its Vars, but for what may be set."""
    assert arsenal()
    known = RegistrationContext.get().base_states.items()
    found = [(state, name) for state, kind in known for name in kind.base_vars]
    assert (full(USERS, "editing")) in {f"{state}.{name}" for state, name in found}
    return [(state, name) for state, name in found if name != "is_hydrated"]


async def test_no_var_is_set_from_outside(open_tab: OpenTab) -> None:
    tab = await open_tab("customer2@example.com")
    await tab.ask(ENTER, path="/dashboard")
    vars: dict[str, Any] = {}
    for state, name in every_var():
        vars[f"{state}.{name}_rx_state_"] = vars[f"{state}.{name}"] = "planted"
        await tab.call(f"{state}.setvar", {"var_name": name, "value": "planted"})
        await tab.call(f"{state}.set_{name}", {"value": "planted"})
        await tab.call(UPDATE, {"vars": {f"{state}.{name}_rx_state_": "planted"}})
    await tab.ask(UPDATE, {"vars": vars})
    await tab.ask(CONNECT, {"vars": vars})
    snapshot = await tab.ask(HYDRATE)
    assert '"asking_rx_state_":false' in snapshot
    assert "planted" not in "".join(tab.frames)


async def test_a_planted_id_is_worth_nothing(victims: Victims, open_tab: OpenTab) -> None:
    attackers = ("customer2@example.com", "receptionist2@example.com", "manager2@example.com")
    tabs = [await open_tab(email) for email in attackers]
    before = look(victims.server)
    for tab in tabs:
        editing = {"id": victims.staff.user_id, "version": 1}
        asked = {
            "asked_id": victims.upcoming.id,
            "asked_version": victims.upcoming.version,
            "asked_verb": "cancel",
            "asking": True,
        }
        await tab.ask(full(USERS, "setvar"), {"var_name": "editing", "value": editing})
        await tab.ask(
            full(USERS, "save"),
            {"form": {"name": "Mallory", "role": "staff", f"branch_{victims.branch}": "on"}},
        )
        for name, value in asked.items():
            await tab.ask(full(ROWS, "setvar"), {"var_name": name, "value": value})
        await tab.ask(full(ROWS, "give_reason"), {"form": {"reason": "Planted."}})
    assert changes(before, look(victims.server)) == []


async def test_only_the_handshakes_cookie_counts(victims: Victims, open_tab: OpenTab) -> None:
    admin = await sign_in(victims.server, "admin@example.com")
    assert "user_role" in await (await open_tab(cookie=admin)).ask(ENTER, path="/admin")

    tab = await open_tab()
    claims: dict[str, Any] = {
        "headers": {"cookie": admin, "Cookie": admin},
        "cookie": admin,
        "session_id": "x",
        "token": "x",
        "client_ip": "127.0.0.1",
        "query": {"cookie": admin},
    }
    before = look(victims.server)
    for handler in (ENTER, TABLE, SCHEDULE):
        assert LOGIN in await tab.ask(handler, path="/admin", **claims)
    step = {"appointment_id": victims.upcoming.id, "version": 1, "verb": "confirm"}
    assert LOGIN in await tab.ask(TAKE, step, path="/admin", **claims)
    assert not [mark for mark in MARKS if mark in "".join(tab.frames)]
    assert changes(before, look(victims.server)) == []


async def test_a_second_handshake_cannot_be_made_up(victims: Victims, open_tab: OpenTab) -> None:
    """python-socketio calls on_connect for an event that a browser names `connect`."""
    owner, token = await open_tab(cookie=victims.cookie, token="known"), "known"
    await owner.ask(ENTER, path="/dashboard")
    tab = await open_tab()
    for environ in (
        {"QUERY_STRING": f"token={token}", "HTTP_COOKIE": victims.cookie},
        {"QUERY_STRING": f"token={token}", "REMOTE_ADDR": "6.6.6.6"},
        {},
        None,
    ):
        await tab.emit("connect", environ)
        await tab.emit("connect", environ, {"event": {"name": HYDRATE}})
        assert LOGIN in await tab.ask(ENTER, path="/dashboard")
        await tab.ask(HYDRATE)
    received = "".join(tab.frames)
    assert PATIENT["name"] not in received and "6.6.6.6" not in received
    assert PATIENT["name"] in await owner.ask(ENTER, path="/dashboard")


async def test_the_address_opens_no_page(victims: Victims, open_tab: OpenTab) -> None:
    for email in ("", "customer2@example.com", "staff2@example.com"):
        tab = await open_tab(email)
        for path in ("/admin", "/admin/users", "/reception", "/admin/outbox", "/nope", "//", "\\"):
            await tab.ask(ENTER, path=path)
            await tab.ask(CONNECT, path=path)
        received = "".join(tab.frames)
        assert not [mark for mark in MARKS if mark in received]
        assert '"allowed_rx_state_":true' not in received
