"""What one person does, everybody concerned sees at once, without loading the page again."""

import asyncio
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, expect

from shinesmile.appointments.models import Appointment
from tests.e2e import office
from tests.e2e.conftest import Enter
from tests.e2e.office import Morning
from tests.e2e.screen import (
    book,
    give_reason,
    number,
    row,
    rows,
    tile,
    toast,
    tomorrow,
    unread,
    unread_count,
    without_reload,
)

DAY = {
    "confirm": "confirmed",
    "arrive": "arrived",
    "check_in": "checked_in",
    "start": "in_progress",
    "complete": "completed",
}


@dataclass
class Desk:
    """Carla, the receptionist of Downtown on tomorrow's page, and the admin, all looking."""

    carla: Page
    reception: Page
    admin: Page

    @property
    def pages(self) -> tuple[Page, Page, Page]:
        return self.carla, self.reception, self.admin

    def all_see(self, appointment: Appointment) -> list[Locator]:
        """The rows of an appointment on every page."""
        return [row(page, appointment.id) for page in self.pages]

    async def status(self, appointment: Appointment, status: str) -> None:
        """Everybody sees the appointment in this status."""
        for shown in self.all_see(appointment):
            await expect(shown).to_have_attribute("data-status", status)

    async def told(self, kind: str, title: str) -> None:
        """Everybody is told with a toast."""
        for page in self.pages:
            await expect(toast(page, kind, title)).to_be_visible()


@pytest.fixture
async def desk(enter: Enter) -> Desk:
    await office.release("customer")
    await office.silence("customer", "receptionist", "admin")
    pages = (enter(who) for who in ("customer", "receptionist", "admin"))
    desk = Desk(*await asyncio.gather(*pages))
    await tomorrow(desk.reception)
    return desk


async def request(page: Page, service: str = "Dental check-up") -> Appointment:
    before = await office.newest("customer")
    await book(page, service)
    made = await office.newest("customer")
    assert made.id != before.id
    return made


async def test_a_booking_appears_at_the_desk_and_on_top_of_the_admins_table(desk: Desk) -> None:
    counts = [await unread_count(page) for page in desk.pages]
    total = await rows(desk.reception).count()
    async with without_reload(desk.reception, desk.admin):
        made = await request(desk.carla)
        await desk.told("success", "Appointment created: Dental check-up")
        await expect(rows(desk.admin).first).to_have_attribute("data-id", str(made.id))
        await expect(rows(desk.admin).first).to_contain_text("Carla Jensen")
        await expect(rows(desk.reception)).to_have_count(total + 1)
        await desk.status(made, "scheduled")
        for page, count in zip(desk.pages, counts, strict=True):
            await expect(unread(page, count + 1)).to_be_visible()


async def test_confirming_at_the_desk_shows_at_once_to_the_customer(desk: Desk) -> None:
    made = await request(desk.carla)
    await desk.status(made, "scheduled")
    async with without_reload(*desk.pages):
        await row(desk.reception, made.id).get_by_test_id("step-confirm").click()
        await desk.told("info", "Appointment updated: Dental check-up")
        await desk.status(made, "confirmed")
        await expect(row(desk.carla, made.id).get_by_test_id("step-confirm")).to_have_count(0)


@pytest.mark.parametrize("who", ["carla", "reception"])
async def test_cancelling_tells_everybody_and_carries_its_reason(desk: Desk, who: str) -> None:
    made = await request(desk.carla)
    await desk.status(made, "scheduled")
    page: Page = getattr(desk, who)
    async with without_reload(*desk.pages):
        await row(page, made.id).get_by_test_id("step-cancel").click()
        await give_reason(page, f"The bus of {who} is late")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await desk.told("warning", "Appointment cancelled: Dental check-up")
        await desk.status(made, "cancelled")
        for shown in desk.all_see(made):
            await expect(shown).to_contain_text(f"The bus of {who} is late")
    past = desk.carla.get_by_test_id("past-table")
    await expect(past.locator(row(desk.carla, made.id))).to_be_visible()


@pytest.mark.parametrize("reason", ["", "   "])
async def test_without_a_reason_the_desk_is_asked_again(desk: Desk, reason: str) -> None:
    made = await request(desk.carla)
    await row(desk.reception, made.id).get_by_test_id("step-cancel").click()
    await give_reason(desk.reception, reason)
    dialog = desk.reception.get_by_role("dialog")
    await expect(dialog.get_by_role("alert")).to_contain_text("reason")
    await expect(dialog).to_be_visible()
    assert (await office.newest("customer")).status == "scheduled"
    await give_reason(desk.reception, "Called in sick")
    await desk.status(made, "cancelled")


async def test_a_customer_need_not_say_why(desk: Desk) -> None:
    made = await request(desk.carla)
    await row(desk.carla, made.id).get_by_test_id("step-cancel").click()
    await give_reason(desk.carla, "")
    await desk.status(made, "cancelled")


@pytest.mark.parametrize(("verb", "status"), [("approve", "scheduled"), ("decline", "declined")])
async def test_a_request_waits_for_the_branch(desk: Desk, verb: str, status: str) -> None:
    waiting = await number(desk.admin, "pending")
    async with without_reload(desk.reception, desk.admin):
        made = await request(desk.carla, "Implant consultation")
        await desk.status(made, "requested")
        await expect(tile(desk.admin, "pending")).to_have_text(f"{waiting + 1:.0f}")
        assert await row(desk.carla, made.id).get_by_test_id("step-approve").count() == 0
        await row(desk.reception, made.id).get_by_test_id(f"step-{verb}").click()
        if verb == "decline":
            await give_reason(desk.reception, "The scanner is being repaired")
            await expect(row(desk.carla, made.id)).to_contain_text("The scanner is being repaired")
        await desk.status(made, status)
        await desk.told("info", "Appointment updated: Implant consultation")
        await expect(tile(desk.admin, "pending")).to_have_text(f"{waiting:.0f}")


async def test_deleting_takes_the_row_off_every_page(desk: Desk) -> None:
    made = await request(desk.carla)
    await desk.status(made, "scheduled")
    assert await row(desk.reception, made.id).get_by_test_id("delete").count() == 0
    async with without_reload(*desk.pages):
        await row(desk.admin, made.id).get_by_test_id("delete").click()
        await desk.admin.get_by_test_id("confirm").click()
        await desk.told("error", "Appointment deleted: Dental check-up")
        for shown in desk.all_see(made):
            await expect(shown).to_have_count(0)


async def test_todays_numbers_follow_the_patient_through_the_day(enter: Enter) -> None:
    seaside: Morning = await office.open_branch()
    who = await office.open_account(name="Nora Lund")
    admin, reception = await asyncio.gather(enter("admin"), enter(seaside.receptionist))
    await reception.goto("/services")
    before = {name: await number(admin, name) for name in ("today", "completed", "revenue")}
    async with without_reload(admin):
        await reception.get_by_role("link", name="Book Dental check-up", exact=True).click()
        first = reception.get_by_test_id("slot").first
        tomorrows = await first.get_attribute("data-start")
        assert tomorrows
        await reception.get_by_test_id("day").fill(seaside.today)
        await expect(first).not_to_have_attribute("data-start", tomorrows)
        await first.click()
        await reception.get_by_test_id("customer_email").fill(f"{who}@example.com")
        await reception.get_by_test_id("book").click()
        await expect(rows(reception)).to_have_count(1)
        await expect(tile(admin, "today")).to_have_text(f"{before['today'] + 1:.0f}")
        for verb, status in DAY.items():
            await reception.get_by_test_id(f"step-{verb}").click()
            await expect(rows(reception)).to_have_attribute("data-status", status)
        await expect(toast(admin, "success", "Appointment completed")).to_be_visible()
        await expect(tile(admin, "completed")).to_have_text(f"{before['completed'] + 1:.0f}")
        await expect(tile(admin, "revenue")).to_have_text(f"{before['revenue'] + 45:,.2f}")
