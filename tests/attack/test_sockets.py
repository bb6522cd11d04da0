"""The door of the socket: foreign pages, crowds, and packets that no browser would send."""

import asyncio
import json
from collections.abc import Iterator
from time import monotonic

import httpx
import pytest

from tests.attack.conftest import OpenTab
from tests.attack.victims import ENTER, LOGIN
from tests.attack.wire import NAMESPACE, ROOT, Refused, Socket
from tests.serving import Server
from tests.watching import until

ROOM_FOR = 3
NOT_TO_BE_NOTICED_SECONDS = 1.5
NESTED = "[" * 100_000 + "]" * 100_000
EVENT = f"42{NAMESPACE},"
PACKETS: list[str | bytes] = [
    "",
    "9",
    "zzz",
    "4",
    "40",
    "42",
    "42/x,[1]",
    "40/x,",
    f"40{NAMESPACE},",
    f"41{NAMESPACE},",
    f"43{NAMESPACE},1[]",
    f"{EVENT}5",
    f"{EVENT}[]",
    f"{EVENT}{{}}",
    f"{EVENT}[null]",
    f"{EVENT}{NESTED}",
    f'{EVENT}["event"]',
    f'{EVENT}["event",5]',
    f'{EVENT}["event",{{}}]',
    f'{EVENT}["event","{{"]',
    f'{EVENT}["event",{{"name":"nope"}}]',
    f'{EVENT}["event",{{"name":5}}]',
    f'{EVENT}["event",{{"name":"{ROOT}.__init__"}}]',
    f'{EVENT}["event",{{"name":"{ROOT}.hydrate","router_data":[1]}}]',
    f'{EVENT}["event",{{"name":"{ROOT}.hydrate","payload":[1]}}]',
    f'{EVENT}["event",{{"name":"{ROOT}.hydrate","payload":{{"self":1}}}}]',
    f'{EVENT}["disconnect"]',
    f'{EVENT}["connect"]',
    f'{EVENT}["link_token_to_sid","x"]',
    f'{EVENT}["emit_update",{{}},"x"]',
    f'{EVENT}["trigger_event","connect"]',
    f'{EVENT}["__class__"]',
    f'{EVENT}["client_error",{{"message":"[red]\\nforged"}}]',
    f"{EVENT}{'9' * 5000}[]",
    f'45999999-{NAMESPACE},["event"]',
    f'451-{NAMESPACE},["event",{{"_placeholder":true,"num":0}}]',
    f'{EVENT}["event","{"x" * 60_000}"]',
    f'{EVENT}["event","{"x" * 5_000_000}"]',
    b"\x00\xff" * 1000,
]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://localhost",
        "http://localhost:1",
        "http://localhost:{port}.evil.example",
        "http://evil.example:{port}",
        "null",
        "*",
    ],
)
async def test_pages_of_other_sites_are_refused(origin: str, server: Server) -> None:
    with pytest.raises(Refused):
        await Socket.handshake(server.url, origin=origin.format(port=server.port))
    async with await Socket.open(server.url, origin=server.url) as own:
        await own.settle()


async def test_no_packet_brings_the_server_down(server: Server, open_tab: OpenTab) -> None:
    bystander = await open_tab("customer2@example.com")
    await bystander.ask(ENTER, path="/dashboard")
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as browser:
        for packet in PACKETS:
            async with await Socket.open(server.url) as attacker:
                for _ in range(3):
                    try:
                        await attacker.send(packet)
                    except OSError:
                        break
                began = monotonic()
                await bystander.settle()
                assert monotonic() - began < NOT_TO_BE_NOTICED_SECONDS, packet[:80]
            assert (await browser.get("/health")).status_code == httpx.codes.OK, packet[:80]


async def test_a_packet_larger_than_any_page_sends_closes_its_socket(server: Server) -> None:
    async with await Socket.open(server.url) as tab:
        await tab.send(f'{EVENT}["event","{"x" * 200_000}"]')
        await tab.ended()


async def test_a_flood_leaves_the_others_room(server: Server, open_tab: OpenTab) -> None:
    bystander = await open_tab("customer2@example.com")
    async with await Socket.open(server.url) as attacker:
        for number in range(300):
            await attacker.call(ENTER, {"unexpected": number})
        began = monotonic()
        assert '"user_role' in await bystander.ask(ENTER, path="/dashboard")
        assert monotonic() - began < 2 * NOT_TO_BE_NOTICED_SECONDS
        await attacker.settle()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with room for few."""
    limits = {"MAX_CONNECTIONS": str(ROOM_FOR), "DEMO": "off"}
    started = Server(tmp_path_factory.mktemp("small"), settings=limits)
    yield started
    started.kill()


async def admits(server: Server) -> bool:
    """Whether one more tab gets in and is answered."""
    try:
        async with await Socket.open(server.url) as tab:
            return LOGIN in await tab.ask(ENTER)
    except Refused:
        return False


async def is_full(server: Server) -> bool:
    return not await admits(server)


async def test_no_more_sockets_than_there_is_room_for(small: Server) -> None:
    tabs = [await Socket.open(small.url) for _ in range(ROOM_FOR)]
    for _ in range(5):
        with pytest.raises(Refused):
            await Socket.open(small.url)
    for tab in tabs:
        assert LOGIN in await tab.ask(ENTER)
    await tabs.pop().close()
    await until(lambda: admits(small))
    for tab in tabs:
        await tab.close()


async def test_silent_sockets_take_their_room_too(small: Server) -> None:
    await until(lambda: admits(small))
    silent = [await Socket.handshake(small.url) for _ in range(ROOM_FOR)]
    with pytest.raises(Refused):
        await Socket.handshake(small.url)
    for tab in silent:
        await tab.close()
    await until(lambda: admits(small))


async def test_a_socket_cannot_pretend_to_have_left(small: Server) -> None:
    tabs = [await Socket.open(small.url) for _ in range(ROOM_FOR)]
    for tab in tabs:
        await tab.emit("disconnect")
        await tab.emit("disconnect", "transport close")
        assert LOGIN in await tab.ask(ENTER)
    assert await is_full(small)
    for tab in tabs:
        await tab.close()
    await until(lambda: admits(small))


@pytest.mark.parametrize(
    "first",
    [5, {}, "{", {"name": 5}, {"name": f"{ROOT}.hydrate", "router_data": 5}, [1]],
    ids=json.dumps,
)
async def test_a_first_event_that_fails_takes_no_room(first: object, small: Server) -> None:
    for _ in range(2 * ROOM_FOR):
        async with asyncio.timeout(10):
            try:
                tab = await Socket.open(small.url, auth={"event": first})
            except Refused:
                continue
        await tab.close()
        await until(lambda: admits(small))
    await until(lambda: admits(small))
