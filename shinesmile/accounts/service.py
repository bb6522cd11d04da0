"""A person's own account: registering, the profile, passwords."""

from collections.abc import Mapping
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts import sessions
from shinesmile.accounts.models import PasswordReset, User
from shinesmile.core import clock, database, passwords, text, tokens
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import Invalid, NotFound, Refusal
from shinesmile.core.scope import Role, Scope
from shinesmile.core.settings import settings
from shinesmile.notifications import outbox
from shinesmile.notifications import service as notifications
from shinesmile.realtime.log import record

RESET_WITHIN = timedelta(hours=1)
MAX_RESETS = 3
TAKEN = "There is already an account with this address. Sign in, or ask for a new password."
ADMINS = f"role.{Role.ADMIN}"


def read_email(problems: dict[str, str], value: object) -> str:
    """The address in lower case; notes a sentence when it is not one."""
    typed = text.clean(value)
    try:
        # Addresses of reserved test domains are how the demo clinic's accounts are named.
        return validate_email(
            typed, check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError:
        problems["email"] = "Give an e-mail address such as name@example.com."
        return typed


def read_password(problems: dict[str, str], value: object, name: str = "password") -> str:
    """The password; notes a sentence when it is too short or too long."""
    password = value if isinstance(value, str) else ""
    if len(password) < passwords.MIN_LENGTH:
        problems[name] = f"Use at least {passwords.MIN_LENGTH} characters."
    elif len(password) > passwords.MAX_LENGTH:
        problems[name] = f"Use at most {passwords.MAX_LENGTH} characters."
    return password


async def register(given: Mapping[str, object]) -> User:
    """Open a customer's account from name, email, phone and password.

    Raises Invalid with a sentence for each field.
    """
    problems: dict[str, str] = {}
    name = text.required(problems, "name", given.get("name"), "Your name", 120)
    email = read_email(problems, given.get("email"))
    phone = text.optional(problems, "phone", given.get("phone"), "The phone number", 40)
    password = read_password(problems, given.get("password"))
    text.refuse_if_any(problems)
    user = User(
        name=name,
        email=email,
        phone=phone,
        role=Role.CUSTOMER,
        password_hash=await passwords.hash_password(password),
        created_at=clock.now(),
    )
    try:
        async with database.unit_of_work() as work:
            work.add(user)
            await work.flush()
            await notifications.begin_inbox(work, user.id or 0)
            record(work, "user.created", ("user", user.id or 0), [ADMINS])
    except IntegrityError:
        raise Invalid.field("email", TAKEN) from None
    return user


async def profile(session: AsyncSession, scope: Scope) -> User:
    """The account's own record."""
    user = await session.get(User, scope.user_id)
    if user is None:
        raise NotFound
    return user


async def update_profile(scope: Scope, given: Mapping[str, object]) -> None:
    """Change the account's own name and phone number."""
    problems: dict[str, str] = {}
    name = text.required(problems, "name", given.get("name"), "Your name", 120)
    phone = text.optional(problems, "phone", given.get("phone"), "The phone number", 40)
    text.refuse_if_any(problems)
    async with database.unit_of_work() as work:
        user = await work.get(User, scope.user_id, with_for_update=True)
        if user is None:
            raise NotFound
        user.name, user.phone, user.version = name, phone, user.version + 1
        work.add(user)
        managers = {f"role.{Role.MANAGER}.branch.{each}" for each in scope.branch_ids}
        topics = {ADMINS, f"user.{user.id}", *managers}
        record(work, "user.updated", ("user", scope.user_id), topics, actor=scope)


async def change_password(scope: Scope, session_id: str, given: Mapping[str, object]) -> None:
    """Choose a new password, knowing the current one; ends the account's other sessions."""
    problems: dict[str, str] = {}
    password = read_password(problems, given.get("password"))
    text.refuse_if_any(problems)
    async with database.reading() as session:
        user = await profile(session, scope)
    if not await passwords.verify_password(str(given.get("current", "")), user.password_hash):
        raise Invalid.field("current", "This is not your current password.")
    await _set_password(scope.user_id, password, keep_session=session_id)


async def request_password_reset(email: str) -> None:
    """Mail a one-time link, if the address has an account; the caller answers the same always."""
    async with database.unit_of_work() as work:
        found = await work.exec(select(User).where(User.email == text.clean(email).lower()))
        user = found.first()
        if user is None or not user.is_active or await _open_resets(work, user) >= MAX_RESETS:
            return
        secret = tokens.one_time_secret()
        work.add(
            PasswordReset(
                fingerprint=tokens.fingerprint(secret),
                user_id=user.id or 0,
                expires_at=clock.now() + RESET_WITHIN,
            )
        )
        link = f"{settings.public_url}/reset-password?secret={secret}"
        outbox.post(
            work,
            user.email,
            "Choose a new password",
            f"Hello {user.name},\n\nopen this link within an hour to choose a new password:\n\n"
            f"{link}\n\nIf you did not ask for it, ignore this message.",
        )


async def _open_resets(work: UnitOfWork, user: User) -> int:
    query = select(func.count()).where(
        PasswordReset.user_id == user.id, col(PasswordReset.expires_at) > clock.now()
    )
    return (await work.exec(query)).one()


async def reset_password(secret: str, given: Mapping[str, object]) -> None:
    """Choose a new password with a one-time link; ends every session of the account."""
    problems: dict[str, str] = {}
    password = read_password(problems, given.get("password"))
    text.refuse_if_any(problems)
    async with database.unit_of_work() as work:
        reset = await work.get(PasswordReset, tokens.fingerprint(secret), with_for_update=True)
        if reset is None or reset.used_at or reset.expires_at < clock.now():
            raise Refusal("This link has expired or was already used. Please ask for a new one.")
        reset.used_at = clock.now()
        work.add(reset)
        user_id = reset.user_id
    await _set_password(user_id, password, keep_session=None)


async def _set_password(user_id: int, password: str, keep_session: str | None) -> None:
    password_hash = await passwords.hash_password(password)
    async with database.unit_of_work() as work:
        user = await work.get(User, user_id, with_for_update=True)
        if user is None:
            raise NotFound
        user.password_hash = password_hash
        work.add(user)
        theirs = col(PasswordReset.user_id) == user_id
        unused = theirs & col(PasswordReset.used_at).is_(None)
        await work.exec(update(PasswordReset).where(unused).values(used_at=clock.now()))
        await sessions.end(work, user_id, keep=keep_session)


async def contacts(session: AsyncSession, user_ids: set[int]) -> dict[int, tuple[str, str]]:
    """The name and phone number of each of these accounts, by id."""
    query = select(User).where(col(User.id).in_(user_ids))
    return {user.id or 0: (user.name, user.phone) for user in await session.exec(query)}


def named(user_id: Mapped[int], search: str) -> ColumnElement[bool]:
    """The condition that a column names an account whose name or address contains `search`."""
    matches = or_(
        col(User.name).icontains(search, autoescape=True),
        col(User.email).icontains(search, autoescape=True),
    )
    return user_id.in_(select(User.id).where(matches))
