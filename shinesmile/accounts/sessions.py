"""Signing in and out, and the sessions behind it: revocable rows that a token names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts import throttle
from shinesmile.accounts.models import Membership, Session, User
from shinesmile.core import clock, database, passwords, text, tokens
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import NotFound, Refusal
from shinesmile.core.scope import Scope
from shinesmile.core.settings import settings
from shinesmile.realtime.log import record
from shinesmile.realtime.views import Viewer

SESSION_COOKIE = "shinesmile_session"
NOTICE_COOKIE = "shinesmile_notice"
SHORT = timedelta(hours=12)
REMEMBERED = timedelta(days=30)
WRONG = "The e-mail address and the password do not match an account."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: network address and browser, as it names itself."""

    address: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: its token, when it ends, and whose it is."""

    token: str
    expires_at: datetime
    remembered: bool
    user: User


async def sign_in(email: str, password: str, remember: bool, origin: Origin) -> SignedIn:
    """Start a session; raises Refusal with one sentence for whatever does not match."""
    email = text.clean(email).lower()
    await throttle.admit(email, origin.address)
    async with database.reading() as session:
        user = (await session.exec(select(User).where(User.email == email))).first()
    matches = await passwords.verify_password(
        password[: passwords.MAX_LENGTH], user.password_hash if user else None
    )
    if user is None or not matches or not user.is_active:
        await throttle.failed(email, origin.address)
        raise Refusal(WRONG)
    if settings.rate_limits:
        await throttle.succeeded(email)
    return await start(user, remember, origin)


async def start(user: User, remember: bool, origin: Origin) -> SignedIn:
    """Start a session for an account whose password was just verified or chosen."""
    now = clock.now()
    expires_at = now + (REMEMBERED if remember else SHORT)
    row = Session(
        id=uuid4().hex,
        user_id=user.id or 0,
        created_at=now,
        expires_at=expires_at,
        address=origin.address[:60],
        browser=origin.browser[:200],
    )
    async with database.unit_of_work() as work:
        work.add(row)
        record(work, "session.started", ("session", row.id), [f"user.{user.id}"])
    claims = tokens.SessionClaims(row.id, user.id or 0)
    return SignedIn(tokens.sign_session(claims, expires_at), expires_at, remember, user)


async def viewer_of(token: str) -> Viewer | None:
    """Who a token's session belongs to; None when it is bad, ended or the account disabled."""
    claims = tokens.read_session(token)
    if claims is None:
        return None
    async with database.reading() as session:
        return await _viewer(session, claims.session_id, claims.user_id)


async def still_valid(viewer: Viewer) -> bool:
    """Whether a viewer's session, role and branches are unchanged."""
    async with database.reading() as session:
        return await _viewer(session, viewer.session_id, viewer.scope.user_id) == viewer


async def _viewer(session: AsyncSession, session_id: str, user_id: int) -> Viewer | None:
    query = (
        select(Session, User, Membership.branch_id)
        .join(User, col(User.id) == Session.user_id)
        .join(Membership, col(Membership.user_id) == User.id, isouter=True)
        .where(
            Session.id == session_id,
            Session.user_id == user_id,
            col(Session.revoked_at).is_(None),
            col(Session.expires_at) > clock.now(),
            col(User.is_active),
        )
    )
    rows = (await session.exec(query)).all()
    if not rows:
        return None
    row, user, _ = rows[0]
    branches = frozenset(filter(None, (branch_id for _, _, branch_id in rows)))
    return Viewer(Scope(user_id, user.role, branches), row.id, row.expires_at)


async def sign_out(token: str) -> None:
    """End the session that a token names."""
    claims = tokens.read_session(token)
    if claims is None:
        return
    async with database.unit_of_work() as work:
        await end(work, claims.user_id, only=claims.session_id)


async def open_sessions(session: AsyncSession, user_id: int) -> Sequence[Session]:
    """An account's sessions that have not ended, newest first."""
    query = select(Session).where(
        Session.user_id == user_id,
        col(Session.revoked_at).is_(None),
        col(Session.expires_at) > clock.now(),
    )
    return (await session.exec(query.order_by(col(Session.created_at).desc()))).all()


async def revoke(scope: Scope, session_id: str) -> None:
    """End one of the account's own sessions; raises NotFound for anybody else's."""
    async with database.unit_of_work() as work:
        if not await end(work, scope.user_id, only=session_id):
            raise NotFound


async def end(
    work: UnitOfWork, user_id: int, *, only: str | None = None, keep: str | None = None
) -> int:
    """End an account's sessions in this unit of work; answers how many.

    Every process turns the session's open pages out when it reads the event.
    """
    query = select(Session).where(Session.user_id == user_id, col(Session.revoked_at).is_(None))
    if only is not None:
        query = query.where(Session.id == only)
    ended = [row for row in await work.exec(query) if row.id != keep]
    for row in ended:
        row.revoked_at = clock.now()
        work.add(row)
        record(work, "session.ended", ("session", row.id), [f"user.{user_id}"])
    return len(ended)
