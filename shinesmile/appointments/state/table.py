"""The table of all appointments in sight, searched, filtered and paged."""

from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from shinesmile.accounts.state.session import scope_of
from shinesmile.appointments.lifecycle import Status
from shinesmile.appointments.live.table import AppointmentTable
from shinesmile.appointments.rows import AppointmentRow
from shinesmile.branches import service as branches
from shinesmile.core import database, text
from shinesmile.core.permissions import Action, require, shared
from shinesmile.realtime.push import LiveState
from shinesmile.ui.options import Option


class TableState(LiveState, rx.State):
    """The table of all appointments in sight."""

    live: ClassVar = ("rows", "total", "pages")

    rows: list[AppointmentRow] = []
    total: int = 0
    pages: int = 1
    page: int = 1
    search: str = ""
    status: str = ""
    branch: str = ""
    branches: list[Option] = []

    @rx.event
    async def open(self) -> EventSpec:
        """Show the table; `?code=` in the address shows one appointment."""
        scope = await scope_of(self)
        async with database.reading() as session:
            known = await branches.all_branches(session, scope)
        self.branches = [Option("", "All"), *(Option(str(each.id), each.name) for each in known)]
        if code := str(self.router.url.query_parameters.get("code") or ""):
            self.search, self.page = code[:12], 1
        await self._show()
        return rx.set_value("search", self.search)

    @rx.event
    async def find(self, search: str) -> None:
        """Search by code, service or person."""
        self.search, self.page = text.clean(search)[:100], 1
        await self._show()

    @rx.event
    async def with_status(self, status: str) -> None:
        """Show one status only, or all."""
        self.status, self.page = status if status in list(Status) else "", 1
        await self._show()

    @rx.event
    async def at_branch(self, branch: str) -> None:
        """Show one branch only, or all in sight."""
        self.branch, self.page = branch if branch.isdecimal() else "", 1
        await self._show()

    @rx.event
    async def turn(self, by: int) -> None:
        """Go to a later or an earlier page."""
        self.page = max(1, self.page + int(by))
        await self._show()

    async def _show(self) -> None:
        scope = await scope_of(self)
        require(scope, Action.SEE_NUMBERS)
        await self._watch(
            AppointmentTable(
                shared(scope, Action.SEE_APPOINTMENTS),
                self.search,
                self.status,
                int(self.branch or 0),
                self.page - 1,
            )
        )
