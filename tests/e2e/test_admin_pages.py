"""Branches, services, people and the table of all appointments, as managers keep them."""

import asyncio
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from shinesmile.core.scope import Role
from tests.e2e import office
from tests.e2e.conftest import Enter
from tests.e2e.screen import person_row, row, rows, without_reload

PAGES = {"branches": "branch-row", "services": "service-row", "users": "user-row"}


def line(page: Page, kind: str, name: str) -> Locator:
    """The row of a branch, a service or a person."""
    return page.get_by_test_id(PAGES[kind]).filter(has=page.get_by_text(name, exact=True))


def fresh(kind: str) -> str:
    return f"{kind} {uuid4().hex[:6]}"


async def two_admins(enter: Enter, path: str) -> tuple[Page, Page, Locator]:
    """Ada's page, Berit's beside it, and Ada's dialog."""
    berit = await office.open_account(Role.ADMIN, name="Berit Dahl")
    ada, other = await asyncio.gather(enter("admin", path), enter(berit, path))
    return ada, other, ada.get_by_role("dialog")


async def test_a_branch_is_added_corrected_and_changed_live(enter: Enter) -> None:
    ada, berit, form = await two_admins(enter, "/admin/branches")
    name = fresh("Riverside")
    async with without_reload(berit):
        await ada.get_by_role("button", name="Add branch").click()
        await form.get_by_label("Name").fill(name)
        await form.get_by_label("Address").fill("1 River Street")
        await form.get_by_test_id("save").click()
        await expect(form.locator("#timezone-error")).to_contain_text("Choose a time zone")
        await expect(form.get_by_label("Name")).to_have_value(name)
        await expect(form.get_by_label("Address")).to_have_value("1 River Street")
        await form.get_by_label("Time zone").select_option("Europe/Oslo")
        await form.get_by_test_id("save").click()
        await expect(form).to_have_count(0)
        await expect(line(berit, "branches", name)).to_contain_text("1 River Street")
        await ada.get_by_role("button", name=f"Edit {name}").click()
        await expect(form.get_by_label("Time zone")).to_have_value("Europe/Oslo")
        await form.get_by_label("Address").fill("2 River Street")
        await form.get_by_test_id("save").click()
        await expect(line(berit, "branches", name)).to_contain_text("2 River Street")


async def test_two_branches_of_one_name_are_refused_beside_the_name(enter: Enter) -> None:
    ada = await enter("admin", "/admin/branches")
    form = ada.get_by_role("dialog")
    await ada.get_by_role("button", name="Add branch").click()
    await form.get_by_label("Name").fill("Downtown")
    await form.get_by_label("Time zone").select_option("Europe/Oslo")
    await form.get_by_test_id("save").click()
    await expect(form.locator("#name-error")).to_contain_text("already a branch called Downtown")
    await expect(form.get_by_label("Time zone")).to_have_value("Europe/Oslo")


async def test_a_service_is_added_corrected_and_changed_live(enter: Enter) -> None:
    ada, berit, form = await two_admins(enter, "/admin/services")
    name = fresh("Whitening")
    async with without_reload(berit):
        await ada.get_by_role("button", name="Add service").click()
        await form.get_by_label("Name").fill(name)
        await form.get_by_label("Length in minutes").fill("7")
        await form.get_by_label("Price").fill("cheap")
        await form.get_by_label("Downtown").check()
        await form.get_by_test_id("save").click()
        await expect(form.locator("#duration_minutes-error")).to_contain_text("steps of 5")
        await expect(form.locator("#price-error")).to_contain_text("such as 49.50")
        for label, value in (("Name", name), ("Length in minutes", "7"), ("Price", "cheap")):
            await expect(form.get_by_label(label)).to_have_value(value)
        await expect(form.get_by_label("Downtown")).to_be_checked()
        await form.get_by_label("Length in minutes").fill("40")
        await form.get_by_label("Price").fill("80.50")
        await form.get_by_test_id("save").click()
        await expect(line(berit, "services", name)).to_contain_text("40 min")
        await ada.get_by_role("button", name=f"Edit {name}").click()
        await form.get_by_label("Price").fill("81")
        await form.get_by_test_id("save").click()
        await expect(line(berit, "services", name)).to_contain_text("81.00")
    assert await office.branches_with(name) == ["Downtown"]


async def test_the_branches_of_a_service_and_of_a_person_are_ticked_when_edited(
    enter: Enter,
) -> None:
    ada = await enter("admin", "/admin/services")
    form = ada.get_by_role("dialog")
    await ada.get_by_role("button", name="Edit Filling").click()
    for name in await office.branches_with("Filling"):
        await expect(form.get_by_label(name)).to_be_checked()
    await ada.goto("/admin/users")
    await ada.get_by_role("button", name="Edit Rita Gomes").click()
    await expect(form.get_by_label("Lakeside")).not_to_be_checked()
    await expect(form.get_by_label("Downtown")).to_be_checked()


async def test_a_person_is_added_corrected_and_changed_live(enter: Enter) -> None:
    ada, berit, form = await two_admins(enter, "/admin/users")
    name, who = fresh("Aaron"), f"aaron.{uuid4().hex[:6]}"
    async with without_reload(berit):
        await ada.get_by_role("button", name="Add a person").click()
        await form.get_by_label("Name").fill(name)
        await form.get_by_label("E-mail").fill("not an address")
        await form.get_by_label("First password").fill("password123")
        await form.get_by_label("Role").select_option(label="Staff")
        await form.get_by_test_id("save").click()
        await expect(form.locator("#email-error")).to_contain_text("name@example.com")
        await expect(form.get_by_text("Choose at least one branch")).to_be_visible()
        for label, value in (("Name", name), ("E-mail", "not an address"), ("Role", "staff")):
            await expect(form.get_by_label(label)).to_have_value(value)
        await form.get_by_label("E-mail").fill(f"{who}@example.com")
        await form.get_by_label("Downtown").check()
        await form.get_by_test_id("save").click()
        await expect(person_row(berit, who)).to_contain_text("Downtown")
        await ada.get_by_role("button", name=f"Edit {name}").click()
        await form.get_by_label("Name").fill(f"{name} Berg")
        await form.get_by_label("Downtown").check()
        await form.get_by_test_id("save").click()
        await expect(person_row(berit, who)).to_contain_text(f"{name} Berg")


@pytest.mark.parametrize("kind", ["services", "users"])
async def test_a_half_filled_form_survives_what_others_do(enter: Enter, kind: str) -> None:
    ada, berit, form = await two_admins(enter, f"/admin/{kind}")
    async with without_reload(ada):
        await ada.get_by_role("button", name="Add ").click()
        await form.get_by_label("Name").fill("Half a na")
        news = await office.open_service(fresh("Polish")) if kind == "services" else None
        news = news or f"Aaa {uuid4().hex[:6]}"
        if kind == "users":
            await office.open_account(name=news)
        await expect(line(ada, kind, news)).to_be_attached()
        await expect(form.get_by_label("Name")).to_have_value("Half a na")
        await expect(form.get_by_label("Name")).to_be_focused()
        await ada.keyboard.type("me")
        await expect(form.get_by_label("Name")).to_have_value("Half a name")
    await expect(line(berit, kind, news)).to_be_visible()


async def test_a_service_that_somebody_else_changed_meanwhile_is_not_overwritten(
    enter: Enter,
) -> None:
    name = await office.open_service(fresh("Sealing"))
    ada, berit, form = await two_admins(enter, "/admin/services")
    theirs = berit.get_by_role("dialog")
    for page in (ada, berit):
        await page.get_by_role("button", name=f"Edit {name}").click()
    await theirs.get_by_label("Price").fill("99")
    await theirs.get_by_test_id("save").click()
    await expect(line(ada, "services", name)).to_contain_text("99.00")
    await form.get_by_label("Description").fill("Seals the teeth.")
    await form.get_by_test_id("save").click()
    await expect(ada.get_by_text("Somebody else changed").first).to_be_visible()
    await expect(line(berit, "services", name)).to_contain_text("99.00")


async def test_searching_paging_and_filtering_the_appointments(enter: Enter) -> None:
    await office.release("customer")
    made = await office.book("customer")
    everything = await office.appointments()
    assert len(everything) > 50
    ada = await enter("admin")
    await expect(rows(ada)).to_have_count(25)
    await ada.get_by_label("Next page").click()
    await expect(rows(ada).first).to_have_attribute("data-id", str(everything[25].id))
    await expect(ada.get_by_text("Page 2 of")).to_be_visible()
    await ada.get_by_test_id("search").fill(made.code.lower())
    await expect(rows(ada)).to_have_count(1)
    await expect(row(ada, made.id)).to_be_visible()
    await expect(ada.get_by_text("Page 1 of 1")).to_be_visible()
    await ada.get_by_test_id("search").fill("no such thing")
    await expect(ada.get_by_test_id("empty-state")).to_contain_text("No appointments found")
    await ada.get_by_test_id("search").fill("")
    await expect(rows(ada)).to_have_count(25)
    await ada.get_by_role("combobox", name="Status").select_option(label="Cancelled")
    cancelled = [each.id for each in everything if each.status == "cancelled"][:25]
    await expect(rows(ada)).to_have_count(len(cancelled))
    for each in cancelled:
        await expect(row(ada, each)).to_have_attribute("data-status", "cancelled")


async def test_what_is_filtered_away_does_not_come_in_live(enter: Enter) -> None:
    await office.release("customer2")
    ada = await enter("admin")
    await ada.get_by_test_id("search").fill("Carla Jensen")
    await expect(ada.get_by_text("Page 1 of 1")).to_be_visible()
    shown = await rows(ada).count()
    made = await office.book("customer2")
    await expect(ada.locator("[data-sonner-toast]").first).to_be_visible()
    await ada.get_by_test_id("refresh").click()
    await expect(rows(ada)).to_have_count(shown)
    await expect(row(ada, made.id)).to_have_count(0)


async def test_a_table_shows_what_its_search_box_says_after_a_detour(enter: Enter) -> None:
    ada = await enter("admin")
    await ada.get_by_test_id("search").fill("Carla Jensen")
    await expect(ada.get_by_text("Page 1 of 1")).to_be_visible()
    shown = await rows(ada).count()
    assert shown < 25
    menu = ada.get_by_role("navigation", name="Main")
    await menu.get_by_role("link", name="Outbox").click()
    await menu.get_by_role("link", name="Overview").click()
    await expect(ada.get_by_test_id("search")).to_have_value("Carla Jensen")
    await expect(rows(ada)).to_have_count(shown)


async def test_searching_people(enter: Enter) -> None:
    ada = await enter("admin", "/admin/users")
    await ada.get_by_test_id("search").fill("rita")
    await expect(ada.get_by_test_id("user-row")).to_have_count(1)
    await expect(person_row(ada, "receptionist")).to_contain_text("Rita Gomes")
    await ada.get_by_test_id("search").fill("nobody at all")
    await expect(ada.get_by_test_id("empty-state")).to_contain_text("Nobody found")
