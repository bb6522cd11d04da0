"""The live views of accounts: people as managers see them, and a person's own sessions."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from shinesmile.accounts import administration, sessions
from shinesmile.branches.models import Branch
from shinesmile.core import clock
from shinesmile.core.permissions import Action, hearing
from shinesmile.core.scope import Scope
from shinesmile.core.when import ago_text
from shinesmile.realtime.views import EVERY_MINUTE, LiveView

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account as the table of people shows it."""

    id: int
    version: int
    name: str
    email: str
    phone: str
    role: str
    branches: str
    branch_ids: list[str] = field(default_factory=list)
    is_active: bool = True
    editable: bool = False


@dataclass(frozen=True)
class Users(LiveView):
    """A page of the accounts within reach, by name."""

    scope: Scope
    search: str = ""
    page: int = 0

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(f"user:{topic}" for topic in hearing(self.scope, Action.MANAGE_USERS))

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`rows`, `total` and `pages`."""
        found = await administration.page_of_users(
            session, self.scope, self.search, self.page, PAGE_SIZE
        )
        names = dict((await session.exec(select(Branch.id, Branch.name))).all())
        roles = administration.assignable_roles(self.scope)
        rows = [
            UserRow(
                id=user.id or 0,
                version=user.version,
                name=user.name,
                email=user.email,
                phone=user.phone,
                role=user.role.value,
                branches=", ".join(
                    str(names[each]) for each in found.branches.get(user.id or 0, [])
                ),
                branch_ids=[str(each) for each in found.branches.get(user.id or 0, [])],
                is_active=user.is_active,
                editable=user.role in roles,
            )
            for user in found.users
        ]
        pages = max(1, -(-found.total // PAGE_SIZE))
        return {"rows": rows, "total": found.total, "pages": pages}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A place where the account is signed in."""

    id: str
    browser: str
    address: str
    since: str
    is_this: bool


@dataclass(frozen=True)
class Sessions(LiveView):
    """Where an account is signed in; `session_id` is the one that looks."""

    user_id: int
    session_id: str

    @property
    def topics(self) -> frozenset[str]:
        return frozenset({f"session:user.{self.user_id}", EVERY_MINUTE})

    async def query(self, session: AsyncSession) -> dict[str, Any]:
        """`sessions`."""
        now = clock.now()
        rows = [
            SessionRow(
                id=each.id,
                browser=browser_name(each.browser),
                address=each.address,
                since=ago_text(each.created_at, now),
                is_this=each.id == self.session_id,
            )
            for each in await sessions.open_sessions(session, self.user_id)
        ]
        return {"sessions": rows}


def browser_name(user_agent: str) -> str:
    """A browser's and a system's name from what it calls itself."""
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome"}
    browsers["Safari/"] = "Safari"
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
    systems |= {"Mac OS": "macOS", "Linux": "Linux"}
    browser = next((name for mark, name in browsers.items() if mark in user_agent), "Browser")
    system = next((name for mark, name in systems.items() if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
