"""The page of people: find, open, change and disable accounts."""

from typing import Any, ClassVar

import reflex as rx
from reflex.event import EventSpec

from shinesmile.accounts import administration
from shinesmile.accounts.live import UserRow, Users
from shinesmile.accounts.state.session import scope_of
from shinesmile.branches import service as branches
from shinesmile.core import database
from shinesmile.core.errors import Invalid
from shinesmile.core.permissions import Action, require, shared
from shinesmile.realtime.push import LiveState
from shinesmile.ui.options import Option


class UsersState(LiveState, rx.State):
    """The table of people and the form for one of them."""

    live: ClassVar = ("rows", "total", "pages")

    rows: list[UserRow] = []
    total: int = 0
    pages: int = 1
    page: int = 1
    search: str = ""
    roles: list[Option] = []
    branches: list[Option] = []
    editing: UserRow = UserRow(0, 0, "", "", "", "", "")
    form_open: bool = False
    errors: dict[str, str] = {}

    @rx.event
    async def open(self) -> EventSpec:
        """Show the people within reach."""
        scope = await scope_of(self)
        self.roles = [
            Option(role.value, role.label) for role in administration.assignable_roles(scope)
        ]
        async with database.reading() as session:
            known = await branches.all_branches(session, scope)
        self.branches = [Option(str(each.id), each.name) for each in known]
        await self._show()
        return rx.set_value("search", self.search)

    @rx.event
    async def find(self, search: str) -> None:
        """Search by name or address."""
        self.search, self.page = search[:100], 1
        await self._show()

    @rx.event
    async def turn(self, by: int) -> None:
        """Go to a later or an earlier page."""
        self.page = max(1, self.page + int(by))
        await self._show()

    async def _show(self) -> None:
        scope = await scope_of(self)
        require(scope, Action.MANAGE_USERS)
        view = Users(shared(scope, Action.MANAGE_USERS), self.search, self.page - 1)
        await self._watch(view)

    @rx.event
    def add(self) -> None:
        """Open the empty form."""
        self.editing = UserRow(0, 0, "", "", "", "", "")
        self.errors, self.form_open = {}, True

    @rx.event
    async def edit(self, user_id: int) -> None:
        """Open the form with an account's present values."""
        scope = await scope_of(self)
        async with database.reading() as session:
            known = await administration.editable(session, scope, int(user_id))
        branch_ids = [str(each) for each in known["branch_ids"]]
        self.editing = UserRow(**(known | {"branch_ids": branch_ids}))
        self.errors, self.form_open = {}, True

    @rx.event
    def close(self) -> None:
        """Close the form without saving."""
        self.form_open = False

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save the form: a new account, or the one that is open."""
        scope = await scope_of(self)
        chosen = {int(each.value) for each in self.branches if form.get(f"branch_{each.value}")}
        given = form | {"branch_ids": chosen}
        try:
            if self.editing.id:
                given["is_active"] = bool(form.get("is_active"))
                await administration.update_user(
                    scope, self.editing.id, self.editing.version, given
                )
            else:
                await administration.create_user(scope, given)
        except Invalid as problem:
            self.errors = problem.fields
            return None
        self.form_open = False
        return rx.toast.success("The account is saved.")
