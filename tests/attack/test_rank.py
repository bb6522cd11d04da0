"""A manager's word ends at the manager's branches and rank; a reset link works once."""

import re
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from shinesmile.accounts import administration
from shinesmile.accounts.sessions import SESSION_COOKIE
from shinesmile.appointments import booking, holds, moving
from shinesmile.appointments.booking import BookingRequest
from shinesmile.branches.models import Service
from shinesmile.core.errors import Forbidden
from shinesmile.core.scope import Role, Scope
from shinesmile.demo import PASSWORD
from tests.attack.conftest import OpenTab
from tests.attack.records import changes, look, user_id
from tests.attack.victims import (
    ENTER,
    FOUNDER,
    LOGIN,
    Victims,
    free_times,
    full,
    inside,
    number_of,
    sign_in,
)
from tests.attack.wire import Socket
from tests.serving import Server

USERS = "accounts.state.users.users_state"
DEAD = "/reset-password?notice=1"


async def account(server: Server, role: Role, *branches: int) -> tuple[int, str]:
    """A new account's id and address."""
    email = f"{uuid4().hex}@example.com"
    given = {"name": "Rank", "email": email, "password": PASSWORD, "role": role}
    async with inside(server):
        made = await administration.create_user(FOUNDER, given | {"branch_ids": set(branches)})
    return made, email


async def save(tab: Socket, number: int, **form: str) -> str:
    await tab.ask(full(USERS, "open"))
    opened = await tab.ask(full(USERS, "edit"), {"user_id": number})
    return opened + await tab.ask(full(USERS, "save"), {"form": form})


async def test_a_colleague_shared_with_another_branch(victims: Victims, open_tab: OpenTab) -> None:
    here, elsewhere = victims.branch, victims.branch + 2
    number, _ = await account(victims.server, Role.DENTIST, here, elsewhere)
    manager = await open_tab("manager@example.com")
    at = {f"branch_{here}": "on"}
    before = look(victims.server)
    for form in (
        {"name": "Rank", "role": "receptionist", "is_active": "on", **at},
        {"name": "Rank", "role": "dentist", **at},
    ):
        assert "not yours" in await save(manager, number, **form)
    assert changes(before, look(victims.server)) == []

    form = {"name": "Renamed", "role": "dentist", "is_active": "on", **at}
    assert "The account is saved." in await save(manager, number, **form)
    rows = [row for (table, _), row in look(victims.server).items() if table == "membership"]
    assert {row["branch_id"] for row in rows if row["user_id"] == number} == {here, elsewhere}


async def test_those_who_are_not_below(victims: Victims, open_tab: OpenTab) -> None:
    peer, _ = await account(victims.server, Role.MANAGER, victims.branch)
    manager = await open_tab("manager@example.com")
    before = look(victims.server)
    at = {f"branch_{victims.branch}": "on", "is_active": "on"}
    boss = user_id(victims.server, "admin@example.com")
    myself = user_id(victims.server, "manager@example.com")
    for number in (peer, boss, myself, victims.customer.user_id):
        for role in ("staff", "manager", "admin"):
            await save(manager, number, name="Mallory", role=role, **at)
    for role in ("manager", "admin", "customer", "", "root"):
        await manager.ask(full(USERS, "add"))
        new = {"name": "Mallory", "email": f"{uuid4().hex}@example.com", "password": PASSWORD}
        await manager.ask(full(USERS, "save"), {"form": new | {"role": role} | at})
    assert changes(before, look(victims.server)) == []


async def test_reset_links_die_together(server: Server) -> None:
    _, email = await account(server, Role.CUSTOMER)
    cookie = await sign_in(server, email)
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as browser:
        for _ in range(2):
            await browser.post("/auth/forgot-password", data={"email": email})
        mails = [row for (table, _), row in look(server).items() if table == "mail"]
        bodies = [row["body"] for row in mails if row["recipient"] == email]
        first, second = (re.findall(r"secret=(\S+)", body)[0] for body in bodies)
        chosen = {"password": "chosen by the owner"}
        used = await browser.post("/auth/reset-password", data={"secret": second, **chosen})
        assert used.headers["location"] == "/login?notice=1"

        before = look(server)
        for secret in (first, second, "", "x" * 5000, "' OR 1=1 --"):
            form = {"secret": secret, "password": "chosen by a thief"}
            answer = await browser.post("/auth/reset-password", data=form)
            assert answer.headers["location"].startswith(DEAD)
        assert changes(before, look(server)) == []
        right = await browser.post("/auth/login", data={"email": email, **chosen})
        assert SESSION_COOKIE in right.cookies
    async with await Socket.open(server.url, cookie) as tab:
        assert LOGIN in await tab.ask(ENTER, path="/dashboard")


async def test_a_dentist_moves_nobody_into_a_colleagues_day(victims: Victims) -> None:
    server, branch = victims.server, victims.branch
    mine, _ = await account(server, Role.DENTIST, branch)
    colleague, _ = await account(server, Role.DENTIST, branch)
    patient, _ = await account(server, Role.CUSTOMER)
    dentist = Scope(mine, Role.DENTIST, frozenset({branch}))
    async with inside(server):
        service = await number_of(select(Service.id).where(Service.name == "Dental check-up"))
        times = await free_times(branch, service)
        booked = await booking.book(
            Scope(patient, Role.CUSTOMER), BookingRequest(replace(times[0], practitioner_id=mine))
        )
        before = look(server)
        theirs = replace(times[1], practitioner_id=colleague)
        with pytest.raises(Forbidden):
            await moving.reschedule(dentist, booked.id or 0, theirs)
        with pytest.raises(Forbidden):
            await holds.hold(dentist, theirs)
        assert changes(before, look(server)) == []
        moved = await moving.reschedule(
            dentist, booked.id or 0, replace(theirs, practitioner_id=mine)
        )
    assert (moved.starts_at, moved.practitioner_id) == (times[1].starts_at, mine)
