"""The catalogue that everybody sees, and its management."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

import reflex as rx

from shinesmile.accounts.state.session import scope_of
from shinesmile.branches import live, service
from shinesmile.branches.live import BranchRow, ManagedBranches, ManagedServices, ServiceRow
from shinesmile.core import database
from shinesmile.core.errors import Conflict, Invalid
from shinesmile.core.permissions import Action, require, shared
from shinesmile.realtime.push import LiveState
from shinesmile.ui.options import Option

ZONES = [
    Option(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone
]
_NO_BRANCH = BranchRow(0, "", "", "", "")
_NO_SERVICE = ServiceRow(0, "", "dental", "", 30, "")


class CatalogueState(rx.State):
    """Services and branches, as the public pages show them."""

    services: list[ServiceRow] = []
    branches: list[BranchRow] = []
    read: bool = False

    @rx.event
    async def open(self) -> None:
        """Read the catalogue."""
        async with database.reading() as session:
            found = await service.open_branches(session)
            hours = await service.hours_by_branch(session)
            services = await service.bookable_services(session)
        self.branches = [
            live.branch_row(each, live.hours_text(hours[each.id or 0])) for each in found
        ]
        self.services = [live.service_row(each, []) for each in services]
        self.read = True


class ManagedBranchesState(LiveState, rx.State):
    """The page of branches."""

    live: ClassVar = ("rows",)

    rows: list[BranchRow] = []
    zones: list[Option] = []
    editing: BranchRow = _NO_BRANCH
    may_add: bool = False
    form_open: bool = False
    errors: dict[str, str] = {}

    @rx.event
    async def open(self) -> None:
        """Show the branches within reach."""
        scope = await scope_of(self)
        self.may_add = require(scope, Action.MANAGE_BRANCHES).name == "ALL"
        self.zones = ZONES
        await self._watch(ManagedBranches(shared(scope, Action.MANAGE_BRANCHES)))

    @rx.event
    async def edit(self, branch_id: int) -> None:
        """Open the form: with a branch's present values, or empty for 0."""
        scope = await scope_of(self)
        async with database.reading() as session:
            known = {each.id: each for each in await service.all_branches(session, scope)}
        row = known.get(int(branch_id))
        self.editing = live.branch_row(row) if row else _NO_BRANCH
        self.errors, self.form_open = {}, True

    @rx.event
    def close(self) -> None:
        """Close the form without saving."""
        self.form_open = False

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save the form."""
        scope = await scope_of(self)
        try:
            known = self.editing.id or None
            await service.save_branch(scope, known, form, self.editing.version if known else None)
        except Invalid as problem:
            self.errors = problem.fields
            return None
        except Conflict as problem:
            self.errors = {"name": problem.sentence}
            return None
        self.form_open = False
        return rx.toast.success("The branch is saved.")


class ManagedServicesState(LiveState, rx.State):
    """The page of services."""

    live: ClassVar = ("rows",)

    rows: list[ServiceRow] = []
    branches: list[Option] = []
    editing: ServiceRow = _NO_SERVICE
    form_open: bool = False
    errors: dict[str, str] = {}

    @rx.event
    async def open(self) -> None:
        """Show every service."""
        scope = await scope_of(self)
        require(scope, Action.MANAGE_SERVICES)
        async with database.reading() as session:
            known = await service.all_branches(session, scope)
        self.branches = [Option(str(each.id), each.name) for each in known]
        await self._watch(ManagedServices(shared(scope, Action.MANAGE_SERVICES)))

    @rx.event
    async def edit(self, service_id: int) -> None:
        """Open the form: with a service's present values, or empty for 0."""
        scope = await scope_of(self)
        async with database.reading() as session:
            known = {each.id: each for each in await service.all_services(session, scope)}
            offers = await service.offers(session)
        row = known.get(int(service_id))
        at = [branch for branch, each in offers if row and each == row.id]
        self.editing = live.service_row(row, at) if row else _NO_SERVICE
        self.errors, self.form_open = {}, True

    @rx.event
    def close(self) -> None:
        """Close the form without saving."""
        self.form_open = False

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save the form."""
        scope = await scope_of(self)
        chosen = [int(each.value) for each in self.branches if form.get(f"branch_{each.value}")]
        try:
            known = self.editing.id or None
            given = form | {"branch_ids": chosen}
            await service.save_service(scope, known, given, self.editing.version if known else None)
        except Invalid as problem:
            self.errors = problem.fields
            return None
        except Conflict as problem:
            self.errors = {"name": problem.sentence}
            return None
        self.form_open = False
        return rx.toast.success("The service is saved.")
