"""Which role finds which page: data for the menu, the page guard and the way home."""

from dataclasses import dataclass

from shinesmile.core.permissions import PERMISSIONS, Action
from shinesmile.core.scope import Role

EVERYONE = frozenset(Role)
_BOOKERS = frozenset({Role.CUSTOMER, Role.RECEPTIONIST, Role.MANAGER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the menu; `icon` is a name of the design system's set."""

    label: str
    href: str
    icon: str


@dataclass(frozen=True, slots=True)
class Destination:
    """A page, who may open it, and whether the menu lists it."""

    item: NavItem
    roles: frozenset[Role]
    listed: bool = True


def _may(action: Action) -> frozenset[Role]:
    return frozenset(PERMISSIONS[action])


DESTINATIONS = (
    Destination(NavItem("My appointments", "/dashboard", "house"), frozenset({Role.CUSTOMER})),
    Destination(
        NavItem("Reception", "/reception", "concierge-bell"),
        frozenset({Role.RECEPTIONIST, Role.MANAGER, Role.ADMIN}),
    ),
    Destination(NavItem("Today", "/checker", "stethoscope"), frozenset({Role.CHECKER_DOCTOR})),
    Destination(NavItem("My day", "/optometrist", "eye"), frozenset({Role.OPTOMETRIST})),
    Destination(NavItem("My day", "/dentist", "stethoscope"), frozenset({Role.DENTIST})),
    Destination(NavItem("My jobs", "/staff", "clipboard-list"), frozenset({Role.STAFF})),
    Destination(NavItem("Overview", "/admin", "layout-dashboard"), _may(Action.SEE_NUMBERS)),
    Destination(NavItem("Book", "/services", "calendar-plus"), _BOOKERS),
    Destination(NavItem("People", "/admin/users", "users"), _may(Action.MANAGE_USERS)),
    Destination(NavItem("Branches", "/admin/branches", "building-2"), _may(Action.MANAGE_BRANCHES)),
    Destination(NavItem("Services", "/admin/services", "tags"), _may(Action.MANAGE_SERVICES)),
    Destination(NavItem("Outbox", "/admin/outbox", "mail"), _may(Action.SEE_OUTBOX)),
    Destination(NavItem("Account", "/account", "user"), EVERYONE, listed=False),
)

HOMES = {
    Role.CUSTOMER: "/dashboard",
    Role.RECEPTIONIST: "/reception",
    Role.STAFF: "/staff",
    Role.CHECKER_DOCTOR: "/checker",
    Role.OPTOMETRIST: "/optometrist",
    Role.DENTIST: "/dentist",
    Role.MANAGER: "/admin",
    Role.ADMIN: "/admin",
}


def menu(role: Role) -> list[NavItem]:
    """The menu of a role, in order."""
    return [each.item for each in DESTINATIONS if each.listed and role in each.roles]


def may_open(role: Role, path: str) -> bool:
    """Whether a role may open the page at this path."""
    return any(each.item.href == path.rstrip("/") and role in each.roles for each in DESTINATIONS)


def safe_next(path: str | None) -> str | None:
    """A path of this site to return to after signing in; None for anything else.

    Refuses other origins in all their spellings: `//host`, `/\\host`, schemes, control characters.
    """
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    return path if path.isprintable() and "\\" not in path else None
