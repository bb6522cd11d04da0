"""Everything can be reached and left by the keyboard alone."""

from playwright.async_api import Locator, Page, expect

from tests.e2e import office
from tests.e2e.conftest import Enter
from tests.e2e.screen import row

HAS_RING = """() => {
  const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
  return outlineStyle !== "none" || boxShadow !== "none";
}"""


async def tabbed_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, at most sixty times."""
    await expect(target).to_be_visible()
    for _ in range(60):
        if await target.evaluate("each => each === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


async def test_the_keyboard_skips_to_the_content_and_reaches_every_tool(enter: Enter) -> None:
    page = await enter("admin")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Skip to content")).to_be_focused()
    for name in ("refresh", "theme-toggle", "bell", "user-menu", "search"):
        await tabbed_to(page, page.get_by_test_id(name))
        assert await page.evaluate(HAS_RING), name
    await tabbed_to(page, page.get_by_test_id("delete").first)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alertdialog")).to_be_visible()


async def test_skipping_goes_past_the_menu(enter: Enter) -> None:
    page = await enter("admin")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#content")).to_be_focused()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.closest('#content') !== null")


async def closes_and_gives_back(page: Page, opener: Locator, panel: Locator) -> None:
    """Enter on the opener shows the panel with the focus in it; Escape gives the focus back."""
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(panel).to_be_visible()
    await expect(panel.locator(":focus")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_escape_closes_and_gives_the_focus_back(enter: Enter) -> None:
    await office.release("customer")
    made = await office.book("customer")
    page = await enter("admin")
    dialog = page.get_by_role("dialog")
    shown = row(page, made.id)
    await closes_and_gives_back(page, page.get_by_test_id("bell"), dialog)
    await closes_and_gives_back(page, page.get_by_test_id("user-menu"), dialog)
    await closes_and_gives_back(page, shown.get_by_test_id("step-cancel"), dialog)
    await closes_and_gives_back(
        page, shown.get_by_test_id("delete"), page.get_by_role("alertdialog")
    )
    await page.goto("/admin/users")
    await closes_and_gives_back(page, page.get_by_role("button", name="Add a person"), dialog)
    await page.goto("/admin/branches")
    await closes_and_gives_back(page, page.get_by_role("button", name="Edit Downtown"), dialog)
