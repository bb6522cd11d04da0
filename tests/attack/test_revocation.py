"""When a session ends, for whatever reason, its open pages go blind and dumb at once."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from shinesmile.accounts import administration
from shinesmile.core.scope import Role
from shinesmile.demo import PASSWORD
from shinesmile.realtime.hub import LOOK_EVERY_SECONDS
from tests.attack.conftest import OpenTab
from tests.attack.records import changes, look, user_id
from tests.attack.victims import (
    ENTER,
    FOUNDER,
    HYDRATE,
    LOGIN,
    PATIENT,
    PROFILE,
    SCHEDULE,
    TABLE,
    TAKE,
    Victims,
    full,
    inside,
    sign_in,
)
from tests.attack.wire import ROOT, Socket
from tests.serving import Server

USERS = "accounts.state.users.users_state"
OWN = "accounts.state.profile.profile_state"
AT_ONCE = 1.0
# Another process without Redis is noticed when the log is next looked at.
ELSEWHERE = LOOK_EVERY_SECONDS + AT_ONCE


class Case:
    """A receptionist of the victims' branch, signed in, with an admin and a second device."""

    def __init__(self, victims: Victims) -> None:
        self.victims, self.server = victims, victims.server
        self.email = f"revoked-{uuid4().hex}@example.com"
        self.form = {
            "name": "Rosa Revoked",
            "role": "receptionist",
            f"branch_{victims.branch}": "on",
            "is_active": "on",
        }

    async def prepare(self) -> None:
        given = {
            "name": "Rosa Revoked",
            "email": self.email,
            "password": PASSWORD,
            "role": Role.RECEPTIONIST,
            "branch_ids": {self.victims.branch},
        }
        async with inside(self.server):
            await administration.create_user(FOUNDER, given)
        self.cookie = await sign_in(self.server, self.email)
        self.second = await sign_in(self.server, self.email)

    def session_id(self) -> str:
        owner = user_id(self.server, self.email)
        rows = [row for (table, _), row in look(self.server).items() if table == "session"]
        return str(next(row["id"] for row in rows if row["user_id"] == owner))

    async def save(self, **changed: str) -> None:
        cookie = await sign_in(self.server, "admin@example.com")
        async with await Socket.open(self.server.url, cookie) as admin:
            await admin.ask(full(USERS, "open"))
            await admin.ask(full(USERS, "edit"), {"user_id": user_id(self.server, self.email)})
            answer = await admin.ask(full(USERS, "save"), {"form": self.form | changed})
        assert "The account is saved." in answer

    async def on_second_device(self, handler: str, payload: dict[str, object]) -> None:
        async with await Socket.open(self.server.url, self.second) as device:
            await device.ask(full(OWN, handler), payload)


async def by_signing_out(case: Case) -> None:
    async with httpx.AsyncClient(base_url=case.server.url, trust_env=False) as browser:
        await browser.post("/auth/logout", headers={"Cookie": case.cookie})


async def by_revoking_it(case: Case) -> None:
    await case.on_second_device("revoke", {"session_id": case.session_id()})


async def by_a_new_password(case: Case) -> None:
    form = {"current": PASSWORD, "password": "a longer password"}
    await case.on_second_device("change_password", {"form": form})


async def by_disabling_the_account(case: Case) -> None:
    await case.save(is_active="")


async def by_another_role(case: Case) -> None:
    await case.save(role="staff")


async def by_another_branch(case: Case) -> None:
    await case.save(
        **{f"branch_{case.victims.branch}": "", f"branch_{case.victims.branch + 1}": "on"}
    )


async def by_another_process(case: Case) -> None:
    given = {"name": "Rosa", "role": Role.STAFF, "branch_ids": {case.victims.branch}}
    async with inside(case.server):
        number = user_id(case.server, case.email)
        await administration.update_user(FOUNDER, number, 1, given)


WAYS: dict[Callable[[Case], Awaitable[None]], float] = {
    by_signing_out: AT_ONCE,
    by_revoking_it: AT_ONCE,
    by_a_new_password: AT_ONCE,
    by_disabling_the_account: AT_ONCE,
    by_another_role: AT_ONCE,
    by_another_branch: AT_ONCE,
    by_another_process: ELSEWHERE,
}


@pytest.mark.parametrize("end", WAYS, ids=lambda way: way.__name__)
async def test_an_ended_session_sees_and_does_nothing_more(
    end: Callable[[Case], Awaitable[None]], victims: Victims, server: Server, open_tab: OpenTab
) -> None:
    case = Case(victims)
    await case.prepare()
    tab = await open_tab(cookie=case.cookie)
    for handler in (ENTER, full("notifications.state.bell_state", "ring"), SCHEDULE, PROFILE):
        await tab.ask(handler, path="/reception")
    await victims.book(f"canary before {case.email}")
    await tab.until(lambda frame: "Appointment created" in frame)

    known = len(tab.frames)
    await end(case)
    async with asyncio.timeout(WAYS[end]):
        await tab.until(lambda frame: LOGIN in frame, after=known)

    turned_out = len(tab.frames)
    watching = await open_tab("admin@example.com")
    await watching.ask(ENTER, path="/admin")
    await watching.ask(TABLE)
    news = f"canary after {case.email}"
    await victims.book(news)
    await watching.until(lambda frame: news in frame)
    await tab.settle()
    settling = f'{{"{ROOT}":{{"is_hydrated_rx_state_"'
    assert [each for each in tab.frames[turned_out:] if settling not in each] == []

    before = look(server)
    step = {"appointment_id": victims.upcoming.id, "version": victims.upcoming.version}
    for device in (tab, await open_tab(cookie=case.cookie)):
        told = len(device.frames)
        for handler, payload in (
            (ENTER, {}),
            (SCHEDULE, {}),
            (TAKE, step | {"verb": "confirm"}),
            (full(OWN, "save"), {"form": {"name": "Still here"}}),
        ):
            assert LOGIN in await device.ask(handler, payload, path="/reception")
        await device.ask(HYDRATE)
        assert not [mark for mark in PATIENT.values() if mark in "".join(device.frames[told:])]
    assert changes(before, look(server)) == []
