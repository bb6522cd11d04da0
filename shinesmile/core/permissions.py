"""The permission table (DOMAIN.md §6) as data; pages, REST, Socket.IO and mail all ask it."""

from collections.abc import Collection, Sequence
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from shinesmile.core.errors import Forbidden, NotFound
from shinesmile.core.scope import Role, Scope


class Reach(IntEnum):
    """How far a permission goes."""

    NONE = 0
    OWN = 1
    ASSIGNED = 2
    BRANCH = 3
    ALL = 4


class Action(StrEnum):
    """What an account may want to do."""

    BOOK = "book, reschedule or cancel appointments"
    DECIDE = "confirm or decline requests"
    ATTEND = "check patients in and move them on"
    ASSIGN = "give out jobs"
    DELETE = "delete appointments"
    SEE_APPOINTMENTS = "see appointments"
    SEE_NUMBERS = "see the clinic's numbers"
    MANAGE_USERS = "manage accounts"
    MANAGE_BRANCHES = "manage branches"
    MANAGE_SERVICES = "manage services"
    SEE_OUTBOX = "see the outbox"


_RECEPTION, _CHECKER, _STAFF, _MANAGER = (
    Role.RECEPTIONIST,
    Role.CHECKER_DOCTOR,
    Role.STAFF,
    Role.MANAGER,
)
_PROVIDERS_ASSIGNED = {Role.OPTOMETRIST: Reach.ASSIGNED, Role.DENTIST: Reach.ASSIGNED}
_MANAGEMENT = {_MANAGER: Reach.BRANCH, Role.ADMIN: Reach.ALL}

PERMISSIONS: dict[Action, dict[Role, Reach]] = {
    Action.BOOK: {
        Role.CUSTOMER: Reach.OWN,
        _RECEPTION: Reach.BRANCH,
        **_PROVIDERS_ASSIGNED,
        **_MANAGEMENT,
    },
    Action.DECIDE: {_RECEPTION: Reach.BRANCH, **_PROVIDERS_ASSIGNED, **_MANAGEMENT},
    Action.ATTEND: {
        _RECEPTION: Reach.BRANCH,
        _CHECKER: Reach.BRANCH,
        **_PROVIDERS_ASSIGNED,
        **_MANAGEMENT,
    },
    Action.ASSIGN: {_RECEPTION: Reach.BRANCH, **_MANAGEMENT},
    Action.DELETE: _MANAGEMENT,
    Action.SEE_APPOINTMENTS: {
        Role.CUSTOMER: Reach.OWN,
        _RECEPTION: Reach.BRANCH,
        _CHECKER: Reach.BRANCH,
        _STAFF: Reach.ASSIGNED,
        **_PROVIDERS_ASSIGNED,
        **_MANAGEMENT,
    },
    Action.SEE_NUMBERS: _MANAGEMENT,
    Action.MANAGE_USERS: _MANAGEMENT,
    Action.MANAGE_BRANCHES: _MANAGEMENT,
    Action.MANAGE_SERVICES: {Role.ADMIN: Reach.ALL},
    Action.SEE_OUTBOX: {Role.ADMIN: Reach.ALL},
}


def reach(scope: Scope, action: Action) -> Reach:
    """How far this account's permission for an action goes."""
    return PERMISSIONS[action].get(scope.role, Reach.NONE)


def allows(
    scope: Scope,
    action: Action,
    *,
    owner_id: int | None = None,
    assignee_ids: Collection[int | None] = (),
    branch_id: int | None = None,
) -> bool:
    """Whether this account may do this to a record with that owner, assignees and branch."""
    match reach(scope, action):
        case Reach.ALL:
            return True
        case Reach.BRANCH:
            return branch_id in scope.branch_ids
        case Reach.ASSIGNED:
            return scope.user_id in assignee_ids and branch_id in scope.branch_ids
        case Reach.OWN:
            return owner_id == scope.user_id
        case _:
            return False


def require(scope: Scope, action: Action) -> Reach:
    """The reach of this permission; raises Forbidden when the account has none."""
    granted = reach(scope, action)
    if granted is Reach.NONE:
        raise Forbidden(f"Your account may not {action}.")
    return granted


def require_branch(scope: Scope, action: Action, branch_id: int | None) -> None:
    """Raise Forbidden without the permission, NotFound when the branch is out of its reach."""
    if require(scope, action) is not Reach.ALL and branch_id not in scope.branch_ids:
        raise NotFound


def narrow(
    scope: Scope,
    action: Action,
    *,
    owner: Any,
    assignees: Sequence[Any],
    branch: Any,
) -> ColumnElement[bool]:
    """The condition under which a row is within this account's reach (columns given)."""
    in_branch = branch.in_(sorted(scope.branch_ids))
    match reach(scope, action):
        case Reach.ALL:
            return true()
        case Reach.BRANCH:
            return and_(in_branch)
        case Reach.ASSIGNED:
            return and_(in_branch, or_(*(column == scope.user_id for column in assignees)))
        case Reach.OWN:
            return and_(owner == scope.user_id)
        case _:
            return false()


def shared(scope: Scope, action: Action) -> Scope:
    """The same scope for all who see the same rows, so that their live views share a room."""
    match reach(scope, action):
        case Reach.ALL:
            return Scope(0, scope.role)
        case Reach.BRANCH:
            return Scope(0, scope.role, scope.branch_ids)
        case _:
            return scope


def audience(
    action: Action,
    *,
    owner_id: int | None,
    assignee_ids: Collection[int | None],
    branch_id: int,
) -> set[str]:
    """The topics of everybody whose permission reaches this record; nobody else hears of it."""
    heard = set()
    for role, granted in PERMISSIONS[action].items():
        match granted:
            case Reach.ALL:
                heard.add(f"role.{role}")
            case Reach.BRANCH:
                heard.add(f"role.{role}.branch.{branch_id}")
            case Reach.ASSIGNED:
                heard |= {f"user.{each}.branch.{branch_id}" for each in assignee_ids if each}
            case Reach.OWN if owner_id:
                heard.add(f"user.{owner_id}")
    return heard


def hearing(scope: Scope, action: Action) -> frozenset[str]:
    """The topics by which this account hears of records that its permission reaches."""
    match reach(scope, action):
        case Reach.ALL:
            return frozenset({f"role.{scope.role}"})
        case Reach.BRANCH:
            return frozenset(f"role.{scope.role}.branch.{each}" for each in scope.branch_ids)
        case Reach.ASSIGNED:
            return frozenset(f"user.{scope.user_id}.branch.{each}" for each in scope.branch_ids)
        case Reach.OWN:
            return frozenset({f"user.{scope.user_id}"})
        case _:
            return frozenset()
