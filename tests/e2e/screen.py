"""What a person sees and does on a page."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Locator, Page, WebSocket, expect

PROMPT_MS = 1000


def dot(page: Page) -> Locator:
    """The connection dot."""
    return page.get_by_test_id("connection-dot")


async def is_live(page: Page) -> None:
    """Wait until the page is connected and shows what it was opened for."""
    await expect(dot(page)).to_have_attribute("data-state", "connected")
    await expect(page.get_by_test_id("loading")).to_have_count(0)
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)


def row(page: Page, appointment_id: int | None) -> Locator:
    """The row of an appointment."""
    return page.locator(f'[data-testid=appointment-row][data-id="{appointment_id}"]')


def rows(page: Page) -> Locator:
    """All rows of appointments."""
    return page.get_by_test_id("appointment-row")


def toast(page: Page, kind: str, title: str) -> Locator:
    """The newest toast of a kind with this title."""
    return page.locator(f"[data-sonner-toast][data-type={kind}]", has_text=title).first


def tile(page: Page, name: str) -> Locator:
    """A number of the overview."""
    return page.get_by_test_id(f"stat-{name}")


async def number(page: Page, name: str) -> float:
    """What that number is now."""
    return float((await tile(page, name).inner_text()).replace(",", ""))


def unread(page: Page, count: int) -> Locator:
    """The bell, when it says that so many are unread."""
    said = f"{count} unread" if count else "none unread"
    return page.get_by_test_id("bell").and_(page.get_by_label(f"Notifications, {said}", exact=True))


async def unread_count(page: Page) -> int:
    """How many the bell says are unread."""
    said = await page.get_by_test_id("bell").get_attribute("aria-label") or ""
    found = re.search(r"(\d+) unread", said)
    return int(found[1]) if found else 0


@asynccontextmanager
async def without_reload(*pages: Page) -> AsyncIterator[None]:
    """Asserts that these pages stay the same documents meanwhile."""
    for page in pages:
        await page.evaluate("window.__mark = 'the same document'")
    yield
    for page in pages:
        assert await page.evaluate("window.__mark") == "the same document", page.url


def record_frames(page: Page) -> list[str]:
    """Every frame that sockets opened from now on receive."""
    frames: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    page.on("websocket", listen)
    return frames


async def choose(page: Page, service: str, branch: str = "Downtown") -> None:
    """Open the booking of a service from the catalogue and choose a branch with free times."""
    await page.goto("/services")
    await page.get_by_role("link", name=f"Book {service}", exact=True).click()
    await page.get_by_test_id("branch").select_option(label=branch)
    await expect(page.get_by_test_id("branch").locator("option:checked")).to_have_text(branch)
    await expect(page.get_by_test_id("slot").first).to_be_visible()


async def book(
    page: Page, service: str = "Dental check-up", branch: str = "Downtown", note: str = ""
) -> None:
    """Book the first free time of the day that is offered."""
    await choose(page, service, branch)
    await page.get_by_test_id("slot").first.click()
    await page.get_by_test_id("note").fill(note)
    await page.get_by_test_id("book").click()
    await page.wait_for_url("**/dashboard")


async def tomorrow(page: Page) -> None:
    """Turn a schedule to the next day."""
    today = await page.get_by_test_id("day-label").inner_text()
    await page.get_by_label("The day after").click()
    await expect(page.get_by_test_id("day-label")).not_to_have_text(today)


async def give_reason(page: Page, reason: str) -> None:
    """Answer the question for a reason."""
    await page.get_by_role("dialog").get_by_label("Reason").fill(reason)
    await page.get_by_test_id("reason-submit").click()


def person_row(page: Page, who: str) -> Locator:
    """The row of an account, by the name before the @."""
    return page.get_by_test_id("user-row").filter(has_text=f"{who}@example.com")
