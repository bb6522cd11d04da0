"""Two people want the same time: one gets it, the other is told what is free."""

import asyncio

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import office
from tests.e2e.conftest import Enter
from tests.e2e.screen import choose, without_reload


@pytest.fixture
async def rivals(enter: Enter) -> tuple[Page, Page]:
    """Carla and Colin, who look at the same day of the only dentist Downtown."""
    for who in ("customer", "customer2"):
        await office.release(who)
    carla, colin = await asyncio.gather(enter("customer"), enter("customer2"))
    for page in (carla, colin):
        await choose(page, "Dental check-up")
    return carla, colin


def slot(page: Page, start: str) -> Locator:
    """The button of a time."""
    return page.locator(f'[data-testid=slot][data-start="{start}"]')


async def start_of(page: Page, number: int) -> str:
    """The moment of the n-th time on offer."""
    start = await page.get_by_test_id("slot").nth(number).get_attribute("data-start")
    assert start
    return start


async def test_a_chosen_time_is_held_and_the_others_note_stays(rivals: tuple[Page, Page]) -> None:
    carla, colin = rivals
    wanted, other = await start_of(carla, 1), await start_of(carla, 9)
    async with without_reload(carla, colin):
        await slot(carla, wanted).click()
        await expect(slot(carla, wanted)).to_have_attribute("data-state", "mine")
        await expect(slot(colin, wanted)).to_have_attribute("data-state", "held", timeout=1000)
        await slot(colin, other).click()
        await colin.get_by_test_id("note").fill("Colin was here")
        await slot(colin, wanted).click()
        refusal = colin.get_by_test_id("form-error")
        await expect(refusal).to_contain_text("This time was just taken. Nearest free: ")
        await expect(colin.get_by_test_id("note")).to_have_value("Colin was here")
        await expect(slot(colin, other)).to_have_attribute("data-state", "mine")
        await carla.get_by_test_id("book").click()
        await expect(slot(colin, wanted)).to_have_count(0)
        await colin.get_by_test_id("book").click()
        await colin.wait_for_url("**/dashboard")
    made = await office.newest("customer2")
    assert (made.note, made.starts_at.isoformat()) == ("Colin was here", other)


async def test_of_two_at_the_same_moment_exactly_one_holds(rivals: tuple[Page, Page]) -> None:
    wanted = await start_of(rivals[0], 2)
    await asyncio.gather(*(slot(page, wanted).click() for page in rivals))
    for page in rivals:
        outcome = page.locator("[data-testid=form-error], [data-testid=chosen]")
        await expect(outcome.first).to_be_visible()
    states = [await slot(page, wanted).get_attribute("data-state") for page in rivals]
    assert sorted(str(state) for state in states) == ["held", "mine"]


async def test_a_hold_outlives_a_reload_and_ends_with_the_page(enter: Enter) -> None:
    await office.release("customer")
    carla, colin = await enter("customer", apart=True), await enter("customer2")
    for page in (carla, colin):
        await choose(page, "Dental check-up")
    wanted = await start_of(carla, 3)
    await slot(carla, wanted).click()
    await expect(slot(colin, wanted)).to_have_attribute("data-state", "held")
    await carla.reload()
    await expect(slot(carla, wanted)).to_have_attribute("data-state", "mine")
    await expect(slot(colin, wanted)).to_have_attribute("data-state", "held")
    await carla.close()
    await expect(slot(colin, wanted)).to_have_attribute("data-state", "free", timeout=3000)


async def test_a_cancelled_time_comes_back_into_an_open_grid(enter: Enter) -> None:
    await office.release("customer2")
    made = await office.book("customer2")
    carla, colin = await asyncio.gather(enter("customer"), enter("customer2"))
    await choose(carla, "Dental check-up")
    freed = slot(carla, made.starts_at.isoformat())
    await expect(freed).to_have_count(0)
    await colin.get_by_test_id("step-cancel").first.click()
    await colin.get_by_role("dialog").get_by_label("Reason").fill("Too early")
    await colin.get_by_test_id("reason-submit").click()
    await expect(freed).to_be_visible()
