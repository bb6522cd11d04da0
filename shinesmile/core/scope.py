"""Who is acting: the verified account, its role and its branches."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account is to the clinic."""

    CUSTOMER = "customer"
    RECEPTIONIST = "receptionist"
    STAFF = "staff"
    CHECKER_DOCTOR = "checker_doctor"
    OPTOMETRIST = "optometrist"
    DENTIST = "dentist"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The role as people say it."""
        return self.replace("_", " ").capitalize()


PRACTITIONERS = (Role.OPTOMETRIST, Role.DENTIST)
BRANCH_ROLES = tuple(role for role in Role if role not in (Role.CUSTOMER, Role.ADMIN))


@dataclass(frozen=True, slots=True)
class Scope:
    """The first argument of every act: built from a verified session, never from input."""

    user_id: int
    role: Role
    branch_ids: frozenset[int] = frozenset()

    @property
    def channels(self) -> frozenset[str]:
        """The topics this account hears: its own and its role's, and those at each branch."""
        mine = {f"user.{self.user_id}", f"role.{self.role}"}
        return frozenset(mine | {f"{me}.branch.{each}" for me in mine for each in self.branch_ids})
