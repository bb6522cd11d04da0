"""Signing in as the people of the clinic."""

import pytest

from shinesmile.accounts import sessions
from shinesmile.accounts.models import Session
from shinesmile.accounts.sessions import Origin, SignedIn
from shinesmile.core import database
from shinesmile.core.errors import Refusal
from shinesmile.core.scope import Scope
from tests.clinic import PASSWORD, address

DESK = Origin("192.0.2.7", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")


async def sign_in(
    name: str = "customer",
    password: str = PASSWORD,
    *,
    remember: bool = False,
    origin: Origin = DESK,
) -> SignedIn:
    """Sign one of the clinic's people in."""
    return await sessions.sign_in(address(name), password, remember, origin)


async def refused(name: str, password: str = "a wrong password", origin: Origin = DESK) -> str:
    """The sentence with which a sign-in is refused."""
    with pytest.raises(Refusal) as refusal:
        await sign_in(name, password, origin=origin)
    return refusal.value.sentence


async def is_in(signed_in: SignedIn) -> bool:
    """Whether a session's token still opens the clinic."""
    return await sessions.viewer_of(signed_in.token) is not None


async def open_sessions(scope: Scope) -> list[Session]:
    """An account's open sessions, newest first."""
    async with database.reading() as session:
        return list(await sessions.open_sessions(session, scope.user_id))
