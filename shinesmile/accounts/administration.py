"""Accounts as managers and admins see and change them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, true
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts import sessions
from shinesmile.accounts.models import Membership, User
from shinesmile.accounts.service import ADMINS, TAKEN, read_email, read_password
from shinesmile.branches.models import Branch
from shinesmile.core import clock, database, passwords, text
from shinesmile.core.database import UnitOfWork
from shinesmile.core.errors import Conflict, Forbidden, Invalid, NotFound
from shinesmile.core.permissions import Action, Reach, require
from shinesmile.core.scope import BRANCH_ROLES, Role, Scope
from shinesmile.notifications import service as notifications
from shinesmile.realtime.log import record

# A manager invites and changes accounts below their own rank only.
BELOW_MANAGER = tuple(role for role in BRANCH_ROLES if role is not Role.MANAGER)
CHANGED = "Somebody else changed this account a moment ago. Look again, then decide."


@dataclass(frozen=True, slots=True)
class UserPage:
    """One page of accounts, with the branches of each, and how many there are in all."""

    users: Sequence[User]
    branches: Mapping[int, list[int]]
    total: int


def assignable_roles(scope: Scope) -> tuple[Role, ...]:
    """The roles that this account may give."""
    return tuple(Role) if require(scope, Action.MANAGE_USERS) is Reach.ALL else BELOW_MANAGER


def _visible(scope: Scope) -> ColumnElement[bool]:
    if require(scope, Action.MANAGE_USERS) is Reach.ALL:
        return true()
    here = select(Membership.user_id).where(col(Membership.branch_id).in_(scope.branch_ids))
    return col(User.id).in_(here)


async def page_of_users(
    session: AsyncSession, scope: Scope, search: str, page: int, size: int = 25
) -> UserPage:
    """The accounts within reach whose name or address contains `search`, by name."""
    wanted = _visible(scope)
    if term := text.clean(search):
        wanted &= or_(
            col(User.name).icontains(term, autoescape=True),
            col(User.email).icontains(term, autoescape=True),
        )
    total = (await session.exec(select(func.count()).select_from(User).where(wanted))).one()
    query = select(User).where(wanted).order_by(col(User.name), col(User.id))
    users = (await session.exec(query.offset(page * size).limit(size))).all()
    ids = [user.id for user in users]
    branches: dict[int, list[int]] = {}
    members = select(Membership).where(col(Membership.user_id).in_(ids))
    for member in await session.exec(members.order_by(col(Membership.branch_id))):
        branches.setdefault(member.user_id, []).append(member.branch_id)
    return UserPage(users, branches, total)


async def create_user(scope: Scope, given: Mapping[str, object]) -> int:
    """Open an account with name, email, phone, role, branch_ids and password; answers its id."""
    problems: dict[str, str] = {}
    name, phone = _person(problems, given)
    email = read_email(problems, given.get("email"))
    password = read_password(problems, given.get("password"))
    role, branch_ids = _place(scope, problems, given)
    text.refuse_if_any(problems)
    user = User(
        name=name,
        email=email,
        phone=phone,
        role=role,
        password_hash=await passwords.hash_password(password),
        created_at=clock.now(),
    )
    try:
        async with database.unit_of_work() as work:
            work.add(user)
            await work.flush()
            await _join(work, user, branch_ids)
            await notifications.begin_inbox(work, user.id or 0)
            record(work, "user.created", ("user", user.id or 0), _topics(branch_ids), actor=scope)
    except IntegrityError:
        raise Invalid.field("email", TAKEN) from None
    return user.id or 0


async def update_user(
    scope: Scope, user_id: int, version: int, given: Mapping[str, object]
) -> None:
    """Change an account's name, phone, role, branches or whether it is active.

    A change of role, branches or activity ends the account's sessions: its open pages go to
    the login page and what it may no longer see stops at once.
    """
    problems: dict[str, str] = {}
    name, phone = _person(problems, given)
    role, branch_ids = _place(scope, problems, given)
    text.refuse_if_any(problems)
    is_active = bool(given.get("is_active", True))
    async with database.unit_of_work() as work:
        query = select(User).where(User.id == user_id, _visible(scope)).with_for_update()
        user = (await work.exec(query)).first()
        if user is None:
            raise NotFound
        if user.role not in assignable_roles(scope):
            raise Forbidden("You may only change accounts below your own rank.")
        if user.version != version:
            raise Conflict(CHANGED)
        if user_id == scope.user_id and (role is not user.role or not is_active):
            raise Conflict("You cannot take your own rights away; ask another admin.")
        before = set(await work.exec(_branches_of(user_id)))
        elsewhere = before - scope.branch_ids if scope.role is not Role.ADMIN else set()
        if elsewhere and (role, is_active) != (user.role, user.is_active):
            raise Forbidden("This account also works at a branch that is not yours; ask an admin.")
        branch_ids |= elsewhere
        rights_changed = (role, is_active, branch_ids) != (user.role, user.is_active, before)
        user.name, user.phone, user.role, user.is_active = name, phone, role, is_active
        user.version += 1
        await _join(work, user, branch_ids)
        if rights_changed:
            await sessions.end(work, user_id)
            await notifications.begin_inbox(work, user_id)
        topics = [*_topics(branch_ids | before), f"user.{user_id}"]
        record(work, "user.updated", ("user", user_id), topics, actor=scope, version=user.version)


async def editable(session: AsyncSession, scope: Scope, user_id: int) -> dict[str, Any]:
    """An account's present values, for those who may change it; raises NotFound."""
    user = (await session.exec(select(User).where(User.id == user_id, _visible(scope)))).first()
    if user is None:
        raise NotFound
    kept = user.model_dump(include={"id", "version", "name", "email", "phone", "is_active"})
    branch_ids = list(await session.exec(_branches_of(user_id)))
    return kept | {"role": user.role.value, "branches": "", "branch_ids": branch_ids}


async def practitioners(session: AsyncSession, branch_id: int, role: Role) -> Sequence[User]:
    """The active practitioners of a profession at a branch, by name."""
    query = (
        select(User)
        .join(Membership, col(Membership.user_id) == User.id)
        .where(Membership.branch_id == branch_id, User.role == role, col(User.is_active))
        .order_by(col(User.name))
    )
    return (await session.exec(query)).all()


def _branches_of(user_id: int):  # type: ignore[no-untyped-def]
    return select(Membership.branch_id).where(Membership.user_id == user_id)


def _topics(branch_ids: set[int]) -> list[str]:
    return [ADMINS, *(f"role.{Role.MANAGER}.branch.{branch_id}" for branch_id in branch_ids)]


def _person(problems: dict[str, str], given: Mapping[str, object]) -> tuple[str, str]:
    name = text.required(problems, "name", given.get("name"), "The name", 120)
    phone = text.optional(problems, "phone", given.get("phone"), "The phone number", 40)
    return name, phone


def _place(
    scope: Scope, problems: dict[str, str], given: Mapping[str, object]
) -> tuple[Role, set[int]]:
    roles = assignable_roles(scope)
    role = next((each for each in roles if each == given.get("role")), None)
    if role is None:
        problems["role"] = "Choose a role that you may give."
        return Role.CUSTOMER, set()
    listed = given.get("branch_ids")
    branch_ids = set(listed) if isinstance(listed, list | tuple | set | frozenset) else set()
    if role not in BRANCH_ROLES:
        return role, set()
    if not branch_ids:
        problems["branch_ids"] = "Choose at least one branch for this role."
    elif require(scope, Action.MANAGE_USERS) is Reach.BRANCH and branch_ids - scope.branch_ids:
        problems["branch_ids"] = "Choose among your own branches."
    return role, branch_ids


async def _join(work: UnitOfWork, user: User, branch_ids: set[int]) -> None:
    known = set(await work.exec(select(Branch.id).where(col(Branch.id).in_(branch_ids))))
    if known != branch_ids:
        raise NotFound("One of these branches does not exist.")
    await work.exec(delete(Membership).where(col(Membership.user_id) == user.id))
    work.add(user)
    work.add_all(Membership(user_id=user.id or 0, branch_id=each) for each in branch_ids)
    await work.flush()
