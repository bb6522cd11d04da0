"""Repeated failures are slowed, then locked, for each account and each network address."""

import asyncio
from types import SimpleNamespace

import pytest
from sqlmodel import select

from shinesmile.accounts import throttle
from shinesmile.accounts.models import SignInFailures
from shinesmile.accounts.sessions import WRONG, Origin
from shinesmile.core import database
from shinesmile.core.errors import TooMany
from tests.accounts.people import DESK, refused, sign_in
from tests.clinic import PASSWORD, Clinic
from tests.watching import Now

ELSEWHERE = Origin("198.51.100.9", "curl")
LOCKED = "Too many failed attempts. Try again in 15 min."


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that each sign-in was held back."""
    recorded: list[float] = []

    async def sleep(seconds: float) -> None:
        recorded.append(seconds)

    monkeypatch.setattr(throttle, "asyncio", SimpleNamespace(sleep=sleep))
    return recorded


async def fail(times: int, name: str = "customer", origin: Origin = DESK) -> None:
    for _ in range(times):
        assert await refused(name, origin=origin) == WRONG


@pytest.mark.parametrize("name", ["customer", "nobody"])
async def test_failures_are_slowed_and_then_locked(
    clinic: Clinic, now: Now, waits: list[float], name: str
) -> None:
    await fail(10, name)
    assert waits == [0, 0, 0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
    assert await refused(name) == LOCKED
    assert await refused(name, PASSWORD) == LOCKED, "even with the right password"
    assert await refused(name, origin=ELSEWHERE) == LOCKED, "from wherever"


async def test_lock_says_how_long_and_ends(clinic: Clinic, now: Now, waits: list[float]) -> None:
    await fail(10)
    now.move(minutes=14)
    with pytest.raises(TooMany, match="Try again in 1 min") as locked:
        await sign_in()
    assert locked.value.retry_after == 60
    now.move(minutes=1)
    assert (await sign_in()).user.id == clinic.customer.user_id


async def test_other_accounts_are_not_slowed(clinic: Clinic, now: Now, waits: list[float]) -> None:
    await fail(10)
    waits.clear()
    await sign_in("other_customer")
    assert waits == [0]


async def test_success_forgets_the_failures_of_the_account(
    clinic: Clinic, now: Now, waits: list[float]
) -> None:
    await fail(5)
    await sign_in()
    waits.clear()
    await fail(9)
    assert waits == [0, 0, 0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]


async def test_failures_are_forgotten_after_a_while(
    clinic: Clinic, now: Now, waits: list[float]
) -> None:
    await fail(9)
    now.move(minutes=30, seconds=1)
    waits.clear()
    await fail(2)
    assert waits == [0, 0]


async def test_network_address_is_locked_for_every_account(
    clinic: Clinic, now: Now, waits: list[float]
) -> None:
    for number in range(100):
        await fail(1, f"guess.{number}")
    assert await refused("customer", PASSWORD) == LOCKED
    await sign_in(origin=ELSEWHERE)
    now.move(minutes=15, seconds=1)
    await sign_in()


async def test_failures_at_the_same_moment_are_all_counted(
    clinic: Clinic, now: Now, waits: list[float]
) -> None:
    """Two people behind one network address mistype at once, and neither meets a crash."""
    guesses = [refused(f"guess.{number}") for number in range(8)]
    assert set(await asyncio.gather(*guesses)) == {WRONG}
    async with database.reading() as session:
        counted = {each.key: each.failures for each in await session.exec(select(SignInFailures))}
    assert counted[f"address:{DESK.address}"] == 8


async def test_without_rate_limits_nothing_is_slowed(
    clinic: Clinic, now: Now, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    unlimited = throttle.settings.model_copy(update={"rate_limits": False})
    monkeypatch.setattr(throttle, "settings", unlimited)
    await fail(12)
    await sign_in()
    assert waits == []
