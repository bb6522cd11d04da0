"""A session is what the server says it is: forged, ended and borrowed ones open nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from shinesmile.accounts.sessions import SESSION_COOKIE
from shinesmile.core.settings import settings
from tests.attack.conftest import OpenTab
from tests.attack.records import changes, look
from tests.attack.victims import (
    ENTER,
    HYDRATE,
    LOGIN,
    PATIENT,
    PRIVATE,
    PROFILE,
    TAKE,
    Victims,
    full,
    sign_in,
)
from tests.attack.weapons import arsenal
from tests.attack.wire import ROOT, Socket
from tests.serving import Server

SECRET = settings.jwt_secret.get_secret_value()
MARKS = (*PATIENT.values(), *PRIVATE.values())
Forge = Callable[[dict[str, Any]], str]


def signed(key: str = SECRET, algorithm: str | None = "HS256", **changed: Any) -> Forge:
    """A token like a true one, but for what is changed; None takes a claim away."""

    def forge(claims: dict[str, Any]) -> str:
        payload = {name: value for name, value in (claims | changed).items() if value is not None}
        return jwt.encode(payload, key, algorithm=algorithm)

    return forge


NOW = datetime.now(UTC)
FORGED: dict[str, Forge] = {
    "unsigned": signed(key="", algorithm=None),
    "another key": signed(key="another key that is long enough for HS256"),
    "another hash": signed(algorithm="HS512"),
    "another audience": signed(aud="shinesmile-reset"),
    "another issuer": signed(iss="elsewhere"),
    "expired": signed(exp=NOW - timedelta(minutes=1)),
    "no end": signed(exp=None),
    "no session": signed(jti=None),
    "another session": signed(jti="0" * 32),
    "another account": signed(sub="1"),
    "not an account": signed(sub="1 OR 1=1"),
    "cut": lambda claims: signed()(claims)[:-5],
    "unknown": lambda claims: "x" * 3000,
    "no token": lambda claims: "",
    "quoted": lambda claims: '"\\073\\000"',
}


def claims_of(cookie: str) -> dict[str, Any]:
    token = cookie.partition("=")[2]
    return jwt.decode(token, options={"verify_signature": False})


async def refuses_everything(victims: Victims, cookie: str) -> None:
    """Call each handler once with what would work for customer A."""
    before = look(victims.server)
    plausible: dict[str, Any] = {"verb": "cancel", "form": {"name": "Mallory"}, "by": 0}
    plausible |= {"appointment_id": victims.upcoming.id, "version": victims.upcoming.version}
    async with await Socket.open(victims.server.url, cookie) as tab:
        for weapon in arsenal():
            await tab.call(
                weapon.name, {each: plausible.get(each, "1") for each in weapon.takes}, "/dashboard"
            )
        assert LOGIN in await tab.ask(ENTER, path="/dashboard")
        await tab.ask(HYDRATE)
        assert not [mark for mark in MARKS if mark in "".join(tab.frames)]
    assert changes(before, look(victims.server)) == []


async def test_the_forger_knows_how(victims: Victims, open_tab: OpenTab) -> None:
    true = signed()(claims_of(victims.cookie))
    tab = await open_tab(cookie=f"{SESSION_COOKIE}={true}")
    assert PATIENT["name"] in await tab.ask(ENTER, path="/dashboard")
    assert true not in "".join(tab.frames)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("how", FORGED)
async def test_forged_cookies_are_nobodys(how: str, victims: Victims) -> None:
    token = FORGED[how](claims_of(victims.cookie))
    await refuses_everything(victims, f"{SESSION_COOKIE}={token}")


async def test_signing_out_ends_the_session_on_the_server(victims: Victims, server: Server) -> None:
    cookie = await sign_in(server, PRIVATE["email"])
    async with await Socket.open(server.url, cookie) as tab:
        assert PATIENT["name"] in await tab.ask(ENTER, path="/dashboard")
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as browser:
        await browser.post("/auth/logout", headers={"Cookie": cookie})
    await refuses_everything(victims, cookie)


async def test_signing_in_makes_a_new_session(victims: Victims, server: Server) -> None:
    planted = await sign_in(server, "customer2@example.com")
    for given in (planted, f"{SESSION_COOKIE}=planted"):
        fresh = await sign_in(server, PRIVATE["email"], cookie=given)
        assert fresh not in (planted, given)
    async with await Socket.open(server.url, planted) as tab:
        assert PATIENT["name"] not in await tab.ask(ENTER, path="/dashboard")


async def again(server: Server, cookie: str, token: str) -> Socket:
    """Open a tab under a token whose tab was just closed, once the server has noticed."""
    while True:
        tab = await Socket.open(server.url, cookie, token=token)
        if not any("new_token" in frame for frame in tab.frames):
            return tab
        await tab.close()


async def test_what_a_tab_left_behind_is_found_by_its_own_session_only(
    victims: Victims, server: Server, open_tab: OpenTab
) -> None:
    token = "the token of a tab, read in a log"
    users = "accounts.state.users.users_state"
    admin = await sign_in(server, "admin@example.com")
    tab = await open_tab(cookie=admin, token=token)
    await tab.ask(ENTER, path="/admin")
    await tab.ask(full(users, "edit"), {"user_id": victims.customer.user_id})
    await tab.ask(PROFILE)
    marks = (PRIVATE["email"], PATIENT["name"], PATIENT["phone"], "Ada Mensah")

    others = ["", await sign_in(server, "customer2@example.com")]
    for cookie in others:
        async with await Socket.open(server.url, cookie, token=token) as meanwhile:
            for handler in (HYDRATE, f"{ROOT}.hydrate_and_load"):
                await meanwhile.ask(handler, path="/admin")
            assert not [mark for mark in marks if mark in "".join(meanwhile.frames)]
    assert PATIENT["name"] in await tab.ask(HYDRATE)

    await tab.close()
    for cookie in others:
        async with await again(server, cookie, token) as later:
            for handler in (HYDRATE, f"{ROOT}.hydrate_and_load", full(users, "close")):
                await later.ask(handler, path="/admin")
            assert not [mark for mark in marks if mark in "".join(later.frames)]
    async with await again(server, admin, token) as same:
        assert PATIENT["name"] in await same.ask(HYDRATE)


async def test_a_visitors_tab_keeps_no_secret(server: Server, open_tab: OpenTab) -> None:
    token, opening = "a visitor's tab", full("accounts.state.signing_in.signing_in_state", "open")
    visitor = await open_tab(token=token)
    shown = await visitor.ask(opening, path="/reset-password?secret=canarysecret")
    assert '"secret_rx_state_":"canarysecret"' in shown
    reloaded = await visitor.ask(opening, path="/reset-password?secret=canarysecret")
    assert '"secret_rx_state_":"canarysecret"' in reloaded
    await visitor.close()
    async with await again(server, "", token) as later:
        await later.ask(HYDRATE, path="/reset-password")
        await later.ask(opening, path="/reset-password")
        assert "canarysecret" not in "".join(later.frames)


async def test_a_stolen_step_is_refused(victims: Victims, open_tab: OpenTab) -> None:
    """The premise of every refusal above: with A's own session the same call works."""
    tab = await open_tab(cookie=victims.cookie)
    await tab.ask(ENTER, path="/dashboard")
    before = look(victims.server)
    step = {"appointment_id": victims.upcoming.id, "version": -1, "verb": "cancel"}
    await tab.ask(TAKE, step)
    assert "moment ago" in "".join(tab.frames) or "asking" in "".join(tab.frames)
    assert changes(before, look(victims.server)) == []
