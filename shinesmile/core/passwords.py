"""Password hashing: argon2, in a thread, so that the event loop never waits for it."""

import asyncio
import secrets

from passlib.context import CryptContext

MIN_LENGTH = 8
MAX_LENGTH = 200

_context = CryptContext(
    schemes=["argon2"], argon2__time_cost=2, argon2__memory_cost=19_456, argon2__parallelism=1
)
_absent = _context.hash(secrets.token_urlsafe())


async def hash_password(password: str) -> str:
    """An argon2 hash of the password."""
    return await asyncio.to_thread(_context.hash, _bytes(password))


async def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash.

    A missing hash costs the same time as a wrong password, so that nobody learns from the
    clock which addresses have an account.
    """
    known = password_hash or _absent
    matches = await asyncio.to_thread(_context.verify, _bytes(password), known)
    return matches and password_hash is not None


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
