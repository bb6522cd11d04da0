"""The bell: the same on every tab and device of a person, at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.e2e import office
from tests.e2e.conftest import Enter
from tests.e2e.screen import PROMPT_MS, is_live, unread, without_reload

Tabs = tuple[Page, Page, Page]


@pytest.fixture
async def tabs(enter: Enter) -> AsyncIterator[Tabs]:
    """Two tabs and another browser of Carla, who has three unread notifications."""
    await office.release("customer")
    await office.silence("customer")
    made = [await office.book("customer") for _ in range(2)]
    await office.cancel("customer", made[0])
    first = await enter("customer")
    second = await first.context.new_page()
    await second.goto("/account")
    await is_live(second)
    tabs = (first, second, await enter("customer", apart=True))
    for tab in tabs:
        await expect(unread(tab, 3)).to_be_visible()
    await first.bring_to_front()
    yield tabs
    await second.close()


async def all_say(tabs: Tabs, count: int) -> None:
    """Every tab says so within a second."""
    await asyncio.gather(
        *(expect(unread(tab, count)).to_be_visible(timeout=PROMPT_MS) for tab in tabs)
    )


async def test_the_list_shows_the_newest_first(tabs: Tabs) -> None:
    await tabs[0].get_by_test_id("bell").click()
    items = tabs[0].get_by_test_id("notification-item")
    await expect(items.nth(0)).to_contain_text("Appointment cancelled: Dental check-up")
    await expect(items.nth(1)).to_contain_text("Appointment created: Dental check-up")
    for index, is_unread in enumerate(("true", "true", "true", "false")):
        await expect(items.nth(index)).to_have_attribute("data-unread", is_unread)


async def test_reading_one_counts_on_every_tab_and_after_a_reload(tabs: Tabs) -> None:
    async with without_reload(*tabs):
        await tabs[0].get_by_test_id("bell").click()
        await tabs[2].get_by_test_id("bell").click()
        await tabs[0].get_by_test_id("notification-item").first.click()
        await all_say(tabs, 2)
        seen = tabs[2].get_by_test_id("notification-item").first
        await expect(seen).to_have_attribute("data-unread", "false", timeout=PROMPT_MS)
    await tabs[1].reload()
    await expect(unread(tabs[1], 2)).to_be_visible()


async def test_marking_all_as_read_counts_everywhere(tabs: Tabs) -> None:
    async with without_reload(*tabs):
        await tabs[2].get_by_test_id("bell").click()
        await tabs[2].get_by_test_id("mark-all-read").click()
        await all_say(tabs, 0)
        for tab in tabs:
            await expect(tab.get_by_test_id("bell-count")).to_have_count(0)
    await tabs[0].reload()
    await expect(unread(tabs[0], 0)).to_be_visible()


async def test_clearing_empties_the_list_everywhere_and_for_good(tabs: Tabs) -> None:
    for tab in tabs[:2]:
        await tab.get_by_test_id("bell").click()
        await expect(tab.get_by_test_id("notification-item").first).to_be_visible()
    await tabs[0].get_by_test_id("clear-all").click()
    await all_say(tabs, 0)
    for tab in tabs[:2]:
        await expect(tab.get_by_test_id("bell-list")).to_contain_text("You are all caught up")
    await tabs[2].reload()
    await tabs[2].get_by_test_id("bell").click()
    await expect(tabs[2].get_by_test_id("bell-list")).to_contain_text("You are all caught up")
    assert await tabs[2].get_by_test_id("notification-item").count() == 0


async def test_a_notification_leads_to_what_it_is_about(enter: Enter) -> None:
    await office.release("customer")
    made = await office.book("customer")
    admin = await enter("admin")
    await admin.get_by_test_id("bell").click()
    await admin.get_by_test_id("notification-item").first.click()
    await admin.wait_for_url(f"**/admin?code={made.code}")
    await expect(admin.get_by_test_id("appointment-row")).to_have_count(1)
    await expect(admin.get_by_test_id("appointment-row")).to_have_attribute("data-id", str(made.id))
    await expect(admin.get_by_test_id("search")).to_have_value(made.code)
