"""Repeated failed sign-ins are slowed, then locked for a while, per account and address."""

import asyncio
from datetime import timedelta
from math import ceil

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete

from shinesmile.accounts.models import SignInFailures
from shinesmile.core import clock, database
from shinesmile.core.errors import TooMany
from shinesmile.core.settings import settings

SLOW_AFTER = 3
MAX_DELAY_SECONDS = 4.0
FORGET_AFTER = timedelta(minutes=30)
LOCK_FOR = timedelta(minutes=15)
ACCOUNT_LIMIT = 10
ADDRESS_LIMIT = 100


def _keys(email: str, address: str) -> dict[str, int]:
    """What is counted, and after how many failures it is locked."""
    return {f"account:{email[:254]}": ACCOUNT_LIMIT, f"address:{address[:60]}": ADDRESS_LIMIT}


async def admit(email: str, address: str) -> None:
    """Wait as long as earlier failures ask for; raise TooMany while locked.

    Unknown accounts are counted like known ones, so that the answer tells nothing.
    """
    if not settings.rate_limits:
        return
    now = clock.now()
    delay = 0.0
    async with database.reading() as session:
        for key in _keys(email, address):
            row = await session.get(SignInFailures, key)
            if row is None:
                continue
            if row.locked_until and row.locked_until > now:
                seconds = ceil((row.locked_until - now).total_seconds())
                raise TooMany(
                    f"Too many failed attempts. Try again in {-(-seconds // 60)} min.", seconds
                )
            if key.startswith("account:") and row.last_at > now - FORGET_AFTER:
                delay = min(0.5 * max(0, row.failures - SLOW_AFTER + 1), MAX_DELAY_SECONDS)
    await asyncio.sleep(delay)


async def failed(email: str, address: str) -> None:
    """Count a failure, and lock what has failed too often."""
    try:
        await _count(_keys(email, address))
    except IntegrityError:
        # Somebody else's first failure was counted at this moment: now there is a row to lock.
        await failed(email, address)


async def _count(keys: dict[str, int]) -> None:
    now = clock.now()
    async with database.unit_of_work() as work:
        for key, limit in keys.items():
            row = await work.get(SignInFailures, key, with_for_update=True)
            if row is None:
                row = SignInFailures(key=key, last_at=now)
            if row.last_at < now - FORGET_AFTER:
                row.failures = 0
            row.failures += 1
            row.last_at = now
            if row.failures >= limit:
                row.locked_until, row.failures = now + LOCK_FOR, 0
            work.add(row)


async def succeeded(email: str) -> None:
    """Forget an account's failures; its network address keeps its count."""
    async with database.unit_of_work() as work:
        key = f"account:{email[:254]}"
        await work.exec(delete(SignInFailures).where(col(SignInFailures.key) == key))
