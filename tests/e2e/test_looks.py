"""Every page on a phone and on a desk, in light and in dark, and under the keyboard alone."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

import pytest
from playwright.async_api import ConsoleMessage, Page, expect

from tests.e2e import office
from tests.e2e.conftest import Enter, OpenPage
from tests.e2e.screen import is_live
from tests.watching import until

PUBLIC = ("/", "/services", "/login", "/register", "/forgot-password", "/reset-password")
OWN = {
    "/dashboard": "customer",
    "/services": "customer",
    "/account": "customer",
    "/reception": "receptionist",
    "/checker": "checker",
    "/optometrist": "optometrist",
    "/dentist": "dentist",
    "/staff": "staff",
    "/admin": "admin",
    "/admin/users": "admin",
    "/admin/branches": "admin",
    "/admin/services": "admin",
    "/admin/outbox": "admin",
}
WIDTHS = (360, 1440)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CONTRAST, FEWEST_TEXTS = 4.5, 5

# What sticks out at the right of the window; tables that scroll in their own box do not.
STICKING_OUT = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > page.clientWidth + 1)
    .map((each) => `${each.tagName}.${each.className} ${each.textContent.slice(0, 30)}`)
    .slice(-5);
}"""

# Controls without a name for those who do not see them, and ids that are not unique.
NAMELESS = """() => {
  const named = (each) => each.labels?.length || each.ariaLabel || each.title
    || each.textContent.trim() || each.querySelector("img[alt]:not([alt=''])");
  const controls = "button, a[href], input:not([type=hidden]), select, textarea";
  const bad = [...document.querySelectorAll(controls)].filter((each) => !named(each));
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  const doubled = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [...bad.map((each) => each.outerHTML.slice(0, 120)), ...doubled];
}"""

# The least contrast between a text and the solid colour behind it, that text, and how many there are.
FAINTEST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const channel = (c) => (c / 255 <= 0.03928 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const isPlain = (colour) => colour.startsWith("rgb");
  const behind = (each) => {
    for (let at = each; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none" || !isPlain(style.backgroundColor)) return null;
      const [r, g, b, alpha = 1] = numbers(style.backgroundColor);
      if (alpha === 1) return [r, g, b];
      if (alpha > 0) return null;
    }
    return null;
  };
  let [faintest, measured] = [[21, ""], 0];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const each = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent.trim();
    const style = getComputedStyle(each);
    if (!text || !each.checkVisibility() || each.closest("[disabled], [aria-hidden=true], .ss-sr"))
      continue;
    const back = behind(each);
    if (!back || !isPlain(style.color)) continue;
    measured += 1;
    const [a, b] = [light(back), light(numbers(style.color))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < faintest[0]) faintest = [ratio, `${each.className}: ${text.slice(0, 40)}`];
  }
  return [...faintest, measured];
}"""


async def looks_right(page: Page) -> None:
    """In every width and theme: nothing sticks out and every text can be read (WCAG AA)."""
    ink = {}
    for theme in THEMES:
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await expect(page.locator("html")).to_have_class(theme)
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            await settles(page)
        ink[theme] = await page.evaluate("getComputedStyle(document.body).color")
    assert ink["light"] != ink["dark"]


async def settles(page: Page) -> None:
    """Once colours and widths have stopped changing, there is nothing to find fault with."""
    faults: list[object] = []

    async def is_faultless() -> bool:
        contrast, text, measured = await page.evaluate(FAINTEST)
        faults[:] = await page.evaluate(STICKING_OUT)
        if contrast < CONTRAST or measured < FEWEST_TEXTS:
            faults.append((contrast, text, measured))
        return not faults

    with suppress(AssertionError):
        await until(is_faultless, seconds=2)
    assert faults == [], page.viewport_size


@contextmanager
def complaints_of(page: Page) -> Iterator[list[str]]:
    """What the browser complains about on this page meanwhile."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", note)
    yield complaints
    page.remove_listener("console", note)


@pytest.mark.parametrize("path", PUBLIC)
async def test_a_public_page_fits_every_screen_in_light_and_dark(
    new_page: OpenPage, path: str
) -> None:
    page = await new_page()
    with complaints_of(page) as complaints:
        await page.goto(path)
        await expect(page.get_by_role("heading").first).to_be_visible()
        await expect(page.locator(".ss-skeleton")).to_have_count(0)
        await looks_right(page)
    assert await page.evaluate(NAMELESS) == []
    assert complaints == []


@pytest.mark.parametrize(("path", "who"), OWN.items())
async def test_a_signed_in_page_fits_every_screen_in_light_and_dark(
    enter: Enter, path: str, who: str
) -> None:
    page = await enter(who)
    with complaints_of(page) as complaints:
        await page.goto(path)
        await is_live(page)
        assert await page.get_by_test_id("no-access").count() == 0
        await looks_right(page)
    assert await page.evaluate(NAMELESS) == []
    assert complaints == []


async def test_booking_fits_a_phone(enter: Enter) -> None:
    await office.release("customer")
    page = await enter("customer", "/services")
    await page.get_by_role("link", name="Book Dental check-up", exact=True).click()
    await page.get_by_test_id("slot").first.click()
    await expect(page.get_by_test_id("book")).to_be_visible()
    await looks_right(page)
    assert await page.evaluate(NAMELESS) == []


async def test_a_dialog_fits_a_phone(enter: Enter) -> None:
    page = await enter("admin", "/admin/users")
    await page.get_by_role("button", name="Add a person").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await looks_right(page)
    assert await page.evaluate(NAMELESS) == []
    await page.set_viewport_size({"width": 360, "height": 640})
    await dialog.get_by_test_id("save").scroll_into_view_if_needed()
    await expect(dialog.get_by_test_id("save")).to_be_in_viewport(ratio=1)


async def test_a_menu_opens_on_a_phone_and_leads_on(enter: Enter) -> None:
    page = await enter("admin")
    await page.set_viewport_size({"width": 360, "height": 800})
    await page.get_by_test_id("menu").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("link", name="People").click()
    await page.wait_for_url("**/admin/users")
    await expect(drawer).to_have_count(0)
    await expect(page.get_by_test_id("user-row").first).to_be_visible()


async def test_the_chosen_theme_survives_a_reload(enter: Enter) -> None:
    page = await enter("customer", apart=True)
    html = page.locator("html")
    await expect(html).to_have_class("light")
    await page.get_by_test_id("theme-toggle").click()
    await expect(html).to_have_class("dark")
    await page.reload()
    await is_live(page)
    await expect(html).to_have_class("dark")
    await page.get_by_test_id("theme-toggle").click()
    await page.reload()
    await is_live(page)
    await expect(html).to_have_class("light")
