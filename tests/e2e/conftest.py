"""A running clinic and a browser."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser import FLAGS, on_path
from tests.serving import Server

OpenPage = Callable[[], Awaitable[Page]]
SignIn = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo clinic, served by a process of its own."""
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    started.kill()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless browser, shared by all tests."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=on_path(), args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture
async def new_page(browser: Browser, server: Server) -> AsyncIterator[OpenPage]:
    """Opens a page of a visitor of its own, with relative addresses on the server."""
    contexts: list[BrowserContext] = []

    async def open_page() -> Page:
        contexts.append(await browser.new_context(base_url=server.url))
        return await contexts[-1].new_page()

    yield open_page
    for context in contexts:
        await context.close()


@pytest.fixture
def sign_in(new_page: OpenPage) -> SignIn:
    """Opens a page of a person who has signed in through the form."""

    async def submit(email: str, password: str = "password123") -> Page:
        page = await new_page()
        await page.goto("/login")
        await page.get_by_test_id("login-email").fill(email)
        await page.get_by_test_id("login-password").fill(password)
        await page.get_by_test_id("login-submit").click()
        await page.wait_for_url(lambda url: "/login" not in url)
        return page

    return submit
