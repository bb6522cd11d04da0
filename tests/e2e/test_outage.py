"""The server dies and comes back; pages that stay open lose nothing and catch up by themselves."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from playwright.async_api import Page, expect

from tests.e2e import office
from tests.e2e.conftest import Enter
from tests.e2e.screen import choose, dot, person_row, row, rows, tomorrow, without_reload
from tests.serving import Server

# Written down by the page itself at every change, so that no passing gap is missed.
WATCH = """() => {
  const rows = () => document.querySelectorAll("[data-testid=appointment-row]").length;
  const gaps = ".ss-tr-skeleton, .ss-tr-empty, [data-testid=loading], [data-testid=no-access]";
  const seen = (window.__seen = { least: rows(), gap: "", dots: [] });
  const look = () => {
    seen.least = Math.min(seen.least, rows());
    seen.gap ||= document.querySelector(gaps)?.outerHTML.slice(0, 80) ?? "";
    const state = document.querySelector("[data-testid=connection-dot]")?.dataset.state;
    if (state !== seen.dots.at(-1)) seen.dots.push(state);
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"],
  });
  look();
}"""


@pytest.fixture
def power_cut(server: Server) -> Iterator[Callable[[], None]]:
    """Kills the server; whatever a test leaves, the next one finds it running."""
    yield server.kill
    if server._process.poll() is not None:
        server.start()


async def back_online(server: Server, *pages: Page) -> None:
    await asyncio.to_thread(server.start)
    for page in pages:
        await expect(dot(page)).to_have_attribute("data-state", "connected", timeout=15_000)


async def shown(page: Page) -> list[int]:
    """The ids of the appointments on the page, in order."""
    return [int(await each.get_attribute("data-id") or 0) for each in await rows(page).all()]


async def test_pages_keep_their_rows_through_an_outage_and_then_equal_the_database(
    server: Server, power_cut: Callable[[], None], enter: Enter
) -> None:
    await office.release("customer")
    seaside = await office.open_branch()
    kept = await office.book("customer", at=seaside.name, from_day=0)
    people = ("customer", seaside.receptionist, "admin")
    carla, sean, ada = pages = await asyncio.gather(*(enter(who) for who in people))
    for page in pages:
        await expect(row(page, kept.id)).to_be_visible()
        await page.evaluate(WATCH)
    premise = [await page.evaluate("__seen") for page in pages]
    assert all(seen["least"] > 0 and not seen["gap"] for seen in premise)

    async with without_reload(*pages):
        power_cut()
        for page in pages:
            await expect(dot(page)).to_have_attribute("data-state", "disconnected", timeout=15_000)
            await expect(page.get_by_test_id("offline-banner")).to_be_visible()
            await expect(row(page, kept.id)).to_be_visible()
        made = await office.book("customer", at=seaside.name, from_day=0)
        await office.cancel("customer", kept)
        await back_online(server, *pages)
        for page in pages:
            await expect(page.get_by_test_id("offline-banner")).to_have_count(0)
            await expect(row(page, made.id)).to_have_attribute("data-status", "scheduled")
            await expect(row(page, kept.id)).to_have_attribute("data-status", "cancelled")
        newest = [each.id for each in await office.appointments()][:25]
        assert await shown(ada) == newest
        assert await shown(sean) == [kept.id, made.id]
        assert set(await shown(carla)) == await of_carla()
    for who, page in zip(people, pages, strict=True):
        seen = await page.evaluate("__seen")
        assert seen["least"] > 0 and not seen["gap"], (who, seen)
        assert seen["dots"][:3] == ["connected", "connecting", "disconnected"]
        assert seen["dots"][-1] == "connected"
    await carla.reload()
    await expect(row(carla, made.id)).to_be_visible()


async def of_carla() -> set[int | None]:
    """What a customer's page lists: all that is ahead and the newest 25 of the rest."""
    carla = (await office.person("customer")).id
    mine = [each for each in await office.appointments() if each.customer_id == carla]
    past = [each for each in mine if each.status != "scheduled"]
    past.sort(key=lambda each: each.starts_at, reverse=True)
    return {each.id for each in mine if each.status == "scheduled"} | {e.id for e in past[:25]}


async def test_a_booking_in_progress_survives_a_restart(
    server: Server, power_cut: Callable[[], None], enter: Enter
) -> None:
    for who in ("customer", "customer2"):
        await office.release(who)
    carla = await enter("customer")
    await choose(carla, "Dental check-up", "Lakeside")
    await carla.get_by_test_id("slot").nth(5).click()
    chosen = await carla.get_by_test_id("chosen").text_content()
    assert chosen
    await carla.get_by_test_id("note").fill("Half a thought")
    async with without_reload(carla):
        power_cut()
        await expect(dot(carla)).to_have_attribute("data-state", "connecting")
        taken = await office.book("customer2", at="Lakeside")
        await back_online(server, carla)
        await expect(carla.locator(f'[data-start="{taken.starts_at.isoformat()}"]')).to_have_count(
            0
        )
        branch = carla.get_by_test_id("branch").locator("option:checked")
        await expect(branch).to_have_text("Lakeside")
        await expect(carla.get_by_test_id("chosen")).to_have_text(chosen)
        await expect(carla.get_by_test_id("note")).to_have_value("Half a thought")
        await carla.get_by_test_id("book").click()
        await carla.wait_for_url("**/dashboard")
    assert (await office.newest("customer")).note == "Half a thought"


async def test_a_half_filled_dialog_survives_a_restart(
    server: Server, power_cut: Callable[[], None], enter: Enter
) -> None:
    ada = await enter("admin", "/admin/users")
    await ada.get_by_role("button", name="Add a person").click()
    name = ada.get_by_role("dialog").get_by_label("Name")
    await name.fill("Half a na")
    async with without_reload(ada):
        power_cut()
        await expect(dot(ada)).to_have_attribute("data-state", "connecting")
        meanwhile = await office.open_account(name="Aadi Rao")
        await back_online(server, ada)
        await expect(person_row(ada, meanwhile)).to_be_attached()
        await expect(name).to_have_value("Half a na")


async def test_what_is_filtered_stays_filtered_through_a_restart(
    server: Server, power_cut: Callable[[], None], enter: Enter
) -> None:
    await office.book(await office.open_account(name="Pia Lund"))
    rita, ada = await asyncio.gather(enter("receptionist"), enter("admin"))
    await tomorrow(rita)
    day = await rita.get_by_test_id("day-label").inner_text()
    await ada.get_by_test_id("search").fill("Pia Lund")
    await expect(ada.get_by_text("Page 1 of 1")).to_be_visible()
    async with without_reload(rita, ada):
        power_cut()
        for page in (rita, ada):
            await expect(dot(page)).to_have_attribute("data-state", "connecting")
        await back_online(server, rita, ada)
        online = ada.get_by_test_id("stat-online")
        await expect(online).not_to_have_text("0")
        assert await rita.get_by_test_id("day-label").inner_text() == day
        assert await ada.get_by_test_id("search").input_value() == "Pia Lund"
        assert await ada.get_by_text("Page 1 of 1").count() == 1


async def test_a_browser_that_was_offline_says_so_and_catches_up(enter: Enter) -> None:
    await office.release("customer")
    carla, ada = await asyncio.gather(enter("customer"), enter("admin", apart=True))
    async with without_reload(ada):
        await ada.context.set_offline(True)
        await expect(dot(ada)).to_have_attribute("data-state", "disconnected")
        made = await office.book("customer")
        await expect(row(carla, made.id)).to_be_visible()
        await ada.context.set_offline(False)
        await expect(dot(ada)).to_have_attribute("data-state", "connected", timeout=25_000)
        await expect(rows(ada).first).to_have_attribute("data-id", str(made.id))
