"""One clinic for all attacks, with victims in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from tests.attack.victims import Victims, settle_in, sign_in
from tests.attack.wire import Socket
from tests.serving import Server

OpenTab = Callable[..., Awaitable[Socket]]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo clinic, served by a process of its own."""
    started = Server(tmp_path_factory.mktemp("attacked"))
    yield started
    started.kill()


@pytest.fixture(scope="session")
async def victims(server: Server) -> Victims:
    """The people whose data is marked."""
    return await settle_in(server)


@pytest.fixture
async def open_tab(server: Server) -> AsyncIterator[OpenTab]:
    """Opens tabs: of somebody with this e-mail address, of a Cookie header, or of nobody."""
    tabs: list[Socket] = []

    async def open_one(email: str = "", *, cookie: str = "", token: str | None = None) -> Socket:
        cookie = cookie or (await sign_in(server, email) if email else "")
        tabs.append(await Socket.open(server.url, cookie, token=token))
        return tabs[-1]

    yield open_one
    for tab in tabs:
        await tab.close()
