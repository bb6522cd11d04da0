"""Signing in and out, and what happens to open pages when a session ends."""

import asyncio
import re
from collections.abc import Awaitable

import pytest
from playwright.async_api import Page, expect

from shinesmile.accounts.sessions import SESSION_COOKIE
from shinesmile.core.scope import Role
from tests.clinic import PASSWORD
from tests.e2e import office
from tests.e2e.conftest import Enter, OpenPage, SignIn
from tests.e2e.screen import PROMPT_MS, is_live, person_row, record_frames

MENUS = {
    "customer": "My appointments, Book",
    "receptionist": "Reception, Book",
    "checker": "Today",
    "optometrist": "My day",
    "dentist": "My day",
    "staff": "My jobs",
    "manager": "Reception, Overview, Book, People, Branches",
    "admin": "Reception, Overview, Book, People, Branches, Services, Outbox",
}
FORBIDDEN = {
    "customer": "/reception",
    "receptionist": "/admin",
    "staff": "/services",
    "dentist": "/admin/users",
    "manager": "/admin/outbox",
}


async def fill_login(page: Page, email: str, password: str) -> None:
    await page.get_by_test_id("login-email").fill(email)
    await page.get_by_test_id("login-password").fill(password)
    await page.get_by_test_id("login-submit").click()


async def sent_to_login(page: Page, act: Awaitable[None]) -> None:
    """The page goes to the login page within a second of the act."""
    await act
    await page.wait_for_url("**/login?next=*", timeout=PROMPT_MS, wait_until="commit")


async def test_a_wrong_password_keeps_the_address_and_the_way_back(new_page: OpenPage) -> None:
    page = await new_page()
    await page.goto("/login?next=/account")
    await fill_login(page, "customer@example.com", "not this one")
    await expect(page.get_by_test_id("form-error")).to_contain_text("do not match an account")
    await expect(page.get_by_test_id("login-email")).to_have_value("customer@example.com")
    await expect(page.get_by_test_id("login-password")).to_have_value("")
    await fill_login(page, "customer@example.com", PASSWORD)
    await page.wait_for_url("**/account")


async def test_a_page_without_a_session_asks_to_sign_in_and_is_returned_to(
    new_page: OpenPage,
) -> None:
    page = await new_page()
    await page.goto("/admin/users?code=1")
    await page.wait_for_url("**/login?next=%2Fadmin%2Fusers%3Fcode%3D1")
    await fill_login(page, "admin@example.com", "admin123")
    await page.wait_for_url("**/admin/users?code=1")
    await expect(page.get_by_test_id("user-row").first).to_be_visible()


@pytest.mark.parametrize("elsewhere", ["//example.org", "https://example.org", "/\\example.org"])
async def test_another_site_is_never_returned_to(new_page: OpenPage, elsewhere: str) -> None:
    page = await new_page()
    await page.goto(f"/login?next={elsewhere}")
    await fill_login(page, "customer@example.com", PASSWORD)
    await page.wait_for_url("**/dashboard")


@pytest.mark.parametrize(("remember", "days"), [(False, 0), (True, 30)])
async def test_remember_me_decides_how_long_the_cookie_lives(
    new_page: OpenPage, remember: bool, days: int
) -> None:
    page = await new_page()
    await page.goto("/login")
    await page.get_by_label("Stay signed in on this device").set_checked(remember)
    await fill_login(page, "customer@example.com", PASSWORD)
    await page.wait_for_url("**/dashboard")
    cookie = {each["name"]: each for each in await page.context.cookies()}[SESSION_COOKIE]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    if remember:
        left = cookie["expires"] - await page.evaluate("Date.now() / 1000")
        assert days - 0.1 < left / 86400 <= days
    else:
        assert cookie["expires"] == -1
    assert SESSION_COOKIE not in await page.evaluate("document.cookie")


async def test_registering_keeps_what_was_typed_until_it_is_right(new_page: OpenPage) -> None:
    page = await new_page()
    await page.goto("/register")
    await page.get_by_label("Your name").fill("Greta Olsen")
    await page.get_by_label("Phone").fill("+47 22 00 00 00")
    await fill_register(page, "customer@example.com", "short")
    await expect(page.locator("#password-error")).to_contain_text("at least")
    await expect(page.get_by_label("Your name")).to_have_value("Greta Olsen")
    await expect(page.get_by_label("Phone")).to_have_value("+47 22 00 00 00")
    await expect(page.get_by_test_id("login-email")).to_have_value("customer@example.com")
    await fill_register(page, "customer@example.com", PASSWORD)
    await expect(page.locator("#email-error")).to_contain_text("already an account")
    await expect(page.get_by_label("Your name")).to_have_value("Greta Olsen")
    await fill_register(page, "greta@example.com", PASSWORD)
    await page.wait_for_url("**/dashboard")
    await expect(page.get_by_test_id("user-menu")).to_contain_text("Greta Olsen")


async def fill_register(page: Page, email: str, password: str) -> None:
    await page.get_by_test_id("login-email").fill(email)
    await page.get_by_test_id("login-password").fill(password)
    await page.get_by_test_id("register-submit").click()


async def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(
    new_page: OpenPage, enter: Enter
) -> None:
    who = await office.open_account()
    admin, page = await asyncio.gather(enter("admin", "/admin/outbox"), new_page())
    await page.goto("/forgot-password")
    await page.get_by_test_id("login-email").fill(f"{who}@example.com")
    await page.get_by_test_id("forgot-submit").click()
    await expect(page.get_by_role("status")).to_contain_text("a message with a link")
    mail = admin.get_by_test_id("mail-row").filter(has_text=f"{who}@example.com")
    await mail.get_by_text("Choose a new password").first.click()
    link = re.search(r"http\S+", await mail.locator("pre").inner_text())
    assert link is not None
    await choose_password(page, link[0], "a-better-password")
    await expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    await fill_login(page, f"{who}@example.com", PASSWORD)
    await expect(page.get_by_test_id("form-error")).to_be_visible()
    await fill_login(page, f"{who}@example.com", "a-better-password")
    await page.wait_for_url("**/dashboard")
    await choose_password(page, link[0], "yet-another-password")
    await expect(page.get_by_test_id("form-error")).to_contain_text("already used")


async def choose_password(page: Page, link: str, password: str) -> None:
    await page.goto(link)
    await page.get_by_test_id("login-password").fill(password)
    await page.get_by_test_id("reset-submit").click()


async def test_a_new_password_signs_the_other_devices_out(sign_in: SignIn) -> None:
    who = await office.open_account()
    here, there = await asyncio.gather(*(sign_in(f"{who}@example.com") for _ in range(2)))
    await here.goto("/account")
    await here.get_by_label("Current password").fill("wrong-password")
    await here.get_by_label("New password").fill("a-better-password")
    await here.get_by_test_id("change-password").click()
    await expect(here.locator("#current-error")).to_contain_text("not your current password")
    await here.get_by_label("Current password").fill(PASSWORD)
    await sent_to_login(there, here.get_by_test_id("change-password").click())
    await expect(here.get_by_test_id("session-row")).to_have_count(1)


async def test_signing_another_browser_out_closes_its_page_at_once(enter: Enter) -> None:
    who = await office.open_account()
    here = await enter(who, "/account")
    await expect(here.get_by_test_id("session-row")).to_have_count(1)
    there = await enter(who, apart=True)
    await expect(here.get_by_test_id("session-row")).to_have_count(2)
    await expect(here.get_by_test_id("revoke-session")).to_have_count(1)
    frames = record_frames(there)
    await there.reload()
    await is_live(there)
    await sent_to_login(there, here.get_by_test_id("revoke-session").click())
    await expect(here.get_by_test_id("session-row")).to_have_count(1)
    made = await office.book(who, note="only for the browser that stays")
    await here.goto("/dashboard")
    await expect(here.get_by_text(made.code)).to_be_visible()
    assert not [frame for frame in frames if made.code in frame or made.note in frame]


async def test_logging_out_closes_the_other_tabs_too(enter: Enter) -> None:
    who = await office.open_account()
    page = await enter(who)
    other = await page.context.new_page()
    await other.goto("/account")
    await is_live(other)
    await page.bring_to_front()
    await page.get_by_test_id("user-menu").click()
    await sent_to_login(other, page.get_by_test_id("logout").click())
    await expect(page.get_by_role("status")).to_contain_text("You are signed out.")
    await page.goto("/dashboard")
    await page.wait_for_url("**/login?next=*")


@pytest.mark.parametrize("change", ["role", "activity"])
async def test_taking_rights_away_closes_the_page_at_once(enter: Enter, change: str) -> None:
    who = await office.open_account(Role.RECEPTIONIST, "Downtown")
    admin, theirs = await asyncio.gather(enter("admin", "/admin/users"), enter(who))
    await admin.get_by_test_id("search").fill(who)
    await expect(admin.get_by_test_id("user-row")).to_have_count(1)
    await person_row(admin, who).get_by_role("button", name="Edit").click()
    form = admin.get_by_role("dialog")
    await form.get_by_label("Downtown").check()
    if change == "role":
        await form.get_by_label("Role").select_option(label="Staff")
    else:
        await form.get_by_label("Account is active").uncheck()
    await sent_to_login(theirs, form.get_by_test_id("save").click())
    await fill_login(theirs, f"{who}@example.com", PASSWORD)
    if change == "role":
        await expect(theirs.get_by_test_id("no-access")).to_be_visible()
        await theirs.get_by_role("link", name="Back to my page").click()
        await theirs.wait_for_url("**/staff")
    else:
        await expect(theirs.get_by_test_id("form-error")).to_contain_text("do not match")


@pytest.mark.parametrize(("who", "path"), FORBIDDEN.items())
async def test_a_page_of_another_role_says_so_and_leads_back(
    enter: Enter, who: str, path: str
) -> None:
    page = await enter(who, path)
    await expect(page.get_by_test_id("no-access")).to_be_visible()
    assert await page.get_by_role("table").count() == 0
    await page.get_by_role("link", name="Back to my page").click()
    await expect(page.get_by_test_id("no-access")).to_have_count(0)
    await is_live(page)


@pytest.mark.parametrize(("who", "menu"), MENUS.items())
async def test_the_menu_lists_what_the_role_may_open(enter: Enter, who: str, menu: str) -> None:
    page = await enter(who)
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    await expect(links).to_have_text(menu.split(", "))
    current = page.get_by_role("navigation", name="Main").locator("[aria-current=page]")
    await expect(current).to_have_count(1)
