"""Two people want the same time: one gets it, the other is told what is free."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import office
from tests.e2e.conftest import Enter
from tests.e2e.screen import choose, without_reload


@pytest.fixture
async def rivals(enter: Enter) -> tuple[Page, Page]:
    """Carla and Colin, who have chosen the same time with the only dentist Downtown."""
    for who in ("customer", "customer2"):
        await office.release(who)
    carla, colin = await asyncio.gather(enter("customer"), enter("customer2"))
    for page, note in ((carla, "Carla was here"), (colin, "Colin was here")):
        await choose(page, "Dental check-up")
        await page.get_by_test_id("slot").nth(2).click()
        await page.get_by_test_id("note").fill(note)
    chosen = [await pressed(page) for page in (carla, colin)]
    assert chosen[0] == chosen[1] is not None
    return carla, colin


async def pressed(page: Page) -> str | None:
    """The start that is chosen."""
    return await page.locator("[data-testid=slot][aria-pressed=true]").get_attribute("data-start")


async def free_times(page: Page) -> list[str]:
    """The labels of the times on offer."""
    return await page.get_by_test_id("slot").all_inner_texts()


async def test_the_second_is_told_what_else_is_free_and_keeps_the_note(
    rivals: tuple[Page, Page],
) -> None:
    carla, colin = rivals
    start = await pressed(carla)
    async with without_reload(colin):
        await carla.get_by_test_id("book").click()
        await expect(colin.locator(f'[data-start="{start}"]')).to_have_count(0)
        await colin.get_by_test_id("book").click()
        refusal = colin.get_by_test_id("form-error")
        await expect(refusal).to_contain_text("This time was just taken. Nearest free: ")
        named = re.findall(r"\d\d:\d\d", await refusal.inner_text())
        assert len(named) == 3 and set(named) <= set(await free_times(colin))
        await expect(colin.get_by_test_id("note")).to_have_value("Colin was here")
        await colin.get_by_test_id("slot").get_by_text(named[0]).click()
        await expect(colin.get_by_test_id("note")).to_have_value("Colin was here")
        await colin.get_by_test_id("book").click()
        await colin.wait_for_url("**/dashboard")
    assert (await office.newest("customer2")).note == "Colin was here"


async def test_of_two_at_the_same_moment_exactly_one_wins(rivals: tuple[Page, Page]) -> None:
    start = await pressed(rivals[0])
    await asyncio.gather(*(page.get_by_test_id("book").click() for page in rivals))
    outcome = "[data-testid=form-error], [data-testid=past-table]"
    for page in rivals:
        await expect(page.locator(outcome)).to_be_visible()
    home = [page for page in rivals if page.url.endswith("/dashboard")]
    assert len(home) == 1
    taken = [each for each in await office.appointments() if each.starts_at.isoformat() == start]
    assert len([each for each in taken if each.status == "scheduled"]) == 1


async def test_a_cancelled_time_comes_back_into_an_open_grid(enter: Enter) -> None:
    await office.release("customer2")
    made = await office.book("customer2")
    carla, colin = await asyncio.gather(enter("customer"), enter("customer2"))
    await choose(carla, "Dental check-up")
    slot = carla.locator(f'[data-start="{made.starts_at.isoformat()}"]')
    await expect(slot).to_have_count(0)
    await colin.get_by_test_id("step-cancel").first.click()
    await colin.get_by_role("dialog").get_by_label("Reason").fill("Too early")
    await colin.get_by_test_id("reason-submit").click()
    await expect(slot).to_be_visible()
