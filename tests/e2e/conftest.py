"""A running clinic, a browser, and people who sit in front of it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Protocol

import pytest
from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright, expect

from shinesmile.accounts.navigation import HOMES
from shinesmile.accounts.sessions import SESSION_COOKIE
from shinesmile.core import database
from tests.browser import FLAGS, on_path
from tests.clinic import cheap_passwords
from tests.e2e import office
from tests.e2e.screen import is_live
from tests.serving import Server

PATIENCE_MS = 10_000
expect.set_options(timeout=PATIENCE_MS)

OpenPage = Callable[[], Awaitable[Page]]
SignIn = Callable[..., Awaitable[Page]]
Desks = dict[str, Page]


class Enter(Protocol):
    """Opens a live page of somebody who is signed in already, at their home or elsewhere."""

    async def __call__(self, who: str, path: str = "", *, apart: bool = False) -> Page:
        """`who` is the name before the @. With `apart` they sit in another browser too."""
        ...


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo clinic, served by a process of its own."""
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    started.kill()


@pytest.fixture(autouse=True)
async def clinic_database(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[database.Database]:
    """The server's database, opened in this process too, where `office` works on it."""
    cheap_passwords(monkeypatch)
    opened = database.connect(server.database_url)
    yield opened
    await opened.close()


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
        contexts[-1].set_default_timeout(PATIENCE_MS)
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


@pytest.fixture(scope="session")
async def desks(browser: Browser) -> AsyncIterator[Desks]:
    """Everybody's own browser with one page, kept from test to test because opening costs a second."""
    kept: Desks = {}
    yield kept
    for page in kept.values():
        await page.context.close()


@pytest.fixture
async def enter(
    browser: Browser, server: Server, desks: Desks, new_page: OpenPage
) -> AsyncIterator[Enter]:
    """Opens the page of somebody whose session was started behind the form's back.

    No page may break: an uncaught error in one fails the test.
    """
    opened: list[Page] = []
    broken: list[str] = []

    def note(error: Error) -> None:
        broken.append(str(error))

    async def own_page(who: str) -> Page:
        if who not in desks:
            context = await browser.new_context(base_url=server.url)
            context.set_default_timeout(PATIENCE_MS)
            desks[who] = await context.new_page()
            await desks[who].goto("/logo.svg")
        page = desks[who]
        await page.evaluate("sessionStorage.clear(); localStorage.clear()")
        await page.set_viewport_size({"width": 1280, "height": 720})
        await page.emulate_media(color_scheme="null", reduced_motion="null")
        return page

    async def sit_down(who: str, path: str = "", *, apart: bool = False) -> Page:
        user = await office.person(who)
        page = await new_page() if apart else await own_page(who)
        page.on("pageerror", note)
        opened.append(page)
        token = await office.session_token(user)
        await page.context.add_cookies(
            [{"name": SESSION_COOKIE, "value": token, "url": server.url}]
        )
        await page.goto(path or HOMES[user.role])
        await is_live(page)
        return page

    yield sit_down
    for page in opened:
        page.remove_listener("pageerror", note)
        if not page.is_closed():
            await page.goto("/logo.svg")
    assert not broken
