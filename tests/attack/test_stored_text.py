"""What people typed is shown as text, whatever it pretends to be."""

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright

from shinesmile.accounts.sessions import NOTICE_COOKIE
from shinesmile.core.scope import Role, Scope
from shinesmile.demo import ADMIN_PASSWORD, PASSWORD
from tests.attack.conftest import OpenTab
from tests.attack.records import user_id
from tests.attack.victims import ENTER, TABLE, Victims, full, sign_in
from tests.browser import FLAGS, on_path
from tests.serving import Server

SCRIPT = "<script>window.pwned=1</script><img src=x onerror='window.pwned=1'>"
# Right-to-left override, zero-width space, left-to-right mark, byte order mark, bell, escape.
TRICKS = "\u202e\u200b\u200e\ufeff\x07\x1b"
NAME = f"{SCRIPT}Zo{TRICKS}e"
SHOWN = f"{SCRIPT}Zoe"
# Adds markup, or a script, to the page; answers which rule of the policy forbade it.
PLANT = """html => new Promise(done => {
  const told = event => done(event.effectiveDirective);
  document.addEventListener("securitypolicyviolation", told, { once: true });
  if (html) document.body.insertAdjacentHTML("beforeend", html);
  else document.head.appendChild(
    Object.assign(document.createElement("script"), { textContent: "window.pwned = 1" }));
})"""
USERS = "accounts.state.users.users_state"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=on_path(), args=FLAGS)
        yield launched
        await launched.close()


async def disguised(victims: Victims) -> tuple[Victims, str]:
    """A customer whose name is an attack, able to book as customer A is; and the address."""
    email = f"{uuid4().hex}@example.com"
    form = {"name": NAME, "email": email, "phone": f"1{TRICKS}<b>", "password": PASSWORD}
    async with httpx.AsyncClient(base_url=victims.server.url, trust_env=False) as visitor:
        answer = await visitor.post("/auth/register", data=form)
    assert answer.headers["location"] == "/dashboard"
    scope = Scope(user_id(victims.server, email), Role.CUSTOMER)
    return replace(victims, customer=scope, cookie=await sign_in(victims.server, email)), email


async def test_tricks_are_cut_and_markup_is_kept_as_text(
    victims: Victims, open_tab: OpenTab
) -> None:
    attacker, email = await disguised(victims)
    note = f"{SCRIPT}{uuid4().hex}"
    admin = await open_tab("admin@example.com")
    await admin.ask(ENTER, path="/admin")
    await admin.ask(TABLE)
    await attacker.book(f"{TRICKS}{note}")
    in_json = json.dumps(note)
    await admin.until(lambda frame: in_json in frame)
    await admin.ask(full(USERS, "open"))
    found = await admin.ask(full(USERS, "find"), {"search": email})
    assert json.dumps(SHOWN) in found
    for trick in TRICKS:
        assert trick not in found and json.dumps(trick)[1:-1] not in found


async def watched(browser: Browser, server: Server) -> tuple[Page, list[str]]:
    """A page, and what its browser complained about."""
    page = await (await browser.new_context(base_url=server.url)).new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    return page, complaints


async def test_no_stored_script_runs_in_a_browser(
    victims: Victims, server: Server, browser: Browser
) -> None:
    attacker, email = await disguised(victims)
    await attacker.book(f"{SCRIPT}{uuid4().hex}")
    page, complaints = await watched(browser, server)
    await page.goto("/login")
    await page.get_by_test_id("login-email").fill("admin@example.com")
    await page.get_by_test_id("login-password").fill(ADMIN_PASSWORD)
    await page.get_by_test_id("login-submit").click()
    await page.get_by_test_id("appointment-row").filter(has_text=SHOWN).first.wait_for()
    await page.goto("/admin/users")
    search = page.get_by_placeholder("Name or e-mail")
    await search.fill(email)
    row = page.get_by_test_id("user-row").filter(has_text=email)
    await row.filter(has_text=SHOWN).wait_for()
    assert await page.evaluate("window.pwned") is None
    assert complaints == []


async def test_a_planted_notice_is_text_and_planted_scripts_are_blocked(
    server: Server, browser: Browser
) -> None:
    page, complaints = await watched(browser, server)
    planted = {"problem": SCRIPT, "errors": {"email": SCRIPT}, "typed": {"email": SCRIPT}}
    value = urlsafe_b64encode(json.dumps(planted).encode()).decode()
    await page.context.add_cookies([{"name": NOTICE_COOKIE, "value": value, "url": server.url}])
    await page.goto("/login?notice=1&next=javascript:window.pwned=1")
    await page.get_by_text(SCRIPT).first.wait_for()
    assert await page.evaluate("window.pwned") is None
    assert complaints == []

    # Were markup ever let through, the page's policy would still not run it.
    for markup in ("<img src=x onerror='window.pwned=1'>", "<svg onload='window.pwned=1'></svg>"):
        assert await page.evaluate(PLANT, markup) == "script-src-attr"
    assert await page.evaluate(PLANT, "") == "script-src-elem"
    assert await page.evaluate("window.pwned") is None
